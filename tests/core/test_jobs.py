"""Deliveries: tried again with patience, given up after eight times, found after a crash, done once."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core import jobs
from community.core.db import db, transaction, utcnow
from community.core.jobs import MAX_ATTEMPTS, Delivery, back_off, enqueue, job, outside_job, run_all, run_due
from community.core.worker import build
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member

wishes: dict[str, bool] = {"fails": False}


@job
def rename(handle: str, name: str) -> None:
    """Write something; fail afterwards when the test wishes so."""
    member = db.session.scalar(select(Member).where(Member.handle == handle))
    assert member is not None
    member.about += name
    db.session.flush()
    if wishes["fails"]:
        raise ConnectionError("the line is dead")


@outside_job
def ask_elsewhere(number: int) -> None:
    """Ask another server, as far as the worker knows; in no transaction."""
    asked.append(number)


asked: list[int] = []


@pytest.fixture(autouse=True)
def _nothing_was_asked() -> None:
    asked.clear()


@pytest.fixture(autouse=True)
def _nothing_fails() -> None:
    wishes["fails"] = False


def the_delivery() -> Delivery:
    db.session.expire_all()
    return db.session.scalars(select(Delivery).where(Delivery.handler.endswith(".rename"))).one()


def test_a_job_is_done_once(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    enqueue(rename, handle="ann", name="x")
    assert run_jobs() == 1
    assert run_jobs() == 0
    assert ann.about == "x"
    assert the_delivery().state == "done"


def test_only_declared_jobs_are_taken(app: Flask) -> None:
    with pytest.raises(LookupError, match="not declared"):
        enqueue(utcnow)


def test_a_key_is_enqueued_once(app: Flask, run_jobs: RunJobs) -> None:
    a_member("ann")
    for _ in range(3):
        enqueue(rename, unique_key="only once", handle="ann", name="x")
    assert run_jobs() == 1


def test_a_job_waits_for_its_time(app: Flask, run_jobs: RunJobs) -> None:
    a_member("ann")
    enqueue(rename, run_at=utcnow() + timedelta(hours=1), handle="ann", name="x")
    assert run_jobs() == 0
    with time_machine.travel(utcnow() + timedelta(hours=1, seconds=1)):
        assert run_jobs() == 1


def test_a_failure_leaves_nothing_and_is_tried_again_later(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    wishes["fails"] = True
    enqueue(rename, handle="ann", name="x")
    assert run_jobs(failing=True) == 1
    assert ann.about == ""
    delivery = the_delivery()
    assert (delivery.state, delivery.attempts) == ("due", 1)
    assert delivery.error == "ConnectionError: the line is dead"
    assert timedelta(seconds=5) < delivery.run_at - utcnow() < timedelta(seconds=13)
    wishes["fails"] = False
    with time_machine.travel(utcnow() + timedelta(seconds=13)):
        assert run_jobs() == 1
    assert ann.about == "x"
    assert the_delivery().error == ""


def test_the_waits_double_up_to_an_hour() -> None:
    for attempts, seconds in ((1, 10), (2, 20), (3, 40), (7, 640), (8, 1280), (20, 3600)):
        waits = [back_off(attempts).total_seconds() for _ in range(20)]
        assert min(waits) >= seconds
        assert max(waits) <= seconds * 1.25
        assert len(set(waits)) > 1


def test_after_eight_failures_it_is_given_up_until_an_admin_tries_again(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    a_member("boss", role="admin")
    ann = a_member("ann")
    wishes["fails"] = True
    enqueue(rename, handle="ann", name="x")
    for attempt in range(MAX_ATTEMPTS):
        with time_machine.travel(utcnow() + timedelta(hours=2 * attempt)):
            assert run_jobs(failing=True) == 1
    assert (the_delivery().state, the_delivery().attempts) == ("dead", 8)
    with time_machine.travel(utcnow() + timedelta(days=30)):
        assert run_jobs(failing=True) == 0
    wishes["fails"] = False
    boss = login_as("boss")
    boss.get("/admin/deliveries")
    assert "the line is dead" in boss.text
    boss.submit(f"/admin/deliveries/{the_delivery().id}/retry")
    run_jobs()
    assert ann.about == "x"
    assert the_delivery().state == "done"


def test_what_a_crash_left_between_commit_and_wake_up_is_swept_up(app: Flask) -> None:
    ann = a_member("ann")
    enqueue(rename, handle="ann", name="x")
    db.session.commit()
    saved = {key: app.extensions.get(key) for key in ("isthmus.wake", "isthmus.queue")}
    queue = build(app)
    try:
        (sweep,) = [task for name, task in queue._registry._registry.items() if name.endswith("sweep")]
        contextvars.Context().run(lambda: queue.execute(sweep()))
    finally:
        queue.storage.close()
        for key, value in saved.items():
            app.extensions.pop(key)
            if value is not None:
                app.extensions[key] = value
    db.session.expire_all()
    assert ann.about == "x"


def test_a_lease_that_ran_out_is_taken_over(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    enqueue(rename, handle="ann", name="x")
    db.session.commit()
    delivery = the_delivery()
    delivery.state, delivery.lease_until = "running", utcnow() + timedelta(minutes=5)
    assert run_jobs() == 0
    with time_machine.travel(utcnow() + timedelta(minutes=6)):
        assert run_jobs() == 1
    assert ann.about == "x"


def test_two_workers_claim_each_delivery_once(app: Flask) -> None:
    for number in range(30):
        a_member(f"m{number}")
        enqueue(rename, handle=f"m{number}", name="x")
    db.session.commit()

    def work(_number: int) -> int:
        tried = 0
        while ran := run_due(app, limit=3):
            tried += ran
        return tried

    with ThreadPoolExecutor(4) as pool:
        tried = list(pool.map(lambda n: contextvars.Context().run(work, n), range(4)))
    db.session.expire_all()
    assert sum(tried) == 30
    assert db.session.scalar(select(func.count()).where(Member.about == "x")) == 30
    assert db.session.scalar(select(func.max(Delivery.attempts))) == 1


def test_what_asks_others_is_claimed_one_by_one_after_the_quick_jobs(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setitem(app.extensions, "isthmus.wake", lambda: woken.append("once"))
    ann = a_member("ann")
    for number in range(3):
        enqueue(ask_elsewhere, number=number)
    for _ in range(2):
        enqueue(rename, handle="ann", name="x")
    db.session.commit()
    assert jobs.waiting(ask_elsewhere, number=1) == 1
    db.session.commit()
    woken.clear()
    assert contextvars.Context().run(run_due, app) == 3
    db.session.expire_all()
    assert (ann.about, asked, woken) == ("xx", [0], ["once"])
    assert jobs.waiting(ask_elsewhere, number=0) == 0
    db.session.commit()
    assert contextvars.Context().run(run_all, app) == 2
    assert (asked, woken) == ([0, 1, 2], ["once", "once"])


def test_a_worker_that_comes_too_late_leaves_it_to_whoever_claimed_it_since(app: Flask) -> None:
    a_member("ann")
    enqueue(rename, handle="ann", name="x")
    enqueue(ask_elsewhere, number=7)
    db.session.commit()
    late, _more = jobs._claim(10)
    with time_machine.travel(utcnow() + timedelta(minutes=6)):
        timely, _more = jobs._claim(10)
        wishes["fails"] = True
        for claim in late:
            contextvars.Context().run(jobs._run, app, claim)
        wishes["fails"] = False
        for claim in timely:
            contextvars.Context().run(jobs._run, app, claim)
    db.session.expire_all()
    about = db.session.scalar(select(Member.about).where(Member.handle == "ann"))
    assert (about, asked) == ("x", [7])
    assert [(row.state, row.attempts) for row in db.session.scalars(select(Delivery))] == [("done", 2)] * 2


def test_a_turn_of_the_timetable_is_enqueued_once(app: Flask, run_jobs: RunJobs) -> None:
    for _ in range(3):
        with transaction():
            jobs.enqueue_timetables()
    counted = db.session.scalar(select(func.count(Delivery.id)))
    assert counted == len(jobs.timetables)
    run_jobs()
    with time_machine.travel(utcnow() + timedelta(days=1)), transaction():
        jobs.enqueue_timetables()
    assert (db.session.scalar(select(func.count(Delivery.id))) or 0) > len(jobs.timetables)


def test_what_is_done_is_forgotten_after_a_fortnight(app: Flask, run_jobs: RunJobs) -> None:
    a_member("ann")
    enqueue(rename, handle="ann", name="x")
    run_jobs()
    jobs.forget_done()
    assert the_delivery().state == "done"
    with time_machine.travel(utcnow() + timedelta(days=15)):
        jobs.forget_done()
    assert db.session.scalar(select(func.count(Delivery.id))) == 0
