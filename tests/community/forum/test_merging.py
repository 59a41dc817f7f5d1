"""What goes with the posts of a thread that is merged: its poll, its answers to fields, marks, votes, and drafts."""

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import func, select

from community.core.db import db, utcnow
from community.drafts.models import Draft
from community.forum import operations
from community.forum.dates import operations as dates
from community.forum.dates.operations import When
from community.forum.models import HelpfulVote, Thread
from community.forum.reactions import bookmarks, polls, thanking
from community.forum.reactions.polls import Asked, Poll, PollVote
from community.spaces.models import Space
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

FIELDS = [{"key": "a1", "label": "Product", "look": "line", "value": "Zebra 9"}]


@pytest.fixture
def space(app: Flask) -> Space:
    return a_space("home")


@pytest.fixture
def mod(space: Space, login_as: LoginAs) -> Visitor:
    a_member("mod", super_user_in=[space])
    return login_as("mod")


@pytest.fixture
def two(space: Space) -> tuple[Thread, Thread]:
    """A thread to be merged, and the one that it goes into."""
    return a_thread(space, a_member("ann"), title="Which day?"), a_thread(space, a_member("bob"), title="The meeting")


def merge(mod: Visitor, two: tuple[Thread, Thread], status: int | None = None) -> None:
    source, target = two
    mod.get(f"/threads/{source.id}/merging")
    follow = status is None
    mod.submit("#arrange-form", status=status, follow=follow, reason="The same", other=str(target.id))
    db.session.expire_all()


def a_poll(thread: Thread, voter_id: int) -> None:
    polls.begin(thread, Asked(("Monday", "Friday"), named=True))
    option = db.session.scalars(select(polls.PollOption.id).where(polls.PollOption.thread_id == thread.id)).first()
    polls.vote(thread, [option or 0], member_id=voter_id)


def test_a_poll_goes_along_with_its_question_and_votes(
    mod: Visitor, two: tuple[Thread, Thread], login_as: LoginAs
) -> None:
    source, target = two
    a_poll(source, target.author_id)
    merge(mod, two)
    assert (source.has_poll, target.has_poll) == (False, True)
    assert "Which day?" in mod.select("#poll")[0].text and "1 vote" in mod.select("#poll")[0].text
    bob = login_as("bob")
    bob.get(f"/threads/{target.id}")
    bob.submit("#poll form", option=bob.select("#poll input[name=option]")[1]["value"])
    assert [row.thread_id for row in db.session.scalars(select(PollVote))] == [target.id]
    assert [row.question for row in db.session.scalars(select(Poll))] == ["Which day?"]


@pytest.mark.parametrize("both", [False, True])
def test_a_date_goes_along_and_stays_the_same_event(
    app: Flask, mod: Visitor, two: tuple[Thread, Thread], login_as: LoginAs, *, both: bool
) -> None:
    source, target = two
    now = utcnow()
    for thread, place in ((source, "Room 4"), (target, "Hall 1"))[: 1 + both]:
        when = When(now + timedelta(days=1), now + timedelta(days=2), "UTC", place)
        dates.set_date(thread, when, by_id=source.author_id)
    before = parsed(app, f"/threads/{source.id}/event.ics")
    merge(mod, two)
    after = parsed(app, f"/threads/{target.id}/event.ics")
    assert after == parsed(app, f"/threads/{source.id}/event.ics")
    assert after["location"] == ("Hall 1" if both else "Room 4")
    assert (after["uid"] == before["uid"], int(after["sequence"])) == ((False, 0) if both else (True, 1))
    assert after["location"] in mod.text
    a_member("meg", role="manager")
    meg = login_as("meg")
    meg.post(f"/threads/{target.id}/event/cancellation")
    assert parsed(app, f"/threads/{target.id}/event.ics")["status"] == "CANCELLED"


