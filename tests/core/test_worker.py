"""The queue in PostgreSQL is made by whichever process comes first."""

import subprocess
import sys

START = """
import sys
from pathlib import Path
from community.core.settings import Settings
from community.core.worker import _queue
settings = Settings(home=Path("."), secret_key="x" * 40, database_url=sys.argv[1])
sys.stdin.readline()
print(_queue(settings).storage.queue_size())
"""


def test_several_processes_may_start_at_once(postgres_url: str) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", START, postgres_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for process in starting:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in starting] == [b"0\n"] * 4
