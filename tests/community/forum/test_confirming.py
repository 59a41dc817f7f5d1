"""Some days after an answer was accepted its author is asked, once, whether it lasted."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from bridge.queries import operations as desk
from bridge.queries.models import Query
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.forum import operations
from community.forum.models import Post, Thread
from community.forum.reactions import confirming
from community.notifications.models import Notification
from tests.conftest import LoginAs, MakeApp, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor

ASK = "form[action$='/confirmation']"


def a_solved_thread(*, days: float = 3.5) -> Thread:
    """A question of Ann's, whose answer by Bob she accepted some days ago."""
    thread = a_thread(author=a_member("ann"))
    operations.accept(thread, a_reply(thread, a_member("bob")), by_id=thread.author_id)
    thread.solved_at = utcnow() - timedelta(days=days)
    db.session.flush()
    return thread


def told(kind: str) -> int:
    """How many were told."""
    return db.session.scalar(select(func.count()).where(Notification.kind == kind)) or 0


def test_the_author_is_asked_once_and_says_that_it_lasted(
    app: Flask, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    thread = a_solved_thread()
    for _ in range(2):
        confirming.ask_authors()
        run_jobs()
    assert told("lasted") == 1
    ann, path = login_as("ann"), f"/threads/{thread.id}"
    visitor.client.get(path)
    ann.get(path)
    ann.submit(ASK, button="yes")
    assert not ann.select(ASK)
    assert "Confirmed by its author" in ann.text
    assert "Confirmed by its author" in visitor.client.get(path).get_data(as_text=True)
    run_jobs()
    assert told("confirmed") == 1
    ann.post(f"{path}/confirmation", {"lasted": "no"}, status=404)


def test_where_it_did_not_last_thread_and_query_are_open_again(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    thread = a_thread(author=a_member("ann"))
    query, jonas = a_query(thread), a_member("jonas", role="agent")
    desk.resolve(query, "Restart it", by_id=jonas.id)
    post = db.session.scalars(select(Post).where(Post.proposed)).one()
    operations.accept(thread, post, by_id=thread.author_id)
    run_jobs()
    assert db.session.get_one(Query, query.id).status == "closed"
    thread.solved_at = utcnow() - timedelta(days=4)
    db.session.flush()
    confirming.ask_authors()
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    ann.submit(ASK, button="no")
    assert "open again" in ann.text
    assert not ann.select(ASK)
    run_jobs()
    assert (thread.solution_id, thread.confirmed_at, thread.confirmation_asked_at) == (None, None, None)
    assert db.session.get_one(Query, query.id).status != "closed"


def test_nobody_else_is_asked(app: Flask, login_as: LoginAs) -> None:
    thread = a_solved_thread()
    confirming.ask_authors()
    a_member("boss", role="admin")
    for handle in ("bob", "boss"):
        visitor = login_as(handle)
        visitor.get(f"/threads/{thread.id}")
        assert not visitor.select(ASK)
        visitor.post(f"/threads/{thread.id}/confirmation", {"lasted": "yes"}, status=404)
    assert thread.confirmed_at is None


@pytest.mark.parametrize("why", ["too early", "too late", "taken back", "closed", "hidden"])
def test_what_is_not_asked_about(app: Flask, why: str) -> None:
    thread = a_solved_thread(days={"too early": 2.5, "too late": 60}.get(why, 4))
    if why == "taken back":
        operations.unaccept(thread, by_id=thread.author_id)
    elif why == "closed":
        operations.close(thread, by_id=thread.author_id)
    elif why == "hidden":
        operations.hide_post(thread.posts[0], by_id=thread.author_id, reason="x")
    db.session.flush()
    confirming.ask_authors()
    assert db.session.scalar(select(EventRecord.id).where(EventRecord.name == "forum.confirmation.asked")) is None


def test_the_days_are_a_setting_and_none_asks_never(make_app: MakeApp) -> None:
    for days, asked in ((1, True), (0, False)):
        with make_app(confirm_after_days=days).app_context():
            thread = a_solved_thread(days=1.5)
            confirming.ask_authors()
            db.session.flush()
            assert (thread.confirmation_asked_at is not None) is asked
            db.session.rollback()


def test_another_answer_is_asked_about_anew(app: Flask) -> None:
    thread = a_solved_thread()
    confirming.ask_authors()
    db.session.flush()
    assert confirming.confirm(thread)
    assert not confirming.confirm(thread)
    operations.accept(thread, a_reply(thread), by_id=thread.author_id)
    db.session.flush()
    assert (thread.confirmation_asked_at, thread.confirmed_at) == (None, None)


def test_who_said_so_before_is_not_asked(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_solved_thread(days=0.5)
    assert confirming.confirm(thread)
    thread.solved_at = utcnow() - timedelta(days=4)
    confirming.ask_authors()
    run_jobs()
    assert (told("lasted"), told("confirmed")) == (0, 1)
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    assert not ann.select(ASK) and "Confirmed by its author" in ann.text
