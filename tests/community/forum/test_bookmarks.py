"""Bookmarks: private, with a note and a reminder in the member's own time zone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import at_time, db, utcnow
from community.core.jobs import run_all
from community.forum import operations
from community.forum.reactions import bookmarks
from community.forum.reactions.bookmarks import Bookmark
from community.notifications.models import Notification
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


def titles(visitor: Visitor, **query: Any) -> list[str]:
    """What the list shows."""
    visitor.get("/bookmarks", **query)
    return [row.get_text() for row in visitor.select(".row__title")]


def test_a_thread_and_a_reply_are_marked_and_found_again(app: Flask, login_as: LoginAs) -> None:
    thread, other = a_thread(title="VPN drops"), a_thread(title="Printer is silent")
    reply = a_reply(other)
    opening = thread.posts[0]
    a_member("ann")
    ann = login_as("ann")
    for post in (opening, reply):
        ann.get(f"/threads/{post.thread_id}")
        ann.submit(f"/posts/{post.id}/bookmark")
        assert ann.select(f"form[action='/posts/{post.id}/bookmark'] button")[0]["aria-pressed"] == "true"
    assert titles(ann) == ["Printer is silent", "VPN drops"]
    assert titles(ann, show="threads") == ["VPN drops"]
    assert titles(ann, show="replies") == ["Printer is silent"]
    assert titles(ann, q="vpn") == ["VPN drops"]
    assert titles(ann, show="nonsense") == ["Printer is silent", "VPN drops"]
    ann.submit(f"form[action$='/{db.session.scalars(select(Bookmark.id)).first()}/removal']")
    assert len(ann.select(".row__title")) == 1
    ann.get(f"/threads/{reply.thread_id}")
    ann.submit(f"/posts/{reply.id}/bookmark")
    assert titles(ann) == []


def test_nobody_sees_or_changes_another_persons(app: Flask, login_as: LoginAs) -> None:
    post, ann = a_reply(a_thread()), a_member("ann")
    bookmarks.add(post, member_id=ann.id)
    bookmark = db.session.scalars(select(Bookmark)).one()
    bookmark.note = "Canary note"
    a_member("boss", role="admin")
    boss = login_as("boss")
    assert titles(boss) == []
    for path in (f"/bookmarks/{bookmark.id}", f"/bookmarks/{bookmark.id}/removal"):
        boss.post(path, {"note": "x"}, status=404)
    boss.get(f"/threads/{post.thread_id}")
    assert "Canary note" not in boss.html
    assert titles(login_as("ann")) == ["VPN drops when the lid is closed"]


def test_what_can_no_longer_be_read_is_not_shown(app: Flask, login_as: LoginAs) -> None:
    space, ann = a_space(), a_member("ann")
    thread, hidden = a_thread(space), a_reply(a_thread())
    for post in (thread.posts[0], hidden):
        bookmarks.add(post, member_id=ann.id)
    space.visibility = "members"
    operations.hide_post(hidden, by_id=ann.id, reason="x")
    thread.title = "Project Zephyr is cancelled"
    bookmark = db.session.scalars(select(Bookmark).where(Bookmark.post_id == thread.posts[0].id)).one()
    bookmark.note = "ask again in May"
    db.session.flush()
    ann_sees = login_as("ann")
    assert titles(ann_sees) == ["This can no longer be read here."] * 2
    assert titles(ann_sees, q="zephyr") == []
    assert titles(ann_sees, q="may") == ["This can no longer be read here."]


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Shanghai", 0), ("America/New_York", 13), ("", 8)])
def test_a_reminder_comes_at_eight_where_the_member_is(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, zone: str, hour: int
) -> None:
    thread, ann = a_thread(title="VPN drops"), a_member("ann")
    ann.time_zone = zone
    bookmarks.add(thread.posts[0], member_id=ann.id)
    bookmark = db.session.scalars(select(Bookmark)).one()
    visitor = login_as("ann")
    visitor.get("/bookmarks")
    visitor.submit(f"form[action='/bookmarks/{bookmark.id}']", note=" Try  again ", remind_on="2031-01-15")
    assert bookmark.note == "Try again"
    assert bookmark.remind_at == datetime(2031, 1, 15, hour, tzinfo=UTC)
    due, id_ = bookmark.remind_at, bookmark.id
    db.session.commit()
    for moment, number in ((due - timedelta(minutes=1), 0), (due, 1), (due + timedelta(minutes=5), 1)):
        with at_time(moment):
            bookmarks.remind()
            db.session.commit()
            run_all(app)
        found = list(db.session.scalars(select(Notification.title).where(Notification.kind == "reminder")))
        assert found == ["Try again: VPN drops"] * number
    assert db.session.get_one(Bookmark, id_).remind_at is None


def test_a_day_that_is_over_is_refused_and_the_note_kept(app: Flask, login_as: LoginAs) -> None:
    thread, ann = a_thread(), a_member("ann")
    bookmarks.add(thread.posts[0], member_id=ann.id)
    bookmark = db.session.scalars(select(Bookmark)).one()
    data = {"note": "Try again", "remind_on": utcnow().date().isoformat()}
    page = login_as("ann").post(f"/bookmarks/{bookmark.id}", data, status=422)
    assert "Choose a day after today." in page.text
    assert "Try again" in page.html
    assert bookmark.note == ""


def test_there_is_a_limit_and_it_says_so(app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookmarks, "MOST", 1)
    thread, ann = a_thread(), a_member("ann")
    reply = a_reply(thread)
    bookmarks.add(thread.posts[0], member_id=ann.id)
    visitor = login_as("ann")
    visitor.get(f"/threads/{thread.id}")
    visitor.submit(f"/posts/{reply.id}/bookmark")
    assert "1 bookmarks, which is as many as one may have" in visitor.text
    assert bookmarks.add(thread.posts[0], member_id=ann.id)
    assert len(db.session.scalars(select(Bookmark)).all()) == 1


def test_the_list_costs_the_same_however_long_it_is(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    ann, costs = a_member("ann"), []
    visitor = login_as("ann")
    for _ in range(2):
        for _number in range(8):
            bookmarks.add(a_reply(a_thread()), member_id=ann.id)
        db.session.commit()
        with count_statements() as sql:
            visitor.client.get("/bookmarks")
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 4


def test_bookmarks_narrow_every_list(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    ann, home = a_member("ann"), a_space("home")
    marked, other = a_thread(home, title="A marked thread"), a_thread(home, title="Another thread")
    bookmarks.add(a_reply(marked, a_member(), "A marked reply"), member_id=ann.id)
    reader = login_as("ann")
    reader.get("/threads")
    assert [each["value"] for each in reader.select("#narrow-marked option")] == ["", "yes"]
    for path in ("/threads", "/spaces/home", "/unsolved"):
        reader.get(path, marked="yes")
        assert "A marked thread" in reader.text
        assert "Another thread" not in reader.text
        assert not [link for link in reader.links() if "/feeds/" in link and "own" not in link]
    reader.get("/threads", marked="yes")
    reader.submit("/read")
    reader.get("/unread")
    assert "A marked thread" not in reader.text
    assert other.title in reader.text
    visitor.get("/threads")
    assert not visitor.select("#narrow-marked")
    visitor.get("/threads", marked="yes")
    assert "A marked thread" not in visitor.text
