"""Reactions sent fifty times at once: one vote, one thank, one bookmark, and sums that are those of the rows."""

import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.forum import operations
from community.forum.models import HaveToo, HelpfulVote, Post, Thread
from community.forum.reactions import bookmarks, confirming, polls
from community.forum.reactions.bookmarks import Bookmark
from community.forum.reactions.polls import Asked, PollOption, PollVote
from community.forum.reactions.thanking import Thanks
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_thread
from tests.visit import Visitor

TIMES, AT_ONCE = 50, 8
Data = dict[str, str]
Press = Callable[[Visitor | Sequence[Visitor], Sequence[tuple[str, Data]]], set[int]]


@pytest.fixture
def press(app: Flask) -> Press:
    """`press(people, requests)`: fifty requests, these and these people in turn, eight at a time; the answers."""

    def pressing(people: Visitor | Sequence[Visitor], requests: Sequence[tuple[str, Data]]) -> set[int]:
        known = [keys(person) for person in ([people] if isinstance(people, Visitor) else people)]
        db.session.commit()

        def one(number: int) -> int:
            cookie, token = known[number % len(known)]
            path, data = requests[number % len(requests)]
            client = app.test_client()
            client.set_cookie("isthmus", cookie)
            return client.post(path, data={**data, "csrf_token": token}).status_code

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = set(pool.map(lambda number: contextvars.Context().run(one, number), range(TIMES)))
        db.session.expire_all()
        return answers

    return pressing


def keys(person: Visitor) -> tuple[str, str]:
    """A visitor's sign-in and form token."""
    person.get("/help")
    cookie = person.client.get_cookie("isthmus")
    assert cookie is not None
    return cookie.value, person.page.csrf_token


def counted(table: type[object], *conditions: object) -> int:
    """Rows of a table."""
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def facts(name: str) -> int:
    """How often something was recorded to have happened."""
    return counted(EventRecord, EventRecord.name == name)


def test_one_vote_of_fifty(app: Flask, press: Press, login_as: LoginAs) -> None:
    thread = a_thread()
    post = a_reply(thread)
    a_member("ann", role="agent")
    ann = login_as("ann")
    for verb, sums in (("helpful", (1, 0)), ("not-helpful", (0, 1))):
        assert press(ann, [(f"/posts/{post.id}/{verb}", {"to": "on"})]) == {302}
        assert (post.helpful_count, post.not_helpful_count) == sums
    assert counted(HelpfulVote) == 1
    assert (facts("forum.helpful.marked"), facts("forum.helpful.unmarked"), facts("forum.not-helpful.marked")) == (
        1,
    ) * 3


def test_votes_for_and_against_at_once_have_exact_sums(app: Flask, press: Press, login_as: LoginAs) -> None:
    post = a_reply(a_thread())
    people = [login_as(a_member(f"agent{number}", role="agent").handle) for number in range(3)]
    requests = [
        (f"/posts/{post.id}/{verb}", {"to": to}) for verb in ("helpful", "not-helpful") for to in ("on", "on", "off")
    ]
    assert press(people, [*requests, requests[0]]) == {302}
    for helpful, count in ((True, post.helpful_count), (False, post.not_helpful_count)):
        assert count == counted(HelpfulVote, HelpfulVote.helpful.is_(helpful))
    for name, count in (("helpful", post.helpful_count), ("not-helpful", post.not_helpful_count)):
        assert facts(f"forum.{name}.marked") - facts(f"forum.{name}.unmarked") == count


def test_one_has_it_too_and_says_where(app: Flask, press: Press, login_as: LoginAs) -> None:
    thread = a_thread()
    a_member("ann")
    ann, page = login_as("ann"), f"/threads/{thread.id}/have-too"
    assert press(ann, [(page, {"to": "on"})]) == {302}
    assert (thread.have_too_count, counted(HaveToo), facts("forum.have-too.added")) == (1, 1, 1)
    assert press(ann, [(f"{page}/details", {"version": "5.1", "site": "Lyon"})]) == {302}
    assert counted(HaveToo, HaveToo.version == "5.1", HaveToo.site == "Lyon") == 1
    assert press(ann, [(page, {"to": "off"})]) == {302}
    assert (thread.have_too_count, counted(HaveToo), facts("forum.have-too.removed")) == (0, 0, 1)


