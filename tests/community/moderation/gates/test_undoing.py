"""Decisions on held posts that are taken back: exactly, once, and told to their author and to nobody else."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.drafts.models import Draft
from community.following.models import Following, Level
from community.forum import operations
from community.forum.models import Post, Thread
from community.moderation import measures
from community.moderation.gates.models import Action, HeldWriting, Look, TrustedWriter, WatchedWord
from community.moderation.models import Case
from community.notifications.models import Notification
from community.spaces.models import Space
from gamification.public import standing_of
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.visit import Visitor

from .conftest import asks, case_of, decide, replies, rules, waiting
from .test_at_once import at_once

TITLE = "The lift stands still again"


@pytest.fixture
def held(home: Space, ann: Visitor) -> HeldWriting:
    """Ann's first thread in a space that looks at first posts; Fay follows the space."""
    rules(home, first_posts=1)
    fay = a_member("fay")
    db.session.add(Following(member_id=fay.id, space_id=home.id, level=Level.WATCHING))
    asks(ann, TITLE, tags="lift", poll_options="stairs\nwait")
    (row,) = waiting()
    return row


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def undo(who: Visitor, row: HeldWriting, status: int | None = None) -> None:
    who.get(f"/review/{case_of(row).id}")
    who.post(f"/review/{case_of(row).id}/undoing", status=status)


def told(handle: str) -> list[str]:
    rows = select(Notification.title).where(Notification.member_id == member(handle).id).order_by(Notification.id)
    return list(db.session.scalars(rows))


