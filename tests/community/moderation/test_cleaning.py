"""Cleaning up after a spammer in one act, and taking all of it back exactly."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.forum import operations
from community.forum.composing import gates
from community.forum.composing.gates import Kept, Outcome, Verdict, Way, Writing
from community.forum.composing.publishing import Typed
from community.forum.models import HelpfulVote, Post, Thread
from community.moderation import cases
from community.moderation.gates.models import HeldWriting
from community.moderation.models import Case, Flag, Measure
from community.moderation.rules import CLEAN_AT_ONCE
from community.notifications.models import Notification
from community.organisations.models import Organisation
from community.spaces.models import Space
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


def hold(who: Member, space: Space, title: str, *, organisation_id: int | None = None) -> None:
    """Something of this person that waits for approval in a space."""
    about = Writing(who=who.id, kind=Way.THREAD, title=title, body=title, space_id=space.id)
    typed = Typed(title, title, space_id=space.id, kind="question", organisation_id=organisation_id)
    gates.hold(actor_for(who.id), Kept(about, typed), Verdict(Outcome.HOLD, "alike", "97"))


def held() -> list[tuple[Any, ...]]:
    """Everything about what is held and its cases."""
    db.session.expire_all()
    rows = db.session.scalars(select(HeldWriting).order_by(HeldWriting.id))
    cases = {case.target_id: case for case in db.session.scalars(select(Case).where(Case.kind == "held"))}
    return [
        (
            *(row.title, row.state, row.words, row.decided_at, row.measure_id),
            *(cases[row.id].state, cases[row.id].decision, cases[row.id].claimed_by_id),
        )
        for row in rows
    ]


@pytest.fixture
def waits(app: Flask, spam: Thread) -> list[tuple[Any, ...]]:
    """Four texts of Bob's that are held, in two spaces, one for staff only, one claimed by Sue; and one of Ann's."""
    far, company = a_space("farther"), Organisation(name="Halden", slug="halden")
    db.session.add(company)
    db.session.flush()
    with app.test_request_context():
        for title in ("More pills here", "Even more pills"):
            hold(member("bob"), spam.space, title)
        hold(member("bob"), spam.space, "Pills for customers", organisation_id=company.id)
        hold(member("bob"), far, "Pills far away")
        hold(member("ann"), spam.space, "An honest question")
        db.session.commit()
    first = db.session.scalars(select(Case).where(Case.kind == "held").order_by(Case.id)).first()
    assert first is not None
    cases.claim(first, by_id=member("sue").id)
    return held()


@pytest.mark.parametrize(("handle", "down"), [("boss", 4), ("sue", 2)])
def test_what_is_held_is_turned_down_and_waits_again(
    waits: list[tuple[Any, ...]], login_as: LoginAs, run_jobs: RunJobs, handle: str, down: int
) -> None:
    who, bob = login_as(handle), login_as("bob")
    who.get("/people/bob/cleaning")
    assert "More pills here" in who.text
    assert ("Pills far away" in who.text) == (handle == "boss")
    assert ("Pills for customers" in who.text) == (handle == "boss")
    clean(who)
    run_jobs()
    now = held()
    assert [row[1] for row in now].count("refused") == down
    assert now[-1] == waits[-1]
    assert {row[6] for row in now if row[1] == "refused"} == {"cleaned"}
    assert f"{down} texts" in who.text
    if handle == "sue":
        bob.get("/waiting-for-approval")
        assert "No pills here." in bob.text
        (why,) = set(bob.links("a[href^='/measures/']"))
        bob.get(why)
        assert "More pills here" in bob.text
    told = db.session.scalars(select(Notification.kind).where(Notification.member_id == member("bob").id)).all()
    assert "held-decided" not in told
    head = db.session.scalars(select(Measure).where(Measure.act_id.is_(None))).one()
    who.get(f"/measures/{head.id}/act")
    who.submit("main form[action$='/undoing']")
    run_jobs()
    assert held() == waits


def test_what_its_author_took_back_meanwhile_is_left_alone(waits: list[tuple[Any, ...]], login_as: LoginAs) -> None:
    bob, boss = login_as("bob"), login_as("boss")
    first = db.session.scalars(select(HeldWriting).order_by(HeldWriting.id)).first()
    assert first is not None
    bob.get("/waiting-for-approval")
    bob.post(f"/waiting-for-approval/{first.id}/taking-back", {"to": "drafts"})
    clean(boss)
    boss.submit("main form[action$='/undoing']")
    assert held()[0][1] == "taken_back"
    assert held()[1:] == waits[1:]


def test_nobody_publishes_what_was_turned_down(waits: list[tuple[Any, ...]], login_as: LoginAs) -> None:
    boss, sue = login_as("boss"), login_as("sue")
    case = db.session.scalars(select(Case).where(Case.kind == "held").order_by(Case.id)).first()
    assert case is not None
    sue.get(f"/review/{case.id}")
    clean(boss)
    sue.post(f"/review/{case.id}/decision", {"decision": "publish"}, status=409)
    assert db.session.scalar(select(Thread.id).where(Thread.title == "More pills here")) is None