def test_one_thanks_once(app: Flask, press: Press, login_as: LoginAs) -> None:
    post = a_reply(a_thread())
    a_member("ann")
    ann = login_as("ann")
    assert press(ann, [(f"/posts/{post.id}/thanks", {"line": "It helped"})]) == {302}
    assert (post.thanks_count, counted(Thanks), facts("forum.post.thanked")) == (1, 1, 1)
    assert press(ann, [(f"/posts/{post.id}/thanks/withdrawal", {})]) == {302}
    assert (post.thanks_count, counted(Thanks), facts("forum.thanks.withdrawn")) == (0, 0, 1)


def test_thanks_of_many_are_all_counted(app: Flask, press: Press, login_as: LoginAs) -> None:
    post = a_reply(a_thread())
    people = [login_as(a_member().handle) for _ in range(4)]
    assert press(people, [(f"/posts/{post.id}/thanks", {})]) == {302}
    assert (post.thanks_count, counted(Thanks)) == (4, 4)


def test_one_bookmark_and_never_more_than_there_may_be(
    app: Flask, press: Press, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = a_thread()
    posts = [a_reply(thread).id for _ in range(6)]
    a_member("ann")
    ann = login_as("ann")
    assert press(ann, [(f"/posts/{posts[0]}/bookmark", {"to": "on"})]) == {302}
    assert counted(Bookmark) == 1
    monkeypatch.setattr(bookmarks, "MOST", 4)
    assert press(ann, [(f"/posts/{id_}/bookmark", {"to": "on"}) for id_ in posts]) == {302}
    assert counted(Bookmark) == 4


@pytest.mark.parametrize("multiple", [False, True])
def test_a_poll_counts_each_person_once(app: Flask, press: Press, login_as: LoginAs, multiple: bool) -> None:
    thread = a_thread()
    polls.begin(thread, Asked(("Yes", "No", "Later"), multiple=multiple))
    db.session.flush()
    ids = list(db.session.scalars(select(PollOption.id).order_by(PollOption.position)))
    people = [login_as(a_member().handle) for _ in range(3)]
    path = f"/threads/{thread.id}/poll/votes"
    assert press(people, [(path, {"option": str(ids[0])})]) == {302}
    assert (counted(PollVote), counted(PollVote, PollVote.option_id == ids[0])) == (3, 3)
    assert press(people, [(path, {"option": str(id_)}) for id_ in ids]) == {302}
    assert counted(PollVote) == 3


def test_an_answer_is_confirmed_once(app: Flask, press: Press, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    operations.accept(thread, a_reply(thread), by_id=thread.author_id)
    thread.solved_at = utcnow() - timedelta(days=4)
    db.session.flush()
    confirming.ask_authors()
    answers = press(login_as("ann"), [(f"/threads/{thread.id}/confirmation", {"lasted": "yes"})])
    assert answers <= {302, 404}
    assert db.session.get_one(Thread, thread.id).confirmed_at is not None
    assert facts("forum.answer.confirmed") == 1


def test_an_answer_that_did_not_last_is_taken_back_once(app: Flask, press: Press, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    operations.accept(thread, a_reply(thread), by_id=thread.author_id)
    thread.confirmation_asked_at = utcnow()
    answers = press(login_as("ann"), [(f"/threads/{thread.id}/confirmation", {"lasted": "no"})])
    assert answers <= {302, 404}
    assert db.session.get_one(Thread, thread.id).solution_id is None
    assert facts("forum.answer.unaccepted") == 1
    assert counted(Post, Post.thread_id == thread.id) == 2
