"""Questions to the author that nobody answers."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from bridge.queries import operations
from bridge.queries.chasing import chase, close_what_stood
from bridge.queries.models import Query, QueryStep, Status
from community import public
from community.core.db import db, utcnow
from community.core.jobs import enqueue
from community.notifications.models import Notification
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query


def reminders() -> int:
    """How often the author was reminded."""
    return db.session.scalar(select(func.count(QueryStep.id)).where(QueryStep.kind == "reminded")) or 0


@pytest.mark.parametrize(
    ("days", "given", "status"),
    [(2, 0, Status.WAITING_USER), (3, 1, Status.WAITING_USER), (8, 2, Status.WAITING_USER), (15, 2, Status.CLOSED)],
)
def test_the_author_is_reminded_and_then_the_query_closed(
    app: Flask, run_jobs: RunJobs, days: int, given: int, status: Status
) -> None:
    ann, jonas = a_member("ann"), a_member("jonas", role="agent")
    thread = a_thread(author=ann)
    query = a_query(thread)
    operations.ask(query, "Which printer?", by_id=jonas.id)
    run_jobs()
    with time_machine.travel(utcnow(), tick=False) as traveller:
        for _day in range(days):
            traveller.shift(timedelta(days=1))
            for _again in range(3):
                enqueue(chase)
                run_jobs()
    kinds = list(db.session.scalars(select(Notification.kind).where(Notification.member_id == ann.id)))
    assert (reminders(), kinds.count("query-reminder")) == (given, given)
    assert db.session.get_one(Query, query.id).status == status
    closed = [post.body for post in public.post_snapshots(thread.id) if "we close this query" in post.body]
    assert len(closed) == (status == Status.CLOSED)


def test_an_answer_ends_the_chase(app: Flask, run_jobs: RunJobs) -> None:
    ann, jonas = a_member("ann"), a_member("jonas", role="agent")
    thread = a_thread(author=ann)
    query = a_query(thread)
    operations.ask(query, "Which printer?", by_id=jonas.id)
    run_jobs()
    a_reply(thread, ann, body="The left one")
    run_jobs()
    with time_machine.travel(utcnow() + timedelta(days=20)):
        enqueue(chase)
        run_jobs()
    assert (reminders(), db.session.get_one(Query, query.id).status) == (0, Status.IN_PROGRESS)


@pytest.mark.parametrize(("days", "status"), [(13, Status.RESOLVED), (15, Status.CLOSED)])
def test_an_answer_that_nobody_contradicts_is_taken_as_good_and_may_still_be_refused(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, days: int, status: Status
) -> None:
    thread = a_thread(author=a_member("ann"))
    query = a_query(thread)
    operations.resolve(query, "Install 5.2.", by_id=a_member("jonas", role="agent").id)
    run_jobs()
    with time_machine.travel(utcnow() + timedelta(days=days), tick=False):
        enqueue(close_what_stood)
        run_jobs()
        assert db.session.get_one(Query, query.id).status == status
        assert thread.state == "resolved"
        ann = login_as("ann")
        ann.get(f"/queries/{query.reference}")
        ann.submit("#not-helped", still="It came back.")
        run_jobs()
    assert db.session.get_one(Query, query.id).status == Status.IN_PROGRESS
    assert thread.state == "desk"
