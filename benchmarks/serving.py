"""Starts applications under gunicorn as an operator would, two sync workers, and looks at their memory."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import running, wait_until

WORKERS = 2
LOG_LINES = 60  # the end of a server's log, shown when it fails
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """Process ids of its workers."""
        return children(self.pid)


@contextmanager
def served(application: str, log: Path, ready: str, **environment: str) -> Iterator[Served]:
    """Run `module:app` under gunicorn until the block ends. `ready` is an address that answers once it works."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:benchmarks.gunicorn", "--no-control-socket"]
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening, log.open("ab") as output:
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [*command, "--workers", str(WORKERS), "--bind", f"fd://{listening.fileno()}", application],
            cwd=ROOT,
            env={**os.environ, **environment},
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    with running(process), _telling_its_log(application, log):
        wait_until(lambda: _answers(f"http://127.0.0.1:{port}{ready}"), process, application)
        yield Served(port, process.pid)


@contextmanager
def _telling_its_log(application: str, log: Path) -> Iterator[None]:
    """What fails while a server runs, or because it does not, says what the server said last."""
    try:
        yield
    except Exception as error:
        said = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        error.add_note("\n".join([f"--- the log of {application}:", *(said or ["(empty)"])]))
        raise


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """Process ids of the children of a process; none where /proc is not there."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


@dataclass(frozen=True)
class Memory:
    """Of some processes together, in MB: the most that was resident, what is now, and their fair share of it."""

    peak: float
    resident: float
    share: float


def memory(pids: list[int]) -> Memory:
    """Read /proc; all 0 where it is not there."""
    return Memory(
        peak=sum(_field(pid, "status", "VmHWM") for pid in pids),
        resident=sum(_field(pid, "status", "VmRSS") for pid in pids),
        share=sum(_field(pid, "smaps_rollup", "Pss") for pid in pids),
    )


def _field(pid: int, name: str, key: str) -> float:
    try:
        text = Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"^{key}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
