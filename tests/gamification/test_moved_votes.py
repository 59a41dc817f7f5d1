"""Points belong to the thread in which they were earned, and fall away wherever their post went since."""

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.forum.arranging import posts as arranging_posts
from community.forum.models import Post, Thread
from community.moderation.models import Measure
from gamification.models import LedgerEntry
from gamification.public import standing_of
from gamification.rebuilding import rebuild
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.visit import Visitor


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
    assert sums() == {f"thread:{post.thread_id}": 5}


def test_what_a_reply_earned_falls_away_wherever_it_went(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    """Merged into another thread, hidden there, shown again, split off, hidden again; and the vote taken back."""
    post, source, target = merged()
    for handle in ("bob", "ben"):
        a_member(handle)
    a_member("boss", role="manager")
    bob, boss = login_as("bob"), login_as("boss")
    bob.post(f"/posts/{post.id}/helpful", {})
    login_as("ben").post(f"/posts/{post.id}/helpful", {})
    boss.get(f"/threads/{source.id}/merging")
    boss.submit("main form", other=str(target.id), reason="The same question")
    run_jobs()
    assert (sums(), points(post)) == ({f"thread:{source.id}": 10}, 10)
    hide(boss, post)
    run_jobs()
    assert (sums(), points(post)) == ({}, 0)
    boss.post(f"/posts/{post.id}/restoration", {})
    run_jobs()
    assert points(post) == 10
    boss.get(f"/threads/{target.id}/splitting")
    boss.submit("main form", title="A question of its own", posts=[str(post.id)], reason="Apart")
    reply = a_reply(db.session.get_one(Thread, post.thread_id), a_member("cat"))
    run_jobs()
    hide(boss, post)  # it opens the thread
    run_jobs()
    assert (post.thread.hidden_at is not None, points(post)) == (True, 0)
    boss.post(f"/posts/{post.id}/restoration", {})
    bob.post(f"/posts/{post.id}/helpful", {})
    run_jobs()
    assert (sums(), points(post)) == ({f"thread:{source.id}": 5}, 5)
    ann = login_as("ann")
    ann.post(f"/posts/{reply.id}/acceptance", {})
    run_jobs()
    assert (points(reply), points(post)) == (15, 7), "the new thread is hers: she said what solved it"
    standing = sums()
    rebuild()
    assert (sums(), points(post)) == (standing, 7)


def test_an_acceptance_goes_along_and_can_be_taken_back(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    post, source, target = merged()
    other = a_reply(target, a_member("cat"))
    a_member("boss", role="manager")
    boss = login_as("boss")
    asker, owner = login_as(source.author.handle), login_as(target.author.handle)
    asker.post(f"/posts/{post.id}/acceptance", {})
    boss.get(f"/threads/{source.id}/merging")
    boss.submit("main form", other=str(target.id), reason="The same question")
    run_jobs()
    assert (target.solution_id, points(post), standing_of(source.author_id).points) == (post.id, 15, 2)
    owner.get(f"/threads/{target.id}")
    owner.post(f"/posts/{other.id}/acceptance", {})
    run_jobs()
    assert (points(post), points(other)) == (0, 15)
    assert [standing_of(one.author_id).points for one in (source, target)] == [0, 2]
    rebuild()
    assert (points(post), points(other)) == (0, 15)


def test_two_accepted_answers_in_one_thread_each_keep_their_points_once(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    post, source, target = merged()
    other = a_reply(target, a_member("cat"))
    a_member("boss", role="manager")
    login_as(source.author.handle).post(f"/posts/{post.id}/acceptance", {})
    owner, boss = login_as(target.author.handle), login_as("boss")
    owner.post(f"/posts/{other.id}/acceptance", {})
    arranging_posts.merge(source, target, by_id=target.author_id, reason="same")
    run_jobs()
    assert (target.solution_id, points(post), points(other)) == (other.id, 15, 15)
    owner.post(f"/posts/{post.id}/acceptance", {})
    run_jobs()
    assert (target.solution_id, points(post), points(other)) == (post.id, 15, 0)
    hide(boss, post)
    run_jobs()
    assert (sums(), points(post)) == ({}, 0)
    measure = db.session.scalars(select(Measure)).one()
    boss.post(f"/posts/{post.id}/restoration", {})
    run_jobs()
    assert (measure.ended_at is not None, points(post), standing_of(target.author_id).points) == (True, 15, 2)


def test_an_answer_that_a_measure_hid_after_a_merge_comes_back_as_it_was(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    post, source, target = merged()
    a_member("boss", role="manager")
    login_as(source.author.handle).post(f"/posts/{post.id}/acceptance", {})
    arranging_posts.merge(source, target, by_id=target.author_id, reason="same")
    run_jobs()
    before = (target.solution_id, points(post), standing_of(source.author_id).points)
    boss = login_as("boss")
    hide(boss, post)
    run_jobs()
    assert (target.solution_id, points(post), standing_of(source.author_id).points) == (None, 0, 0)
    boss.post(f"/posts/{post.id}/restoration", {})
    run_jobs()
    assert (target.solution_id, points(post), standing_of(source.author_id).points) == before == (post.id, 15, 2)


def hide(boss: Visitor, post: Post) -> None:
    boss.get(f"/posts/{post.id}/hiding")
    boss.submit("main form", reason="Not for here")


def points(post: Post) -> int:
    db.session.expire_all()
    return standing_of(post.author_id).points
