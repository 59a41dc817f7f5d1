"""The commands, as an operator types them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.test_killing import ROOT


def run(home: Path, *arguments: str, code: int = 0, **env: str) -> str:
    """What a command says; it must end with `code`."""
    environment = {"PATH": os.environ["PATH"], "ISTHMUS_HOME": str(home), "COLUMNS": "200", **env}
    command = [sys.executable, "-m", "community.core.entry", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said, said
    return said


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose database is up to date."""
    folder = tmp_path_factory.mktemp("installation")
    assert "up to date" in run(folder, "migrate")
    return folder


def test_migrating_twice_changes_nothing(home: Path) -> None:
    assert "up to date" in run(home, "migrate")


def test_doctor_says_what_works(home: Path) -> None:
    said = run(home, "doctor")
    for part in ("database", "queue", "index", "storage", "mail", "templates"):
        assert re.search(rf"works\s+{part}", said), said


def test_doctor_says_what_does_not(home: Path) -> None:
    said = run(home, "doctor", code=1, SMTP_URL="smtp://127.0.0.1:1")
    assert re.search(r"fails\s+mail: .+", said)
    assert re.search(r"works\s+database", said)


def test_routes_lists_who_may_use_what(home: Path) -> None:
    said = run(home, "routes")
    assert re.search(r"GET,POST\s+/ask\s+member\n", said)
    assert re.search(r"GET\s+/threads/<int:thread_id>\s+public\n", said)
    assert re.search(r"GET\s+/admin/deliveries\s+accounts.operate\n", said)
    assert "UNDECLARED" not in said


def test_events_lists_who_listens(home: Path) -> None:
    said = run(home, "events")
    assert "forum.reply.posted\n    community." in said


def test_create_user_makes_an_account_once(home: Path) -> None:
    wanted = ["create-user", "--email", "Op@Example.org", "--password", "a quiet harbour town", "--role", "admin"]
    assert "can sign in as admin" in run(home, *wanted)
    assert "has an account already" in run(home, *wanted, code=1)
    weak = ["create-user", "--email", "x@example.org", "--password", "short"]
    assert "too easy to guess" in run(home, *weak, code=1)


def test_reindex_counts_what_it_brought_over(home: Path) -> None:
    run(home, "reindex")


def test_a_setting_that_cannot_be_used_is_one_line(home: Path) -> None:
    said = run(home, "doctor", code=1, ISTHMUS_ENV="production", ISTHMUS_SECRET_KEY="weak")
    assert said.strip() == ("Error: ISTHMUS_SECRET_KEY must be set to at least 32 random characters in production")


def test_help_names_every_command(home: Path) -> None:
    said = run(home, "--help")
    for command in ("run", "worker", "migrate", "reindex", "doctor", "routes", "events", "create-user"):
        assert re.search(rf"^  {command}\b", said, re.MULTILINE), command
