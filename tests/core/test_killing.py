"""kill -9 in the middle of a job: what it wrote is gone, and it is done once by the next worker."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.core.jobs import Delivery
from tests.conftest import RunJobs
from tests.core.working import LINGER, enqueue_append
from tests.factories import a_member
from tests.servers import wait_until

ROOT = Path(__file__).parent.parent.parent


@contextlib.contextmanager
def a_worker(home: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as a process of its own."""
    command = [sys.executable, "-c", "from tests.core.working import main; main()", str(home), url]
    with (home / "log").open("wb") as log, subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_job_whose_worker_was_killed_is_done_once(
    app: Flask, database: str, tmp_path: Path, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    enqueue_append(tmp_path, ann.email)
    (tmp_path / LINGER).touch()
    db.session.commit()
    with a_worker(tmp_path, database) as process:
        wait_until((tmp_path / "started").exists, process, (tmp_path / "log").read_text())
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    (tmp_path / LINGER).unlink()
    db.session.expire_all()
    delivery = db.session.scalars(select(Delivery)).one()
    assert (ann.about, delivery.state, delivery.attempts) == ("", "running", 1)
    assert run_jobs() == 0, "the lease still holds"
    with time_machine.travel(utcnow() + timedelta(minutes=6)):
        assert run_jobs() == 1
        assert run_jobs() == 0
    assert ann.about == "x"
    assert (delivery.state, delivery.attempts) == ("done", 2)


@pytest.mark.parametrize("workers", [2])
def test_two_processes_do_each_job_once(app: Flask, database: str, tmp_path: Path, workers: int) -> None:
    people = [a_member() for _ in range(20)]
    for person in people:
        enqueue_append(tmp_path, person.email)
    db.session.commit()
    with contextlib.ExitStack() as stack:
        running = []
        for number in range(workers):
            home = tmp_path / str(number)
            home.mkdir()
            running.append(stack.enter_context(a_worker(home, database)))
        assert [process.wait(60) for process in running] == [0] * workers
    db.session.expire_all()
    assert {person.about for person in people} == {"x"}
