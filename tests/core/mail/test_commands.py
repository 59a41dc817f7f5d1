"""The commands of receiving, as an operator or a mail server starts them."""

import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from community.core.db import db
from tests.core.mail.letters import a_letter
from tests.core.test_killing import ROOT
from tests.servers import free_port, wait_until

SECRET = "for tests only, not a secret at all"


def environment(home: Path, database: str, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "ISTHMUS_HOME": str(home),
        "ISTHMUS_SECRET_KEY": SECRET,
        "DATABASE_URL": database,
        "PUBLIC_URL": "http://localhost",
        **more,
    }


def run(env: dict[str, str], *arguments: str, given: bytes = b"", code: int = 0) -> str:
    """What a command says; it must end with `code`."""
    db.session.commit()
    command = [sys.executable, "-m", "community.core.entry", "mail", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, input=given, capture_output=True, check=False, timeout=120)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == code, said
    assert "Traceback" not in said, said
    return said


def test_a_pipe_is_told_what_to_do(app: Flask, database: str, tmp_path: Path) -> None:
    env = environment(tmp_path, database)
    said = run(env, "read", "community@localhost", given=a_letter(subject="CANARY"), code=65)
    assert "nobody here takes this" in said
    assert "too many headers" in run(env, "read", given=b"X-A: b\r\n" * 5000, code=65)
    run(env, "read", "community@localhost", given=a_letter(Auto_Submitted="auto-replied", message_id="<2@d>"))
    listed = run(env, "list")
    assert "CANARY" in listed
    assert "unmatched" in listed
    assert "refused" in listed
    assert run(env, "list", "--failed") == ""
    assert "did not fail" in run(env, "retry", "1", code=1)
    away = environment(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}")
    run_quietly = subprocess.run(
        [sys.executable, "-m", "community.core.entry", "mail", "read", "community@localhost"],
        cwd=ROOT,
        env=away,
        input=a_letter(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert run_quietly.returncode == 75, run_quietly.stderr


def test_settings_that_are_no_use_are_one_line(app: Flask, database: str, tmp_path: Path) -> None:
    env = environment(tmp_path, database)
    assert "IMAP_URL is not set" in run(env, "fetch", code=1)
    assert "must look like imaps://" in run({**env, "IMAP_URL": "pop3://x"}, "fetch", code=1)
    assert "127.0.0.1" in run({**env, "IMAP_URL": f"imap://a:b@127.0.0.1:{free_port()}/INBOX"}, "fetch", code=1)
    broken = {**env, "IMAP_URL": f"imap://a:b@127.0.0.1:{free_port()}/INBOX"}
    assert "127.0.0.1" in run(broken, "check", code=1)
    assert "Mail is taken for" in run(env, "check")
    assert "Say where to listen" in run(env, "listen", code=2)
    assert "HOST:PORT" in run(env, "listen", "--lmtp", "nowhere", code=2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_listener_serves_until_it_is_told_to_stop(
    app: Flask, database: str, tmp_path: Path, number: signal.Signals
) -> None:
    path, port = tmp_path / "lmtp", free_port()
    command = [sys.executable, "-m", "community.core.entry", "mail", "listen"]
    places = ["--lmtp", f"unix:{path}", "--smtp", f"127.0.0.1:{port}"]
    db.session.commit()
    with (tmp_path / "log").open("wb") as log:
        env = environment(tmp_path, database)
        process = subprocess.Popen([*command, *places], cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        wait_until(lambda: b"takes mail at" in (tmp_path / "log").read_bytes(), process, "the listener")
        with smtplib.LMTP(str(path)) as client:
            client.ehlo()
            client.mail("a@b.example")
            assert client.rcpt("nobody@localhost")[0] == 550
            assert client.rcpt("community@localhost")[0] == 250
        with smtplib.SMTP("127.0.0.1", port) as client:
            assert client.ehlo()[0] == 250
            assert client.esmtp_features["size"] == str(25 * 1024 * 1024)
        process.send_signal(number)
        assert process.wait(30) == 0, (tmp_path / "log").read_text()
    finally:
        process.kill()
    assert not path.exists()
