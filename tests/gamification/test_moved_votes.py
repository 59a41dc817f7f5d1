"""A vote belongs to the thread in which it was given, also after its post was moved: each thread's sum stays right."""

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.core.events import EventRecord
from community.forum.arranging import posts as arranging_posts
from community.forum.events import HelpfulUnmarked, NotHelpfulUnmarked
from community.forum.models import Post, Thread
from gamification.models import LedgerEntry
from gamification.public import standing_of
from gamification.rebuilding import rebuild
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread


def sums() -> dict[str, int]:
    """Points that stand, by the thread in whose facts they are."""
    db.session.expire_all()
    total = func.sum(LedgerEntry.points)
    rows = db.session.execute(select(LedgerEntry.scope, total).group_by(LedgerEntry.scope))
    return {scope: int(points) for scope, points in rows if points}


def merged() -> tuple[Post, Thread, Thread]:
    """A reply with one vote, whose thread was merged into another since."""
    source, target = a_thread(), a_thread()
    post = a_reply(source, a_member("ann"))
    return post, source, target


def test_a_vote_taken_back_after_a_merge_takes_its_points_along(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    post, source, target = merged()
    a_member("bob")
    bob = login_as("bob")
    bob.post(f"/posts/{post.id}/helpful", {})
    run_jobs()
    arranging_posts.merge(source, target, by_id=target.author_id, reason="same")
    run_jobs()
    assert sums() == {f"thread:{source.id}": 5}
    bob.post(f"/posts/{post.id}/helpful", {})
    run_jobs()
    assert sums() == {}
    assert standing_of(post.author_id).points == 0
    taken_back = db.session.scalars(select(EventRecord.subject).where(EventRecord.name == HelpfulUnmarked.name)).one()
    assert taken_back == f"thread:{source.id}"
    bob.post(f"/posts/{post.id}/helpful", {})
    run_jobs()
    assert sums() == {f"thread:{target.id}": 5}
    bob.post(f"/posts/{post.id}/helpful", {})
    run_jobs()
    assert sums() == {}
    rebuild()
    assert sums() == {}


def test_a_vote_turned_round_after_its_reply_was_split_off(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_thread()
    post = a_reply(thread, a_member("ann"))
    a_member("oksana", role="manager")
    manager = login_as("oksana")
    manager.post(f"/posts/{post.id}/not-helpful", {})
    arranging_posts.split(thread, [post.id], title="Another question", by_id=thread.author_id, reason="apart")
    run_jobs()
    manager.post(f"/posts/{post.id}/helpful", {})
    run_jobs()
    db.session.expire_all()
    turned = db.session.scalars(select(EventRecord.subject).where(EventRecord.name == NotHelpfulUnmarked.name)).one()
    assert turned == f"thread:{thread.id}"
    assert sums() == {f"thread:{post.thread_id}": 5}
