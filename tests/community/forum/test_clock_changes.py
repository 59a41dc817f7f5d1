"""Reminders and news for later on the days when clocks change."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.forum.reactions import bookmarks
from community.forum.reactions.bookmarks import Bookmark
from community.forum.scheduling import views as scheduling_views
from community.forum.scheduling.operations import ScheduledNews
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread

OSLO, NEW_YORK, KOLKATA = "Europe/Oslo", "America/New_York", "Asia/Kolkata"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        (OSLO, date(2031, 3, 29), "2031-03-29T07:00"),
        (OSLO, date(2031, 3, 30), "2031-03-30T06:00"),
        (OSLO, date(2031, 10, 25), "2031-10-25T06:00"),
        (OSLO, date(2031, 10, 26), "2031-10-26T07:00"),
        (NEW_YORK, date(2031, 3, 9), "2031-03-09T12:00"),
        (NEW_YORK, date(2031, 11, 2), "2031-11-02T13:00"),
        (KOLKATA, date(2031, 3, 30), "2031-03-30T02:30"),
        (KOLKATA, date(2031, 10, 26), "2031-10-26T02:30"),
    ],
)
def test_a_reminder_comes_at_eight_also_when_clocks_change(app: Flask, zone: str, day: date, expected: str) -> None:
    thread, ann = a_thread(), a_member("ann")
    bookmarks.add(thread.posts[0], member_id=ann.id)
    bookmark = db.session.scalars(select(Bookmark)).one()
    bookmarks.note(bookmark, "Look again", day, zone=zone)
    db.session.commit()
    assert bookmark.remind_at == _at(expected)


@pytest.mark.parametrize(
    ("zone", "now", "typed", "expected", "shown"),
    [
        (OSLO, "2031-03-29T12:00", "2031-03-30T09:00", "2031-03-30T07:00", "2031-03-30T09:00"),
        (OSLO, "2031-10-25T12:00", "2031-10-26T09:00", "2031-10-26T08:00", "2031-10-26T09:00"),
        (NEW_YORK, "2031-11-01T12:00", "2031-11-02T09:00", "2031-11-02T14:00", "2031-11-02T09:00"),
        (KOLKATA, "2031-10-25T12:00", "2031-10-26T09:00", "2031-10-26T03:30", "2031-10-26T09:00"),
        # There is no half past two: the form shows what it became.
        (OSLO, "2031-03-29T12:00", "2031-03-30T02:30", "2031-03-30T01:30", "2031-03-30T03:30"),
        # Half past two comes twice: the first, and the second once the first is over.
        (OSLO, "2031-10-25T12:00", "2031-10-26T02:30", "2031-10-26T00:30", "2031-10-26T02:30"),
        (OSLO, "2031-10-26T01:10", "2031-10-26T02:30", "2031-10-26T01:30", "2031-10-26T02:30"),
    ],
)
def test_news_for_later_keep_their_hour(
    app: Flask,
    login_as: LoginAs,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    now: str,
    typed: str,
    expected: str,
    shown: str,
) -> None:
    monkeypatch.setattr(scheduling_views, "utcnow", lambda: _at(now))
    a_space("home")
    a_member("meg", role="agent").time_zone = zone
    meg = login_as("meg")
    meg.get("/news/scheduled/new")
    meg.submit("#news-form", title="Servers are off", body="From eight to ten on Sunday.", space="home", at=typed)
    news = db.session.scalars(select(ScheduledNews)).one()
    assert news.publish_at == _at(expected)
    meg.get(f"/news/scheduled/{news.id}")
    assert meg.select("#at")[0]["value"] == shown
