"""Who may write for now, how much and how fast, and what is held back; nothing typed is lost."""

from datetime import timedelta

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.forum.models import Post, Thread
from community.moderation import measures
from community.moderation.gates.models import HeldWriting
from community.moderation.gates.pace import links_in
from community.moderation.models import Case
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_thread
from tests.visit import Visitor

from .conftest import Opened, asks, replies, rules, waiting


def earlier(seconds: float, *posts: Post) -> None:
    """These were written some time ago."""
    for post in posts or tuple(db.session.query(Post)):
        post.created_at -= timedelta(seconds=seconds)
        if post.opens:
            post.thread.created_at -= timedelta(seconds=seconds)
    db.session.flush()


def member(handle: str) -> Member:
    return db.session.query(Member).filter_by(handle=handle).one()


def posts() -> int:
    return db.session.query(Post).count()


def test_silenced_people_read_until_when_and_why(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    thread = a_thread(home)
    until = utcnow() + timedelta(hours=24)
    silence = measures.take("silence", rule="spam", member_id=member("ann").id, by_id=member("boss").id, until=until)
    replies(ann, thread.id, "One more thing to say.", status=422)
    assert "You may read, and write nothing, until" in ann.text
    assert "No advertising." in ann.text
    assert "One more thing to say." in ann.html
    asks(ann, "May I ask at least this?", status=422)
    ann.get(f"/posts/{thread.posts[0].id}/suggestion")
    ann.submit("main form", body="Other words for it, better.", reason="clearer", status=422)
    ann.get("/messages/new")
    ann.submit("main form", to="@sue", subject="Help", body="Why can I not write?", status=422)
    measures.end(silence, by_id=member("boss").id, how="lifted")
    replies(ann, thread.id, "One more thing to say.")
    assert posts() == 2


def test_what_is_read_only_is_so_until_then(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    thread, boss = a_thread(home), login_as("boss")
    boss.get("/spaces/home/manage/before-publishing")
    boss.submit("#closing-form", why="", status=422)
    boss.submit("#closing-form", why="We move to the new building.", until="2099-01-01T10:00")
    replies(ann, thread.id, "One more thing to say.", status=422)
    assert "This space is read-only until" in ann.text
    assert "We move to the new building." in ann.text
    asks(ann, "Something for the other space", space="far")
    replies(boss, thread.id, "We are nearly there.")
    boss.get("/spaces/home/manage/before-publishing")
    boss.submit("#opening-form")
    replies(ann, thread.id, "One more thing to say.")
    assert posts() == 4


def test_the_whole_site_can_be_read_only(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    boss = login_as("boss")
    login_as("sue").get("/admin/before-publishing", status=404)
    boss.get("/admin/before-publishing")
    boss.submit("#closing-form", why="We move to a new machine.")
    asks(ann, "May I ask at least this?", status=422)
    assert "Read-only for now: We move to a new machine." in ann.text
    boss.get("/admin/before-publishing")
    boss.submit("#opening-form")
    asks(ann, "May I ask at least this?")
    assert posts() == 1


def test_in_a_slow_thread_people_wait(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    thread, sue = a_thread(home), login_as("sue")
    ann.post(f"/threads/{thread.id}/slow-mode", {"minutes": "15"}, status=404)
    sue.get(f"/threads/{thread.id}")
    sue.submit("#slow-form", minutes="15")
    replies(ann, thread.id, "The first of my thoughts.")
    assert "Everybody waits 15 minutes between two posts in this thread." in ann.text
    replies(ann, thread.id, "The second of my thoughts.", status=422)
    assert "Please wait 15 minutes" in ann.text
    assert "The second of my thoughts." in ann.html
    replies(sue, thread.id, "One thought.")
    replies(sue, thread.id, "Another thought.")
    earlier(15 * 60)
    replies(ann, thread.id, "The second of my thoughts.")
    assert posts() == 5


@pytest.mark.usefixtures("limits")
def test_newcomers_wait_between_threads_and_have_three_on_their_first_day(ann: Visitor, opened: Opened) -> None:
    asks(ann, "The first thread of mine", opened=opened(60))
    earlier(60)
    asks(ann, "Whether the second may come", opened=opened(60), status=422)
    assert "Please wait 60 seconds" in ann.text or "Please wait 59 seconds" in ann.text
    for number in ("second", "third"):
        earlier(121)
        asks(ann, f"Something {number} and quite different: {number * 9}", body=f"{number * 20} words")
    earlier(121)
    asks(ann, "A fourth thread of my own", status=422)
    assert "You may begin 3 threads a day for now" in ann.text
    earlier(25 * 3600)
    asks(ann, "A fourth thread of my own")
    assert posts() == 4


@pytest.mark.usefixtures("limits")
def test_newcomers_write_three_replies_in_a_thread_of_others(home: Space, ann: Visitor, opened: Opened) -> None:
    thread, own = a_thread(home), a_thread(home, member("ann"))
    earlier(31)
    for text in ("Turn the key to the left.", "Or pull the lever down once.", "Else call the porter for it."):
        replies(ann, thread.id, text, opened=opened(60))
        earlier(31)
    replies(ann, thread.id, "And now something completely else.", status=422)
    assert "at most" in ann.text or "you may write 3 replies in a thread" in ann.text
    replies(ann, own.id, "In my own thread I answer.")
    assert posts() == 6


@pytest.mark.usefixtures("limits")
def test_newcomers_show_few_links_pictures_and_names(home: Space, ann: Visitor, opened: Opened) -> None:
    for name in ("bea", "cleo", "dan"):
        a_member(name)
    two, three = ("https://a.example/x https://b.example/y", "https://a.example https://b.example https://c.example")
    asks(ann, body=f"Look at these: {three}", opened=opened(60), status=422)
    assert "At most 2 links" in ann.text
    asks(ann, body="![a](https://a.example/a.png) ![b](https://a.example/b.png)", opened=opened(60), status=422)
    assert "At most 1 picture" in ann.text
    asks(ann, body="Whom do I ask: @bea @cleo @dan?", opened=opened(60), status=422)
    assert "at most 2 people" in ann.text
    asks(ann, body=f"Look at these, @bea and @cleo: {two}", opened=opened(60))
    assert posts() == 1


def test_links_of_the_installation_are_not_counted(app: Flask) -> None:
    text = "See http://localhost/threads/1 and https://a.example. Or www.b.example, or https://a.example!"
    assert links_in(text) == {"https://a.example", "www.b.example"}


@pytest.mark.usefixtures("limits")
def test_members_wait_seconds_and_super_users_not_at_all(
    app: Flask, monkeypatch: pytest.MonkeyPatch, home: Space, ann: Visitor, login_as: LoginAs
) -> None:
    thread = a_thread(home)
    monkeypatch.setitem(app.extensions, "isthmus.level", lambda _member_id: 1)
    replies(ann, thread.id, "The first of today.")
    replies(ann, thread.id, "The second of today.", status=422)
    assert "You wrote something a moment ago. Please wait" in ann.text
    earlier(5)
    replies(ann, thread.id, "The second of today.")
    for handle in ("sue", "boss"):
        who = login_as(handle)
        replies(who, thread.id, f"One word of {handle}.")
        replies(who, thread.id, f"Another word of {handle}.")
    assert waiting() == []


@pytest.mark.usefixtures("limits")
def test_a_first_post_faster_than_people_type_waits(ann: Visitor, opened: Opened) -> None:
    asks(ann)
    (row,) = waiting()
    assert row.rule == "too_fast"
    row.at -= timedelta(minutes=5)
    asks(ann, "A second one, typed by hand", opened=opened(30))
    assert len(waiting()) == 1
    assert posts() == 1


@pytest.mark.usefixtures("limits")
def test_what_is_like_something_recent_waits(home: Space, ann: Visitor, opened: Opened) -> None:
    spam = "Cheap watches and bags at the lowest price, write to me today for number"
    a_thread(home, a_member("bob"), title="Watches and bags", body=f"{spam} 1")
    asks(ann, "Bags and watches for you", body=f"{spam} 2", opened=opened(30))
    (row,) = waiting()
    assert row.rule == "alike"
    row.at -= timedelta(minutes=5)
    asks(ann, "The lift stands still", body="Since this morning, on the third floor.", opened=opened(30))
    assert len(waiting()) == 1


def test_a_space_says_what_it_inherits(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    rules(newcomer_links=3)
    boss = login_as("boss")
    for handle in ("ann", "sue"):
        login_as(handle).get("/spaces/home/manage/before-publishing", status=404)
    boss.get("/spaces/home/manage/before-publishing")
    assert "Left empty: 3, as in all spaces." in boss.text
    boss.submit("#rules-form", newcomer_links="200", status=422)
    boss.submit("#rules-form", newcomer_links="1")
    asks(ann, body="All about it: https://a.example/x")
    assert [row.rule for row in waiting()] == ["newcomer_links"]
    asks(ann, "The same for another space", body="All about it: https://a.example/x", space="far")
    assert db.session.query(Thread).count() == 1


def test_an_edit_can_wait_too(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    boss, thread = login_as("boss"), a_thread(home, member("ann"))
    boss.get("/spaces/home/manage/watched-words")
    boss.submit("#word-form", text="lottery", action="hold")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("#edit-form", body="Win in the lottery, all of you.")
    (row,) = waiting()
    assert "lottery" not in thread.posts[0].body
    boss.get("/review?kind=held")
    boss.submit(f"/review/{_case(row)}/decision", button="publish")
    assert thread.posts[0].body == "Win in the lottery, all of you."


def _case(row: HeldWriting) -> int:
    return db.session.query(Case).filter_by(kind="held", target_id=row.id).one().id
