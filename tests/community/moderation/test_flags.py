"""Flags: what they weigh, what they do by themselves, and that a person has the last word."""

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.forum import operations
from community.forum.models import Post
from community.moderation import cases, measures, rules, targets
from community.moderation.kinds import case_kind
from community.moderation.models import Case, Flag, Measure
from community.notifications.models import Notification
from gamification.public import standing_of
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def post(app: Flask) -> Post:
    """Bob's reply that was accepted, in a space that Sue looks after; Ann asked."""
    space = a_space("home")
    a_member("sue", super_user_in=[space])
    return a_reply(a_thread(space, a_member("ann")), a_member("bob"), "Pour water into it.")


def report(who: Visitor, post: Post, reason: str = "spam", note: str = "", status: int | None = None) -> None:
    who.get(f"/flags/post/{post.id}")
    who.submit("main form", status=status, reason=reason, note=note)


def the_case() -> Case:
    return db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def decide(key: str, by: Member, words: str = "Because of the charter.") -> Case:
    case = the_case()
    kind = case_kind(case.kind)
    assert kind is not None
    with current_app.test_request_context():
        cases.decide(case, kind.by_key[key], by_id=by.id, words=words)
    return case


def told(kind: str) -> list[str]:
    who = select(Member.handle).join(Notification, Notification.member_id == Member.id)
    return sorted(db.session.scalars(who.where(Notification.kind == kind)))


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def test_a_flag_makes_one_case_and_can_be_taken_back(post: Post, login_as: LoginAs) -> None:
    a_member("max")
    max_ = login_as("max")
    max_.get(f"/threads/{post.thread_id}")
    assert f"/flags/post/{post.id}" in max_.text or f"/flags/post/{post.id}" in max_.html
    report(max_, post)
    case = the_case()
    assert (case.kind, case.target_id, case.rule, case.score) == ("flag", post.id, "spam", 1.0)
    max_.get(f"/flags/post/{post.id}")
    assert "You reported this" in max_.text
    max_.submit("main form")
    db.session.refresh(case)
    assert case.score == 0.0
    report(max_, post, "unkind")
    assert (the_case().id, the_case().score, the_case().rule) == (case.id, 1.0, "unkind")


def test_who_may_not_flag(post: Post, login_as: LoginAs) -> None:
    post.thread.space.visibility = "members"
    a_member("max")
    for handle in ("bob", "max"):
        who = login_as(handle)
        who.get(f"/flags/post/{post.id}", status=404)
    login_as("sue").get(f"/flags/post/{post.id}", status=200)


def test_something_else_needs_words(post: Post, login_as: LoginAs) -> None:
    ann = login_as("ann")
    report(ann, post, "other", status=422)
    assert "Say in a few words" in ann.text
    report(ann, post, "other", note="It is about my neighbour.")
    assert db.session.scalars(select(Flag)).one().note == "It is about my neighbour."


def test_enough_weight_hides_and_a_person_puts_it_back_exactly(
    post: Post, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    thread, ann, bob = post.thread, member("ann"), member("bob")
    operations.accept(thread, post, by_id=ann.id)
    operations.mark_helpful(post, member_id=ann.id)
    run_jobs()
    before = (standing_of(bob.id), standing_of(ann.id), thread.state, thread.solution_id, thread.solved_at)
    for number in range(4):
        a_member(f"new{number}")
        report(login_as(f"new{number}"), post)
    db.session.refresh(post)
    assert post.hidden_at is None
    report(login_as("sue"), post)
    run_jobs()
    db.session.refresh(post)
    db.session.refresh(thread)
    assert post.hidden_at is not None
    assert thread.solution_id is None
    assert standing_of(bob.id) != before[0]
    assert told("measure") == ["bob"]
    page = login_as("bob")
    (hidden,) = db.session.scalars(select(Measure).where(Measure.kind == "hide"))
    page.get(f"/measures/{hidden.id}")
    assert "No advertising." in page.text
    assert "Pour water into it." in page.text
    login_as("new0").get(f"/measures/{hidden.id}", status=404)
    decide("fine", member("sue"))
    run_jobs()
    for row in (post, thread):
        db.session.refresh(row)
    assert (standing_of(bob.id), standing_of(ann.id), thread.state, thread.solution_id, thread.solved_at) == before
    assert post.hidden_at is None
    assert told("report-decided") == ["new0", "new1", "new2", "new3"]


def test_flag_hidden_decided_appealed_reversed(post: Post, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread, ann = post.thread, member("ann")
    admin = a_member("boss", role="manager")
    operations.accept(thread, post, by_id=ann.id)
    run_jobs()
    before = standing_of(post.author_id)
    report(login_as("ann"), post)
    decide("hide_warn", member("sue"))
    run_jobs()
    (hidden,) = db.session.scalars(select(Measure).where(Measure.kind == "hide"))
    bob = login_as("bob")
    bob.get(f"/measures/{hidden.id}")
    bob.submit("main form", words="It is water from the manual.")
    bob.get(f"/measures/{hidden.id}")
    assert "Somebody who did not decide before" in bob.text
    case = the_case()
    assert (case.kind, case.member_id) == ("appeal", post.author_id)
    appeal_kind = case_kind("appeal")
    assert appeal_kind is not None
    decide("reverse", admin, "You are right.")
    run_jobs()
    for row in (post, thread):
        db.session.refresh(row)
    assert post.hidden_at is None
    assert thread.solution_id == post.id
    assert standing_of(post.author_id) == before
    bob.get(f"/measures/{hidden.id}")
    assert "You are right." in bob.text
    with pytest.raises(cases.DecidedAlreadyError):
        cases.decide(case, appeal_kind.by_key["uphold"], by_id=admin.id)


def test_three_reports_silence_a_newcomer(post: Post, login_as: LoginAs) -> None:
    for number in range(3):
        a_member(f"new{number}")
        report(login_as(f"new{number}"), post)
    bob = member("bob")
    db.session.refresh(bob)
    assert bob.silenced_until is not None
    decide("fine", member("sue"))
    db.session.refresh(bob)
    assert bob.silenced_until is None


def test_weights_follow_the_record() -> None:
    assert rules.flag_weight(0, "spam", upheld=0, decided=0) == 1.0
    assert rules.flag_weight(2, "spam", upheld=5, decided=5) == 3.0
    assert rules.flag_weight(1, "spam", upheld=16, decided=16) == pytest.approx(2 + 10.0)
    assert rules.flag_weight(0, "spam", upheld=0, decided=16) == 0.0
    five_new, three_regulars = 5 * rules.flag_weight(1, "spam", upheld=0, decided=0), 3 * 3.0
    assert five_new > rules.HIDE_AT
    assert three_regulars > rules.HIDE_AT


def test_two_measures_on_one_thing_end_in_any_order(post: Post, app: Flask) -> None:
    said = {"rule": "spam", "member_id": post.author_id, "by_id": None, "target_kind": "post", "target_id": post.id}
    with app.test_request_context():
        assert targets.look("post", post.id) is not None
        first, second = (measures.take("hide", **said) for _ in range(2))
        assert measures.end(first, by_id=None, how="lifted")
        assert post.hidden_at is not None
        assert measures.end(second, by_id=None, how="lifted")
        assert not measures.end(second, by_id=None, how="lifted")
    db.session.refresh(post)
    assert post.hidden_at is None
    assert db.session.scalars(select(Flag)).all() == []
