"""Cleaning up after a spammer in one act, and taking all of it back exactly."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.forum import operations
from community.forum.models import HelpfulVote, Post, Thread
from community.moderation.models import Case, Flag, Measure
from community.moderation.rules import CLEAN_AT_ONCE
from gamification.public import standing_of
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def spam(app: Flask) -> Thread:
    """A thread of Ann's with two replies of Bob's, one of them accepted, one that he deleted; he has a thread too."""
    home = a_space("home")
    a_member("sue", super_user_in=[home])
    a_member("boss", role="manager")
    ann, bob = a_member("ann"), a_member("bob")
    thread = a_thread(home, ann, title="The lift stands still")
    good = a_reply(thread, bob, "Press the button.")
    operations.accept(thread, good, by_id=ann.id)
    operations.hide_post(a_reply(thread, bob, "Nonsense"), by_id=bob.id, reason="My mistake")
    a_reply(thread, bob, "Buy pills")
    a_thread(home, bob, title="Buy more pills")
    helpful = a_reply(thread, a_member("cat"), "Call the firm.")
    operations.mark_helpful(helpful, member_id=bob.id)
    a_thread(a_space("far"), bob, title="Pills everywhere")
    return thread


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def picture() -> dict[str, Any]:
    """Everything that must be as before."""
    db.session.expire_all()
    return {
        "posts": [
            (row.id, row.hidden_at is None, row.hidden_by_id, row.helpful_count, row.not_helpful_count)
            for row in db.session.scalars(select(Post).order_by(Post.id))
        ],
        "threads": [
            (row.id, row.hidden_at is None, row.solution_id, row.solved_at, row.state, row.reply_count)
            for row in db.session.scalars(select(Thread).order_by(Thread.id))
        ],
        "votes": [
            (row.post_id, row.member_id, row.helpful, row.at)
            for row in db.session.scalars(select(HelpfulVote).order_by(HelpfulVote.post_id, HelpfulVote.member_id))
        ],
        "standing": [
            (row.handle, standing_of(row.id)) for row in db.session.scalars(select(Member).order_by(Member.id))
        ],
        "people": [
            (row.handle, row.silenced_until, row.suspended_at is None)
            for row in db.session.scalars(select(Member).order_by(Member.id))
        ],
        "flags": [(row.id, row.state, row.decided_at) for row in db.session.scalars(select(Flag).order_by(Flag.id))],
        "cases": [
            (row.id, row.state, row.decision, row.words, row.score, row.rule, row.decided_at)
            for row in db.session.scalars(select(Case).order_by(Case.id))
        ],
    }


def report(login_as: LoginAs, *reasons: tuple[str, Post]) -> None:
    for handle, post in reasons:
        who = login_as(handle)
        who.get(f"/flags/post/{post.id}")
        who.submit("main form", reason="spam")


def clean(who: Visitor, status: int | None = None) -> None:
    who.get("/people/bob/cleaning")
    who.submit("main form", status=status, words="No pills here.")


def pills() -> Post:
    return db.session.scalars(select(Post).where(Post.body == "Buy pills")).one()


@pytest.mark.parametrize("handle", ["boss", "sue"])
def test_one_act_puts_everything_away_and_back(spam: Thread, login_as: LoginAs, run_jobs: RunJobs, handle: str) -> None:
    for number in range(3):
        a_member(f"new{number}")
    report(login_as, ("new0", pills()), ("new1", pills()), ("new2", pills()), ("ann", pills()))
    run_jobs()
    before = picture()
    assert member("bob").silenced_until is not None
    who = login_as(handle)
    who.get("/people/bob/measures")
    who.get("/people/bob/cleaning")
    assert "Buy more pills" in who.text
    assert ("Pills everywhere" in who.text) == (handle == "boss")
    clean(who)
    run_jobs()
    bob = member("bob")
    hidden = db.session.scalars(select(Thread.title).where(Thread.hidden_at.is_not(None))).all()
    assert sorted(hidden) == (["Buy more pills", "Pills everywhere"] if handle == "boss" else ["Buy more pills"])
    assert pills().hidden_at is not None
    assert spam.solution_id is None
    assert (bob.suspended_at is not None) == (handle == "boss")
    assert {case.decision for case in db.session.scalars(select(Case))} == {"cleaned"}
    assert {flag.state for flag in db.session.scalars(select(Flag))} == {"upheld"}
    assert not db.session.scalars(select(HelpfulVote).where(HelpfulVote.member_id == bob.id)).all()
    acts = {row.act_id for row in db.session.scalars(select(Measure).where(Measure.kind.in_(("own_votes",))))}
    assert len(acts) == 1
    who.submit("main form[action$='/undoing']")
    run_jobs()
    assert "is taken back" in who.text or "was taken back" in who.text
    after = picture()
    for part, was in before.items():
        assert after[part] == was, part


def test_who_may_clean(spam: Thread, login_as: LoginAs) -> None:
    sue, bob = login_as("sue"), member("bob")
    bob.joined_at = utcnow() - timedelta(days=90)
    sue.get("/people/bob/cleaning")
    for number in range(16):
        a_reply(spam, bob, f"More {number}")
    sue.get("/people/bob/cleaning", status=404)
    login_as("boss").get("/people/bob/cleaning")
    login_as("ann").get("/people/bob/cleaning", status=404)
    login_as("boss").get("/people/boss/cleaning", status=404)


def test_not_after_seven_days(spam: Thread, login_as: LoginAs) -> None:
    boss = login_as("boss")
    clean(boss)
    head = db.session.scalars(select(Measure).where(Measure.kind == "suspend")).one()
    boss.get(f"/measures/{head.id}/act")
    head.at = utcnow() - timedelta(days=8)
    boss.post(f"/measures/{head.id}/act/undoing", status=404)
    login_as("sue").get(f"/measures/{head.id}/act", status=404)


def test_much_is_done_by_a_job(spam: Thread, login_as: LoginAs, run_jobs: RunJobs) -> None:
    bob = member("bob")
    for number in range(CLEAN_AT_ONCE + 5):
        a_reply(spam, bob, f"Pills {number}")
    boss = login_as("boss")
    clean(boss)
    assert "is being put away" in boss.text
    run_jobs()
    db.session.expire_all()
    left = select(Post).where(Post.author_id == bob.id, Post.number > 1, Post.hidden_at.is_(None))
    assert not db.session.scalars(left).all()
    head = db.session.scalars(select(Measure).where(Measure.kind == "suspend")).one()
    boss.get(f"/measures/{head.id}/act")
    assert "109 of 109" in boss.text


def test_an_appeal_puts_the_whole_act_back(spam: Thread, login_as: LoginAs, run_jobs: RunJobs) -> None:
    run_jobs()
    before = picture()
    clean(login_as("sue"))
    head = db.session.scalars(select(Measure).where(Measure.kind == "silence")).one()
    bob = login_as("bob")
    bob.get(f"/measures/{head.id}")
    bob.submit("main form", words="I help here.")
    case = db.session.scalars(select(Case).where(Case.kind == "appeal")).one()
    boss = login_as("boss")
    boss.get(f"/review/{case.id}")
    boss.post(f"/review/{case.id}/decision", {"decision": "reverse", "words": "You are right."})
    run_jobs()
    after = picture()
    for part in ("posts", "threads", "votes", "standing", "people"):
        assert after[part] == before[part], part