def test_what_was_published_waits_again_and_followers_are_told_once(
    held: HeldWriting, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    sue, fay = login_as("sue"), login_as("fay")
    decide(sue, held, "publish")
    run_jobs()
    thread = db.session.scalars(select(Thread)).one()
    before = len(told("fay"))
    assert before == 1
    undo(sue, held)
    run_jobs()
    assert (held.state, held.decided_at, case_of(held).state) == ("waiting", None, "open")
    fay.get(f"/threads/{thread.id}", status=404)
    fay.get("/threads")
    assert TITLE not in fay.text
    ann.get("/notifications")
    assert f"it waits for approval again: {TITLE}" in ann.text
    ann.get("/waiting-for-approval")
    assert TITLE in ann.text
    decide(sue, held, "publish")
    run_jobs()
    assert db.session.scalars(select(Thread)).one().hidden_at is None
    assert (held.state, held.post_id) == ("published", thread.posts[0].id)
    assert len(told("fay")) == before
    assert told("ann")[-1] == f"It is published: {TITLE}"
    fay.get(f"/threads/{thread.id}")
    assert "stairs" in fay.text


def test_only_whoever_decided_takes_it_back_and_once(held: HeldWriting, login_as: LoginAs) -> None:
    sue, boss = login_as("sue"), login_as("boss")
    decide(sue, held, "publish")
    undo(boss, held, status=404)
    undo(sue, held)
    sue.post(f"/review/{case_of(held).id}/undoing", status=404)
    assert held.state == "waiting"
    decide(boss, held, "refuse", "Not like this.")
    assert held.state == "refused"
    assert db.session.scalars(select(Thread)).one().hidden_at is not None


def test_an_answer_and_points_are_as_before(home: Space, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_thread(home)
    rules(home, first_posts=1)
    replies(ann, thread.id, "Press the red button.")
    (row,) = waiting()
    sue = login_as("sue")
    decide(sue, row, "publish")
    operations.accept(thread, db.session.get_one(Post, row.post_id), by_id=thread.author_id)
    run_jobs()
    standing, solved = standing_of(member("ann").id), thread.solved_at
    undo(sue, row)
    run_jobs()
    assert thread.solution_id is None
    assert standing_of(member("ann").id) != standing
    decide(sue, row, "publish")
    run_jobs()
    assert (thread.solution_id, thread.solved_at) == (row.post_id, solved)
    assert standing_of(member("ann").id) == standing
    assert len(thread.posts) == 2


def test_trust_that_came_with_it_goes_with_it(held: HeldWriting, login_as: LoginAs) -> None:
    sue = login_as("sue")
    decide(sue, held, "trust")
    assert db.session.query(TrustedWriter).count() == 1
    undo(sue, held)
    assert db.session.query(TrustedWriter).count() == 0


def test_what_was_refused_waits_again_and_its_draft_is_gone(
    held: HeldWriting, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    sue = login_as("sue")
    decide(sue, held, "refuse", "Ask in the lift's own space.")
    assert db.session.query(Draft).count() == 1
    undo(sue, held)
    run_jobs()
    assert (held.state, held.words, held.decided_at) == ("waiting", "", None)
    assert db.session.query(Draft).count() == 0
    assert told("ann")[-1] == f"The decision was taken back; it waits for approval again: {TITLE}"
    decide(sue, held, "publish")
    assert db.session.query(Thread).count() == 1


def test_a_refusal_stays_once_its_author_goes_on_with_the_text(
    held: HeldWriting, ann: Visitor, login_as: LoginAs
) -> None:
    sue = login_as("sue")
    decide(sue, held, "refuse", "Say it in other words.")
    ann.get("/ask")
    ann.submit("#ask-form", title="The lift, in other words")
    sue.get(f"/review/{case_of(held).id}")
    assert "Take the decision back" not in sue.text
    sue.post(f"/review/{case_of(held).id}/undoing", status=404)
    assert held.state == "refused"


def test_an_edit_is_taken_back_unless_it_was_changed_since(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    thread, boss, sue = a_thread(home, member("ann"), title="A thread of mine"), login_as("boss"), login_as("sue")
    boss.get("/spaces/home/manage/watched-words")
    boss.submit("#word-form", text="lottery", look="word", action="hold")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("#edit-form", title="A lottery of mine", body="There is a lottery in the hall.", tags="lift")
    (row,) = waiting()
    was = thread.posts[0].body
    decide(sue, row, "publish")
    assert (thread.title, thread.tags) == ("A lottery of mine", ["lift"])
    undo(sue, row)
    assert (thread.title, thread.tags, thread.posts[0].body) == ("A thread of mine", [], was)
    decide(sue, row, "publish")
    assert (thread.title, thread.tags) == ("A lottery of mine", ["lift"])
    operations.edit_post(thread.posts[0], editor_id=member("boss").id, body="Said by the boss now.")
    sue.get(f"/review/{case_of(row).id}")
    assert "Take the decision back" not in sue.text


def test_what_was_hidden_meanwhile_is_not_taken_back(held: HeldWriting, login_as: LoginAs) -> None:
    sue = login_as("sue")
    decide(sue, held, "publish")
    post = db.session.get_one(Post, held.post_id)
    sue.get(f"/posts/{post.id}/hiding")
    sue.submit("main form", rule="spam", reason="No advertising.")
    sue.get(f"/review/{case_of(held).id}")
    assert "Take the decision back" not in sue.text


def test_shown_again_by_a_moderator_and_refused_it_is_out_of_view(held: HeldWriting, login_as: LoginAs) -> None:
    sue = login_as("sue")
    decide(sue, held, "publish")
    undo(sue, held)
    sue.post(f"/posts/{held.post_id}/restoration")
    thread = db.session.scalars(select(Thread)).one()
    assert thread.hidden_at is None
    decide(sue, held, "refuse", "Not here.")
    assert thread.hidden_at is not None


def test_a_measure_that_came_meanwhile_keeps_it_from_view(held: HeldWriting, login_as: LoginAs) -> None:
    sue = login_as("sue")
    decide(sue, held, "publish")
    undo(sue, held)
    post, thread = db.session.get_one(Post, held.post_id), db.session.scalars(select(Thread)).one()
    sue.get(f"/posts/{post.id}/hiding")
    sue.submit("main form", rule="spam", reason="No advertising.")
    decide(sue, held, "publish")
    assert thread.hidden_at is not None
    sue.post(f"/posts/{post.id}/restoration")
    assert thread.hidden_at is None


def test_two_who_take_it_back_at_once(app: Flask, held: HeldWriting, login_as: LoginAs) -> None:
    sue = login_as("sue")
    decide(sue, held, "publish")
    answers = at_once(app, [(sue, f"/review/{case_of(held).id}/undoing", {})] * 3)
    assert answers.count(302) >= 1
    assert held.state == "waiting"
    assert db.session.query(Case).filter_by(kind="held", state="open").count() == 1
    reopened = select(Notification.id).where(Notification.member_id == member("ann").id)
    assert db.session.scalars(reopened).all() == []


def test_people_are_told_once_that_a_post_mentions_them(
    home: Space, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("fay"), a_member("gil")
    db.session.add(WatchedWord(look=Look.WORD.value, text="lottery", action=Action.HOLD.value))
    thread, sue = a_thread(home, member("ann")), login_as("sue")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("#edit-form", body="Ask @fay about the lottery.")
    (row,) = waiting()
    for _time in range(2):
        decide(sue, row, "publish")
        run_jobs()
        assert len(told("fay")) == 1
        undo(sue, row)
        run_jobs()
    decide(sue, row, "publish")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("#edit-form", body="Ask @fay or @gil about the lottery.")
    run_jobs()
    assert (len(told("fay")), len(told("gil"))) == (1, 1)


def test_a_post_that_is_shown_again_tells_nobody_again(
    home: Space, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("fay")
    thread = a_thread(home)
    replies(ann, thread.id, "Ask @fay about the lift.")
    run_jobs()
    (post,) = [one for one in thread.posts if one.author_id == member("ann").id]
    hidden = measures.take(
        "hide", target_kind="post", target_id=post.id, rule="spam", member_id=post.author_id, by_id=member("boss").id
    )
    run_jobs()
    assert post.hidden_at is not None
    measures.end(hidden, by_id=member("boss").id, how="lifted")
    for body in ("Ask somebody about the lift.", "Ask @fay once more about the lift."):
        ann.get(f"/posts/{post.id}/edit")
        ann.submit("#edit-form", body=body)
    run_jobs()
    assert "@fay once more" in post.body
    assert len(told("fay")) == 1
