"""Helpful and "I have this too": once for each person, exact under parallel requests."""

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db, transaction
from community.forum import operations
from community.forum.models import HaveToo, HelpfulVote, Post, Thread
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_thread


def at_once(app: Flask, work: Callable[[int], object], times: int, threads: int = 8) -> list[object]:
    """Do `work(0)` to `work(times - 1)` in threads, each in a transaction of its own."""

    def one(number: int) -> object:
        with app.app_context(), transaction():
            return work(number)

    db.session.commit()
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda number: contextvars.Context().run(one, number), range(times)))


def test_a_vote_is_given_and_taken_back(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    post = a_reply(thread)
    a_member("ann")
    ann = login_as("ann")
    for count, pressed in ((1, "true"), (0, "false"), (1, "true")):
        ann.get(f"/threads/{thread.id}")
        ann.submit(f"/posts/{post.id}/helpful")
        assert post.helpful_count == count
        button = ann.select(f"form[action='/posts/{post.id}/helpful'] button")[0]
        assert button["aria-pressed"] == pressed
        assert button.get_text(strip=True) == (f"Helpful, {count}" if count else "Helpful")


def test_having_it_too_is_said_and_taken_back(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    a_member("ann")
    ann = login_as("ann")
    for count in (1, 0, 1):
        ann.get(f"/threads/{thread.id}")
        ann.submit("#too")
        assert thread.have_too_count == count
        assert f"{count} pe" in ann.select(".too__n")[0].get_text()


def test_nobody_votes_for_themselves(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    post = a_reply(thread, ann)
    visitor = login_as("ann")
    visitor.post(f"/posts/{post.id}/helpful", status=404)
    visitor.post(f"/threads/{thread.id}/have-too", status=404)
    assert (post.helpful_count, thread.have_too_count) == (0, 0)


def test_the_same_vote_twice_counts_once(app: Flask) -> None:
    thread, ann = a_thread(), a_member("ann")
    post = a_reply(thread)
    assert [operations.mark_helpful(post, member_id=ann.id) for _ in range(3)] == [True, False, False]
    assert [operations.have_too(thread, member_id=ann.id) for _ in range(3)] == [True, False, False]
    db.session.commit()
    assert (post.helpful_count, thread.have_too_count) == (1, 1)
    assert [operations.unmark_helpful(post, member_id=ann.id) for _ in range(2)] == [True, False]
    assert [operations.no_longer_have_too(thread, member_id=ann.id) for _ in range(2)] == [True, False]
    db.session.commit()
    assert (post.helpful_count, thread.have_too_count) == (0, 0)


@pytest.mark.parametrize("verb", ["helpful", "too"])
def test_fifty_identical_votes_at_once_count_once(app: Flask, verb: str) -> None:
    thread, ann = a_thread(), a_member("ann")
    post_id, thread_id, ann_id = a_reply(thread).id, thread.id, ann.id

    def vote(_number: int) -> bool:
        if verb == "helpful":
            return operations.mark_helpful(db.session.get_one(Post, post_id), member_id=ann_id)
        return operations.have_too(db.session.get_one(Thread, thread_id), member_id=ann_id)

    assert sum(map(bool, at_once(app, vote, 50))) == 1
    table, row = (HelpfulVote, Post) if verb == "helpful" else (HaveToo, Thread)
    counted = Post.helpful_count if row is Post else Thread.have_too_count
    assert db.session.scalar(select(func.count()).select_from(table)) == 1
    assert db.session.scalar(select(func.max(counted))) == 1


@pytest.mark.parametrize("verb", ["helpful", "too"])
def test_votes_of_many_people_at_once_are_all_counted(app: Flask, verb: str) -> None:
    thread = a_thread()
    voters = [a_member().id for _ in range(24)]
    post_id, thread_id = a_reply(thread).id, thread.id

    def vote(number: int) -> bool:
        if verb == "helpful":
            return operations.mark_helpful(db.session.get_one(Post, post_id), member_id=voters[number])
        return operations.have_too(db.session.get_one(Thread, thread_id), member_id=voters[number])

    assert all(at_once(app, vote, 24))
    counted = Post.helpful_count if verb == "helpful" else Thread.have_too_count
    assert db.session.scalar(select(func.max(counted))) == 24


def test_fifty_presses_of_a_button_at_once_leave_count_and_rows_alike(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    post = a_reply(thread)
    a_member("ann")
    ann = login_as("ann")
    page = f"/threads/{thread.id}"
    ann.get(page)
    token, cookie = ann.page.csrf_token, ann.client.get_cookie("isthmus")
    assert cookie is not None
    paths = [f"/posts/{post.id}/helpful", f"{page}/have-too"] * 25
    db.session.commit()

    def press(path: str) -> int:
        client = app.test_client()
        client.set_cookie("isthmus", cookie.value)
        return client.post(path, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda path: contextvars.Context().run(press, path), paths))
    assert set(answers) == {302}
    db.session.expire_all()
    assert post.helpful_count == db.session.scalar(select(func.count()).select_from(HelpfulVote))
    assert thread.have_too_count == db.session.scalar(select(func.count()).select_from(HaveToo))


def test_replies_at_once_get_numbers_of_their_own(app: Flask) -> None:
    thread = a_thread()
    writers = [a_member().id for _ in range(8)]
    thread_id = thread.id

    def write(number: int) -> int:
        found = db.session.get_one(Thread, thread_id)
        return operations.reply(found, author_id=writers[number], body=f"Reply {number}").number

    assert sorted(at_once(app, write, 8)) == list(range(2, 10))  # type: ignore[type-var]
    db.session.expire_all()
    assert thread.reply_count == 8
    assert thread.state == "answered"