def parsed(app: Flask, path: str) -> Event:
    """The one event that is found there."""
    (entry,) = Calendar.from_ical(app.test_client().get(path).data).walk("VEVENT")
    return entry  # type: ignore[return-value]


def test_two_polls_in_one_thread_are_refused(mod: Visitor, two: tuple[Thread, Thread]) -> None:
    for thread in two:
        a_poll(thread, two[0].author_id)
    merge(mod, two, status=422)
    assert "Both threads have a poll" in mod.text
    assert two[0].merged_into_id is None
    assert mod.select("#reason")[0]["value"] == "The same"


def test_answers_to_fields_stay_readable(mod: Visitor, two: tuple[Thread, Thread], run_jobs: RunJobs) -> None:
    source, target = two
    source.fields = FIELDS
    opening = source.posts[0].id
    merge(mod, two)
    assert "Zebra 9" in mod.select(f"#post-{opening} .given")[0].text
    run_jobs()
    mod.get("/search", q="zebra")
    assert f"/posts/{opening}" in " ".join(mod.links()) or f"post-{opening}" in " ".join(mod.links())
    mod.get(f"/posts/{opening}/revisions")
    mod.get(f"/posts/{opening}/edit")
    mod.submit("#edit-form", body="Another text of it.")
    assert "Zebra 9" in mod.select(f"#post-{opening} .given")[0].text
    mod.get(f"/threads/{target.id}/splitting")
    mod.submit("#arrange-form", title="Which day, again", posts=[str(opening)], reason="Apart after all")
    split = db.session.scalars(select(Thread).where(Thread.title == "Which day, again")).one()
    assert (split.fields, split.posts[0].fields) == (FIELDS, [])


def test_marks_votes_and_thanks_follow_their_posts(mod: Visitor, two: tuple[Thread, Thread], login_as: LoginAs) -> None:
    source, target = two
    bob, reply = target.author_id, a_reply(source, db.session.get_one(Thread, source.id).author, "Friday is good.")
    for post in (source.posts[0], reply):
        bookmarks.add(post, member_id=bob)
        thanking.thank(post, member_id=bob, line="So clear")
    operations.mark_helpful(reply, member_id=bob)
    merge(mod, two)
    visitor = login_as("bob")
    visitor.get(f"/threads/{target.id}")
    assert visitor.text.count("So clear") == 2
    assert (reply.helpful_count, db.session.scalar(select(func.count()).select_from(HelpfulVote))) == (1, 1)
    visitor.get("/bookmarks")
    assert len([link for link in visitor.links() if link.endswith(f"#post-{reply.id}") or f"/posts/{reply.id}" in link])


def test_a_solution_that_lasted_still_does(mod: Visitor, two: tuple[Thread, Thread]) -> None:
    source, target = two
    reply = a_reply(source, a_member("cid"), "Friday is good.")
    operations.accept(source, reply, by_id=source.author_id)
    source.confirmation_asked_at = source.confirmed_at = utcnow()
    merge(mod, two)
    assert target.solution_id == reply.id and target.confirmed_at is not None


def test_a_reply_that_was_begun_waits_in_the_other_thread(
    mod: Visitor, two: tuple[Thread, Thread], login_as: LoginAs
) -> None:
    source, target = two
    bob = login_as("bob")
    begun = {"draft_for": f"reply:{source.id}", "body": "I would say Fri"}
    bob.post("/drafts", begun)
    draft = db.session.scalars(select(Draft)).one()
    merge(mod, two)
    bob.get(f"/threads/{target.id}")
    assert bob.select("#reply-form textarea")[0].text.strip() == "I would say Fri"
    going_on = {**begun, "body": "I would say Friday", "draft_id": draft.id, "draft_version": draft.version}
    bob.post("/drafts", going_on)
    assert [(row.target_id, row.body) for row in db.session.scalars(select(Draft))] == [
        (target.id, "I would say Friday")
    ]
    bob.get(f"/threads/{target.id}")
    bob.submit("#reply-form", body="I would say Friday, at nine.")
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
