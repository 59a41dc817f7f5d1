"""Threads put elsewhere by several people at once, while others write there: nothing is lost, and sums are exact."""

import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from community.accounts.models import Member
from community.core.db import db, transaction, utcnow
from community.core.events import EventRecord
from community.forum import operations
from community.forum.models import HaveToo, Post, Thread
from community.forum.suggesting.models import SuggestedEdit
from community.forum.suggesting.operations import mark_of, suggest
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

Data = dict[str, str]
Request = tuple[Visitor, str, Data]
AtOnce = Callable[[Sequence[Request]], list[int]]


@pytest.fixture
def at_once(app: Flask) -> AtOnce:
    """Send these requests at the same moment; their answers in order."""

    def sending(requests: Sequence[Request]) -> list[int]:
        ready = [(keys(person), path, data) for person, path, data in requests]
        db.session.commit()
        start = Barrier(len(ready))

        def one(number: int) -> int:
            (cookie, token), path, data = ready[number]
            client = app.test_client()
            client.set_cookie("isthmus", cookie)
            start.wait()
            return client.post(path, data={**data, "csrf_token": token}).status_code

        with ThreadPoolExecutor(len(ready)) as pool:
            answers = list(pool.map(lambda number: contextvars.Context().run(one, number), range(len(ready))))
        db.session.expire_all()
        return answers

    return sending


def keys(person: Visitor) -> tuple[str, str]:
    """A visitor's sign-in and form token."""
    person.get("/help")
    cookie = person.client.get_cookie("isthmus")
    assert cookie is not None
    return cookie.value, person.page.csrf_token


@pytest.fixture
def space(app: Flask) -> Space:
    return a_space("home")


@pytest.fixture
def sue(space: Space, login_as: LoginAs) -> Visitor:
    """A super user of the space."""
    a_member("sue", super_user_in=[space])
    return login_as("sue")


def exact(space: Space) -> None:
    """All counters are what the rows say, and posts of a thread are numbered without a gap."""
    db.session.expire_all()
    for thread in db.session.scalars(select(Thread)):
        numbers = list(db.session.scalars(select(Post.number).where(Post.thread_id == thread.id).order_by(Post.number)))
        having = select(func.count()).select_from(HaveToo).where(HaveToo.thread_id == thread.id)
        assert numbers == list(range(1, len(numbers) + 1))
        assert thread.reply_count == max(len(numbers) - 1, 0)
        assert thread.have_too_count == db.session.scalar(having)
        assert (thread.merged_into_id is None) == bool(numbers)
    there = select(func.count()).select_from(Thread).where(Thread.merged_into_id.is_(None))
    assert space.thread_count == db.session.scalar(there)


def merging(sue: Visitor, thread: Thread, other: Thread) -> Request:
    return sue, f"/threads/{thread.id}/merging", {"other": str(other.id), "reason": "same"}


def facts(name: str) -> int:
    return db.session.scalar(select(func.count()).select_from(EventRecord).where(EventRecord.name == name)) or 0


def test_one_of_several_merges_of_a_thread_is_done(space: Space, sue: Visitor, at_once: AtOnce) -> None:
    one, two, three = (a_thread(space) for _ in range(3))
    answers = at_once(
        [merging(sue, one, two), merging(sue, two, one), merging(sue, one, three), merging(sue, one, two)]
    )
    assert set(answers) <= {302, 404, 422}
    assert 302 in answers
    merged = db.session.scalar(select(func.count()).select_from(Thread).where(Thread.merged_into_id.is_not(None)))
    assert answers.count(302) == merged == facts("forum.thread.merged")
    assert db.session.scalar(select(func.count(Post.id))) == 3
    exact(space)


def test_replies_written_while_a_thread_is_merged_arrive(
    space: Space, sue: Visitor, login_as: LoginAs, at_once: AtOnce
) -> None:
    for turn in range(3):
        source, target = a_thread(space), a_thread(space)
        a_reply(source)
        writers = [login_as(a_member().handle) for _ in range(4)]
        replies = [
            (person, f"/threads/{thread.id}/replies", {"body": f"Reply {turn} of {number} to one of them"})
            for number, (person, thread) in enumerate(zip(writers, (source, target, source, source), strict=True))
        ]
        assert set(at_once([*replies[:2], merging(sue, source, target), *replies[2:]])) == {302}
        assert target.reply_count == 6
        exact(space)


def test_people_who_have_it_too_while_it_is_merged_are_counted(
    space: Space, sue: Visitor, login_as: LoginAs, at_once: AtOnce
) -> None:
    source, target = a_thread(space), a_thread(space)
    people = [login_as(a_member().handle) for _ in range(4)]
    having = [(person, f"/threads/{source.id}/have-too", {"to": "on"}) for person in people]
    assert set(at_once([*having[:2], merging(sue, source, target), *having[2:]])) == {302}
    assert target.have_too_count == 5
    exact(space)


