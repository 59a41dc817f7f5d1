"""Measures where moderators read, against people, and their end."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.forum import operations
from community.forum.models import Post
from community.moderation import cases, measures
from community.moderation.models import Case, Measure
from community.notifications.models import Notification
from gamification.public import standing_of
from tests.community.accounts.letters import Letters
from tests.community.accounts.letters import letters as letters  # a fixture
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def post(app: Flask) -> Post:
    """Bob's reply in a space that Sue and Sam look after; Ann asked; Boss manages."""
    home = a_space("home")
    a_member("sue", super_user_in=[home])
    a_member("sam", super_user_in=[home])
    a_member("boss", role="manager")
    return a_reply(a_thread(home, a_member("ann")), a_member("bob"), "Pour water into it.")


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def standing(kind: str) -> list[Measure]:
    db.session.expire_all()
    return [one for one in db.session.scalars(select(Measure).where(Measure.kind == kind)) if one.stands(utcnow())]


def fresh(row: Post) -> Post:
    db.session.expire_all()
    return row


def test_hiding_what_others_wrote_is_a_measure(post: Post, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue = login_as("sue")
    sue.get(f"/posts/{post.id}/hiding")
    sue.submit("main form", rule="unkind", reason="Be kind.")
    (taken,) = standing("hide")
    assert (taken.rule, taken.words, taken.member_id, taken.removed) == (
        "unkind",
        "Be kind.",
        post.author_id,
        "Pour water into it.",
    )
    run_jobs()
    assert db.session.scalars(select(Notification.kind)).all().count("measure") == 1
    bob = login_as("bob")
    bob.get(f"/measures/{taken.id}")
    assert "Criticise the matter" in bob.text
    bob.submit("main form", words="It was meant well.")
    sue.get(f"/threads/{post.thread_id}")
    sue.post(f"/posts/{post.id}/restoration")
    assert fresh(post).hidden_at is None
    assert not standing("hide")
    bob.post(f"/posts/{post.id}/restoration", status=404)


def test_what_one_deletes_oneself_is_no_measure(post: Post, login_as: LoginAs) -> None:
    bob = login_as("bob")
    bob.get(f"/posts/{post.id}/hiding")
    assert "By which rule" not in bob.text
    bob.submit("main form", reason="A mistake")
    assert not standing("hide")
    assert fresh(post).hidden_by_id == post.author_id


def test_an_author_cannot_undo_a_measure_by_deleting_first(post: Post, login_as: LoginAs) -> None:
    bob, sue = login_as("bob"), login_as("sue")
    bob.get(f"/posts/{post.id}/hiding")
    bob.submit("main form", reason="A mistake")
    sue.get(f"/posts/{post.id}/hiding")
    sue.submit("main form", reason="Be kind.")
    bob.get("/")
    bob.post(f"/posts/{post.id}/restoration", status=404)
    (taken,) = standing("hide")
    with db.session.begin_nested():
        measures.end(taken, by_id=None, how="lifted")
    assert fresh(post).hidden_at is not None


def test_hiding_settles_what_was_reported(post: Post, login_as: LoginAs) -> None:
    ann = login_as("ann")
    ann.get(f"/flags/post/{post.id}")
    ann.submit("main form", reason="spam")
    sue = login_as("sue")
    sue.get(f"/posts/{post.id}/hiding")
    sue.submit("main form", rule="off_topic", reason="Not here.")
    case = db.session.scalars(select(Case)).one()
    assert (case.state, case.decision, case.rule) == ("decided", "hide", "off_topic")
    assert len(standing("hide")) == 1


def test_closing_and_reopening_a_thread(post: Post, login_as: LoginAs) -> None:
    sue, thread = login_as("sue"), post.thread
    sue.get(f"/threads/{thread.id}/closing")
    sue.submit("#arrange-form", rule="off_topic", reason="Enough.")
    (taken,) = standing("lock")
    assert (taken.member_id, taken.rule) == (thread.author_id, "off_topic")
    assert thread.closed_at is not None
    sue.get(f"/threads/{thread.id}")
    sue.post(f"/threads/{thread.id}/reopening")
    assert not standing("lock")
    assert fresh(post).thread.closed_at is None


def test_editing_and_moving_by_a_rule(post: Post, login_as: LoginAs) -> None:
    far = a_space("far")
    a_member("max", super_user_in=[far, post.thread.space])
    max_ = login_as("max")
    max_.get(f"/posts/{post.id}/edit")
    max_.submit("#edit-form", body="Pour no water into it.")
    assert not standing("edit")
    max_.get(f"/posts/{post.id}/edit")
    max_.submit("#edit-form", body="Ask a technician.", rule="unsafe", reason="Dangerous")
    (edited,) = standing("edit")
    max_.get(f"/threads/{post.thread_id}/moving")
    max_.submit("#arrange-form", space="far", rule="wrong_space", reason="There they know.")
    (moved,) = standing("move")
    for taken in (edited, moved):
        measures.end(db.session.get_one(Measure, taken.id), by_id=None, how="appeal")
    assert fresh(post).body == "Pour no water into it."
    assert post.thread.space.slug == "home"


def test_colleagues_are_for_managers(post: Post, login_as: LoginAs) -> None:
    own = a_reply(post.thread, member("sam"), "I know better.")
    staff = a_reply(post.thread, member("boss"), "As we said.")
    sue = login_as("sue")
    sue.get(f"/posts/{own.id}/hiding")
    sue.submit("main form", rule="unkind", reason="Please.")
    assert fresh(own).hidden_at is None
    case = db.session.scalars(select(Case)).one()
    assert (case.staff_only, case.rule) == (True, "unkind")
    sue.get(f"/review/{case.id}", status=404)
    sue.get(f"/posts/{staff.id}/hiding")
    sue.submit("main form", reason="Please.")
    assert fresh(staff).hidden_at is None
    boss = login_as("boss")
    boss.get(f"/review/{case.id}")
    boss.post(f"/review/{case.id}/decision", {"decision": "hide", "words": "Be kind."})
    assert fresh(own).hidden_at is not None
    sue.get("/people/sam/measures")
    assert "Take a measure" not in sue.text
    sue.post("/people/sam/measures", {"kind": "warn", "rule": "unkind", "words": "x"}, status=404)
    sue.get("/people/sam/measures")
    sue.submit("main form", words="He shouts.")
    boss.get("/review?kind=member")
    assert "He shouts." in boss.text
    boss.get("/people/boss/measures", status=404)
    a_member("agent", role="agent")
    boss.get("/people/agent/measures")
    assert "Take a measure" not in boss.text


def test_the_history_of_a_person_within_the_scope(post: Post, login_as: LoginAs) -> None:
    far = a_space("far")
    a_member("olga", super_user_in=[far])
    login_as("olga").get("/people/bob/measures", status=404)
    login_as("ann").get("/people/bob/measures", status=404)
    sue = login_as("sue")
    sue.get("/people/bob")
    assert "/people/bob/measures" in sue.html
    sue.get("/people/bob/measures")
    sue.submit("#measure-form", kind="warn", rule="unkind", words="Please be kind.")
    sue.get("/people/bob/measures")
    assert "Please be kind." in sue.text
    a_reply(a_thread(far), member("bob"))
    olga = login_as("olga")
    olga.get("/people/bob/measures")
    assert "Please be kind." not in olga.text
    assert "Suspended" not in olga.text


def test_silence_follows_the_ladder_and_its_end_changes(post: Post, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue = login_as("sue")
    for hours in (24, 72):
        sue.get("/people/bob/measures")
        sue.submit("#measure-form", kind="silence", rule="unkind", words="Rest a while.")
        last = standing("silence")[-1]
        assert last.until is not None
        assert round((last.until - last.at).total_seconds() / 3600) == hours
    sue.get(f"/measures/{last.id}")
    day = (utcnow() + timedelta(days=20)).date().isoformat()
    sue.submit(f"main form[action$='{last.id}/until']", until=day)
    db.session.expire_all()
    assert member("bob").silenced_until == db.session.get_one(Measure, last.id).until
    run_jobs()
    sue.post(f"/measures/{last.id}/lifting")
    assert len(standing("silence")) == 1
    sue.post(f"/measures/{last.id}/lifting", status=404)
    login_as("bob").post(f"/measures/{last.id}/lifting", status=404)


def suspend(login_as: LoginAs, run_jobs: RunJobs) -> Measure:
    boss = login_as("boss")
    boss.get("/people/bob/measures")
    boss.submit("#measure-form", kind="suspend", rule="spam", words="No pills here.")
    run_jobs()
    return standing("suspend")[0]


def sign_in(visitor: Visitor, status: int | None = None) -> Visitor:
    visitor.get("/sign-in")
    visitor.submit("main form", status=status, follow=False, email="bob@example.org", password="correct horse battery")
    return visitor


def test_who_is_suspended_reads_why_and_appeals_without_signing_in(
    post: Post, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    member("bob").language = "de"
    taken = suspend(login_as, run_jobs)
    sign_in(visitor, 422)
    assert "No pills here." in visitor.text
    assert "No advertising." in visitor.text
    (link,) = set(re.findall(r"/measures/appeal/[\w.-]+", visitor.html))
    visitor.get(link)
    assert "No pills here." in visitor.text
    visitor.submit("main form", status=422, words="")
    visitor.get(link)
    visitor.submit("main form", words="It was somebody else.")
    assert "Somebody who did not decide before" in visitor.text
    visitor.get("/measures", status=302)
    visitor.get(f"/measures/{taken.id}", status=302)
    case = db.session.scalars(select(Case).where(Case.kind == "appeal")).one()
    boss = login_as("boss")
    boss.get(f"/review/{case.id}")
    assert "Put it right" not in boss.text
    a_member("chief", role="manager")
    chief = login_as("chief")
    chief.get(f"/review/{case.id}")
    assert "It was somebody else." in chief.text
    assert "No pills here." in chief.text
    chief.post(f"/review/{case.id}/decision", {"decision": "reverse", "words": "You are right."})
    sign_in(visitor)
    assert visitor.status == 302


def test_a_suspension_ends_by_itself_and_at_a_sign_in(
    post: Post, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    taken = suspend(login_as, run_jobs)
    taken.until = utcnow() - timedelta(minutes=1)
    sign_in(visitor)
    assert visitor.status == 302
    db.session.expire_all()
    assert (taken.ended_how, member("bob").suspended_at) == ("over", None)


def test_a_letter_goes_to_the_suspended(
    post: Post, login_as: LoginAs, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    member("bob").language = "zh-Hans"
    suspend(login_as, run_jobs)
    (letter,) = letters.to("bob@example.org")
    assert "No pills here." in letter.text
    visitor.get(letters.link_to("bob@example.org", "/measures/appeal/"))
    visitor.submit("main form", words="It was somebody else.")
    case = db.session.scalars(select(Case).where(Case.kind == "appeal")).one()
    a_member("chief", role="manager")
    chief = login_as("chief")
    chief.get(f"/review/{case.id}")
    chief.post(f"/review/{case.id}/decision", {"decision": "uphold", "words": "It was your account."})
    run_jobs()
    assert "It was your account." in letters.to("bob@example.org")[-1].text
    visitor.get(letters.link_to("bob@example.org", "/measures/appeal/"))
    assert "It was your account." in visitor.text


@pytest.mark.parametrize("spoil", ["x", "other measure", "late"])
def test_a_link_opens_nothing_else(
    post: Post, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs, spoil: str
) -> None:
    taken = suspend(login_as, run_jobs)
    sign_in(visitor, 422)
    link = re.findall(r"/measures/appeal/[\w.-]+", visitor.html)[0]
    if spoil == "x":
        link += "x"
    elif spoil == "late":
        taken.at = utcnow() - timedelta(days=15)
    else:
        taken.member_id = member("ann").id
    visitor.get(link, status=404)


def test_points_come_back_exactly(post: Post, login_as: LoginAs, run_jobs: RunJobs) -> None:
    operations.accept(post.thread, post, by_id=post.thread.author_id)
    run_jobs()
    before = standing_of(post.author_id)
    sue = login_as("sue")
    sue.get(f"/posts/{post.id}/hiding")
    sue.submit("main form", reason="Wrong.")
    run_jobs()
    assert standing_of(post.author_id) != before
    sue.post(f"/posts/{post.id}/restoration")
    run_jobs()
    assert standing_of(post.author_id) == before
    assert cases.waiting_case("flag", "post", post.id) is None
