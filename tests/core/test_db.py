"""One transaction per request: all or nothing, times in UTC, reads that write nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from community.accounts.models import Member
from community.core.app import limiter
from community.core.db import after_commit, at_time, db, transaction, undo, utcnow
from community.core.events import EventRecord
from community.core.jobs import Delivery
from community.core.policies import public
from community.forum.models import Post, Thread
from tests.conftest import MakeApp
from tests.factories import a_member, a_space, a_thread


def with_view(make_app: MakeApp, view: Callable[[], str], methods: tuple[str, ...] = ("POST",)) -> Flask:
    """An application with one more address, /try."""
    app = make_app(testing=False)
    limiter.enabled = False
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.add_url_rule("/try", view_func=public(view), methods=list(methods))
    return app


def how_many(app: Flask, *tables: type) -> list[int]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_view_that_fails_leaves_nothing_behind(make_app: MakeApp) -> None:
    told: list[str] = []

    def view() -> str:
        after_commit(lambda: told.append("committed"))
        a_thread(a_space(), a_member("ann"))
        raise RuntimeError("after everything was written")

    app = with_view(make_app, view)
    assert app.test_client().post("/try").status_code == 500
    assert how_many(app, Member, Thread, Post, EventRecord, Delivery) == [0] * 5
    assert told == []


def test_a_refusal_after_writing_leaves_nothing_behind(make_app: MakeApp) -> None:
    from flask import abort

    def view() -> str:
        a_member("ann")
        abort(404)

    app = with_view(make_app, view)
    assert app.test_client().post("/try").status_code == 404
    assert how_many(app, Member) == [0]


def test_a_view_that_returns_is_saved_and_then_told(make_app: MakeApp) -> None:
    told: list[int] = []

    def view() -> str:
        after_commit(lambda: told.append(len(told)))
        a_member("ann")
        assert told == []
        return "done"

    app = with_view(make_app, view)
    assert app.test_client().post("/try").status_code == 200
    assert how_many(app, Member) == [1]
    assert told == [0]


def test_reading_never_writes(make_app: MakeApp) -> None:
    def view() -> str:
        a_member("ann")
        return "a read that tries to write"

    app = with_view(make_app, view, ("GET",))
    assert app.test_client().get("/try").status_code == 200
    assert how_many(app, Member) == [0]


def test_hooks_run_once_and_in_order(app: Flask) -> None:
    told: list[str] = []

    def first() -> None:
        told.append("first")

    db.session.commit()
    with transaction():
        after_commit(first)
        after_commit(lambda: told.append("second"))
        after_commit(first)
    assert told == ["first", "second"]


def test_undoing_forgets_the_hooks(app: Flask) -> None:
    told: list[str] = []
    db.session.commit()
    with transaction():
        after_commit(lambda: told.append("x"))
        a_member("ann")
        undo()
        a_member("bob")
    assert told == []
    assert list(db.session.scalars(select(Member.handle))) == ["bob"]


def test_hooks_do_not_run_when_the_commit_fails(app: Flask) -> None:
    told: list[str] = []
    a_member("ann")
    db.session.commit()
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        after_commit(lambda: told.append("x"))
        db.session.add(Member(handle="ann", name="Ann", email="other@example.org"))
    assert told == []


def test_times_are_kept_in_utc_and_come_back_aware(app: Flask) -> None:
    ann = a_member("ann")
    moment = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    ann.joined_at = moment
    db.session.commit()
    assert ann.joined_at == moment
    assert ann.joined_at.tzinfo == UTC
    assert ann.joined_at.hour == 1


def test_a_time_without_a_zone_is_refused(app: Flask) -> None:
    ann = a_member("ann")
    ann.joined_at = datetime(2026, 3, 29)
    with pytest.raises(StatementError, match="without a zone"):
        db.session.flush()


def test_the_past_can_be_replayed() -> None:
    then = datetime(2020, 1, 1, tzinfo=UTC)
    with at_time(then):
        assert utcnow() == then
    assert utcnow() > then