def test_replies_are_split_off_once(space: Space, sue: Visitor, login_as: LoginAs, at_once: AtOnce) -> None:
    thread = a_thread(space)
    chosen, _other = a_reply(thread), a_reply(thread)
    bob = login_as(a_member().handle)
    split = {"posts": str(chosen.id), "title": "Something else", "reason": "other"}
    path = f"/threads/{thread.id}"
    answers = at_once([(sue, f"{path}/splitting", split)] * 3 + [(bob, f"{path}/replies", {"body": "One more reply"})])
    assert (sorted(answers[:3]), answers[3]) == ([302, 422, 422], 302)
    assert db.session.scalar(select(func.count(Thread.id))) == 2
    exact(space)


def test_a_duplicate_is_one_once(space: Space, sue: Visitor, login_as: LoginAs, at_once: AtOnce) -> None:
    one, two = a_thread(space), a_thread(space)
    bob = login_as(a_member().handle)

    def naming(thread: Thread, other: Thread) -> Request:
        return sue, f"/threads/{thread.id}/duplicate", {"other": str(other.id), "reason": "same"}

    requests = [
        naming(one, two),
        naming(one, two),
        naming(two, one),
        (bob, f"/threads/{two.id}/have-too", {"to": "on"}),
    ]
    answers = at_once(requests)
    assert (sorted(answers[:3]), answers[3]) == ([302, 422, 422], 302)
    exact(space)


def test_a_suggestion_is_decided_once(space: Space, sue: Visitor, login_as: LoginAs, at_once: AtOnce) -> None:
    post = a_reply(a_thread(space), a_member("ann"), "The first words of it")
    made = suggest(post, member_id=a_member().id, title="", body="Much better words", reason="better")
    path = f"/suggested-edits/{made.id}"
    accept = {"seen": mark_of(post), "body": "Much better words"}
    ann = login_as("ann")
    answers = at_once(
        [
            (sue, f"{path}/acceptance", accept),
            (ann, f"{path}/refusal", {"word": "no"}),
            (ann, f"{path}/acceptance", accept),
            (sue, f"{path}/refusal", {"word": "no"}),
        ]
    )
    assert sorted(answers) == [302, 422, 422, 422]
    assert (post.suggested_count, post.revision_count) == (0, 1 if made.state == "accepted" else 0)


def test_no_more_than_five_suggestions_wait(space: Space, sue: Visitor, login_as: LoginAs, at_once: AtOnce) -> None:
    posts = [a_reply(a_thread(space)) for _ in range(8)]
    bob = login_as(a_member("bob").handle)
    sent = {"body": "Other words than these", "reason": "better"}
    answers = at_once([(bob, f"/posts/{post.id}/suggestion", sent) for post in posts])
    assert sorted(answers) == [302] * 5 + [422] * 3
    member = db.session.scalars(select(Member).where(Member.handle == "bob")).one()
    mine = select(func.count()).select_from(SuggestedEdit).where(SuggestedEdit.member_id == member.id)
    assert db.session.scalar(mine) == 5
    assert sum(post.suggested_count for post in posts) == 5


def test_edits_at_once_are_all_kept(space: Space, sue: Visitor, login_as: LoginAs, at_once: AtOnce) -> None:
    post = a_reply(a_thread(space), a_member("ann"), "The first words of it")
    ann = login_as("ann")
    path = f"/posts/{post.id}/edit"
    requests = [
        (who, path, {"body": f"Text number {n} of it", "reason": "x"}) for n, who in enumerate((ann, sue, ann, sue))
    ]
    assert set(at_once(requests)) == {302}
    assert post.revision_count == 4


# SQLite lets nobody else write once the request has begun to.
@pytest.mark.databases("postgresql")
def test_an_answer_that_is_hidden_at_that_moment_is_not_accepted(
    app: Flask, space: Space, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = a_reply(a_thread(space, a_member("ann")))
    ann, lock = login_as("ann"), operations._lock

    def hide() -> None:
        with app.app_context(), transaction():
            db.session.execute(update(Post).where(Post.id == post_id).values(hidden_at=utcnow()))

    def after_hiding(thread: Thread) -> Thread:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(contextvars.Context().run, hide).result()
        return lock(thread)

    post_id = post.id
    monkeypatch.setattr(operations, "_lock", after_hiding)
    ann.post(f"/posts/{post_id}/acceptance")
    db.session.expire_all()
    assert (post.hidden_at is not None, post.thread.solution_id) == (True, None)
