"""What stands at the composer before somebody types; nothing more is asked of the database for most readers."""

from datetime import timedelta

import pytest

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.drafts.models import Draft
from community.forum.models import Post, Thread
from community.moderation import measures
from community.moderation.gates.holding import scope_of
from community.moderation.gates.models import GateRules, TrustedWriter
from community.spaces.models import Space
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_thread
from tests.visit import Visitor

from .conftest import replies, rules


@pytest.fixture
def thread(home: Space) -> Thread:
    return a_thread(home, a_member("dan"))


def member(handle: str) -> Member:
    return db.session.query(Member).filter_by(handle=handle).one()


def closed(space: Space | None = None, **more: object) -> None:
    scope = scope_of(space.id if space else None)
    row = GateRules(scope=scope, space_id=space.id if space else None, by_id=member("boss").id, **more)
    db.session.add(row)
    db.session.flush()


def said(who: Visitor) -> str:
    return " ".join(tag.get_text(" ", strip=True) for tag in who.select("main .notice[role=note]"))


def test_silenced_people_know_before_they_type_and_keep_a_draft(thread: Thread, ann: Visitor) -> None:
    by = {"member_id": member("ann").id, "by_id": member("boss").id}
    taken = measures.take("silence", rule="spam", words="Three times.", **by)
    ann.get(f"/threads/{thread.id}")
    assert "You may read, and write nothing, until" in said(ann)
    assert "No advertising. Three times." in said(ann)
    assert "Decided by a person of the team." in said(ann)
    assert f"/measures/{taken.id}" in ann.links("main .notice a")
    assert not ann.select("#reply-form .btn--primary")
    ann.submit("#reply-form", body="What I want to say later.", button="Save as draft")
    assert db.session.query(Draft).one().body == "What I want to say later."
    replies(ann, thread.id, "What I want to say now.", status=422)
    assert "What I want to say now." in ann.html
    for path in ("/ask", f"/posts/{thread.posts[0].id}/suggestion", "/messages/new"):
        ann.get(path)
        assert "You may read, and write nothing, until" in said(ann), path
    ann.get(f"/measures/{taken.id}")


def test_others_read_nothing_of_it(thread: Thread, ann: Visitor, login_as: LoginAs) -> None:
    measures.take("silence", rule="spam", member_id=member("ann").id, by_id=member("boss").id)
    dan = login_as("dan")
    for path in (f"/threads/{thread.id}", "/ask", "/messages/new"):
        dan.get(path)
        assert said(dan) == ""
    assert dan.select("#reply-form .btn--primary") == []
    dan.get(f"/threads/{thread.id}")
    assert dan.select("#reply-form .btn--primary")


def test_read_only_says_who_why_and_until_when(home: Space, thread: Thread, ann: Visitor, login_as: LoginAs) -> None:
    closed(home, read_only_why="We move.", read_only_until=utcnow() + timedelta(hours=1))
    ann.get(f"/threads/{thread.id}")
    assert "This space is read-only until" in said(ann)
    assert "We move." in said(ann)
    assert "Decided by Boss" in said(ann)
    assert not ann.select("#reply-form .btn--primary")
    ann.get("/ask")
    assert "This space is read-only until" in said(ann)
    assert home.name in said(ann)
    assert ann.select("#ask-form .btn--primary")
    boss = login_as("boss")
    boss.get(f"/threads/{thread.id}")
    assert said(boss) == ""
    row = db.session.query(GateRules).one()
    row.read_only_until = utcnow() - timedelta(minutes=1)
    ann.get(f"/threads/{thread.id}")
    assert said(ann) == ""


def test_where_the_whole_site_rests_one_keeps_a_draft(thread: Thread, ann: Visitor) -> None:
    closed(read_only_why="We move to a new machine.")
    for path in (f"/threads/{thread.id}", "/ask"):
        ann.get(path)
        assert "Read-only for now: We move to a new machine." in said(ann)
    assert not ann.select("#ask-form .btn--primary")


def test_in_a_slow_thread_the_time_left_is_said(thread: Thread, ann: Visitor, login_as: LoginAs) -> None:
    thread.slow_minutes = 15
    ann.get(f"/threads/{thread.id}")
    assert said(ann) == ""
    assert "Slow mode: everybody waits 15 minutes" in ann.text
    mine = a_reply(thread, member("ann"))
    mine.created_at = utcnow() - timedelta(minutes=5)
    ann.get(f"/threads/{thread.id}")
    assert "Please wait 10 minutes" in said(ann)
    assert ann.select("#reply-form .btn--primary")
    a_reply(thread, member("sue"))
    sue = login_as("sue")
    sue.get(f"/threads/{thread.id}")
    assert said(sue) == ""


def test_of_a_locked_thread_it_says_who_why_and_until_when(thread: Thread, ann: Visitor, login_as: LoginAs) -> None:
    until = utcnow() + timedelta(hours=4)
    about = {"target_kind": "thread", "target_id": thread.id, "member_id": member("dan").id}
    taken = measures.take("lock", rule="many_flags", by_id=None, until=until, **about)
    ann.get(f"/threads/{thread.id}")
    assert "This thread takes no replies until" in said(ann)
    assert "Many people reported something here" in said(ann)
    assert ann.links("main .notice[role=note] a") == []
    dan = login_as("dan")
    dan.get(f"/threads/{thread.id}")
    assert dan.links("main .notice[role=note] a") == [f"/measures/{taken.id}"]
    dan.get(f"/measures/{taken.id}")


def test_first_posts_that_are_held_are_announced(home: Space, thread: Thread, ann: Visitor, login_as: LoginAs) -> None:
    rules(home, first_posts=2)
    ann.get(f"/threads/{thread.id}")
    assert "Your first 2 posts here are looked at" in said(ann)
    ann.get("/ask")
    assert f"In: {home.name}" in said(ann)
    sue = login_as("sue")
    for path in (f"/threads/{thread.id}", "/ask"):
        sue.get(path)
        assert said(sue) == ""
    db.session.add(TrustedWriter(member_id=member("ann").id, space_id=home.id))
    for path in (f"/threads/{thread.id}", "/ask"):
        ann.get(path)
        assert said(ann) == ""
    rules(home, first_posts=1)
    dan = login_as("dan")
    dan.get(f"/threads/{thread.id}")
    assert said(dan) == ""


def test_it_costs_most_readers_nothing(
    home: Space, thread: Thread, ann: Visitor, count_statements: CountStatements
) -> None:
    def cost() -> int:
        ann.get(f"/threads/{thread.id}")
        with count_statements() as sql:
            ann.get(f"/threads/{thread.id}")
        return len(sql)

    db.session.query(Post).first()
    usual = cost()
    db.session.add(TrustedWriter(member_id=member("ann").id, space_id=home.id))
    rules(home, first_posts=2)
    assert cost() == usual
