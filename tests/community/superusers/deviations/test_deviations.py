"""A rule broken on purpose: recorded, looked at by somebody else, told, and the rule changed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.forum.models import Thread
from community.moderation.models import Case
from community.notifications.models import Notification
from community.spaces.models import Space
from community.superusers.deviations import operations
from community.superusers.deviations.models import Deviation
from community.superusers.deviations.operations import Account
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

TOLD = {
    "rule": "charter",
    "which": "One question a thread",
    "why": "He had three hours left before the audit.",
    "done": "I answered all five questions in one thread.",
    "hoped": "He gets through the audit.",
}


@pytest.fixture
def space(app: Flask) -> Space:
    home = a_space("home")
    a_member("sue", name="Sue Marsh", super_user_in=[home])
    a_member("sam", super_user_in=[home])
    a_member("mona", name="Mona Reed", role="manager")
    a_member("max", name="Max Boss", role="manager")
    a_member("ann")
    return home


def recorded(visitor: Visitor, about: str = "", **more: str) -> Deviation:
    visitor.get("/deviations/new", **({"about": about} if about else {}))
    visitor.submit("#deviation", **{**TOLD, **more})
    assert "It is on the record." in visitor.text
    db.session.expire_all()
    return db.session.query(Deviation).order_by(Deviation.id.desc()).first() or pytest.fail("nothing was recorded")


def case_of(found: Deviation) -> Case:
    return db.session.query(Case).filter_by(kind="deviation", target_id=found.id).one()


def test_it_is_recorded_from_a_thread_and_looked_at_by_somebody_else(
    space: Space, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    thread = a_thread(space, title="Five things before the audit")
    sue, mona = login_as("sue"), login_as("mona")
    sue.get(f"/threads/{thread.id}")
    assert "I broke a rule on purpose" in sue.text
    found = recorded(sue, f"thread:{thread.id}")
    assert (found.about_kind, found.about_id, found.space_id) == ("thread", thread.id, space.id)
    assert "Five things before the audit" in sue.text

    mona.get("/review")
    assert "Broken on purpose: One question a thread" in mona.text
    mona.get(f"/review/{case_of(found).id}")
    assert "Why: He had three hours left" in mona.text
    mona.post(f"/review/{case_of(found).id}/decision", {"decision": "fine", "words": ""}, status=422)
    mona.post(f"/review/{case_of(found).id}/decision", {"decision": "fine", "words": "Right so."})
    run_jobs()
    assert (found.outcome, found.words) == ("fine", "Right so.")
    sue.get(f"/deviations/{found.id}")
    assert "Fine as it was. Right so." in sue.text
    told = db.session.query(Notification).filter_by(kind="deviation").all()
    assert [note.member_id for note in told] == [found.member_id]
    assert mona.post(f"/review/{case_of(found).id}/decision", {"decision": "coach", "words": "x"}, status=409)


def test_nobody_looks_at_their_own(space: Space, login_as: LoginAs) -> None:
    mona, max_ = login_as("mona"), login_as("max")
    own = recorded(mona)
    mona.get(f"/review/{case_of(own).id}", status=404)
    mona.post(f"/review/{case_of(own).id}/decision", {"decision": "fine", "words": "x"}, status=404)
    for_another = recorded(mona, by="@max")
    assert case_of(for_another).member_id == for_another.by_id != for_another.member_id
    max_.get(f"/review/{case_of(for_another).id}", status=404)
    mona.post(f"/review/{case_of(for_another).id}/decision", {"decision": "fine", "words": "x"}, status=422)
    assert (own.outcome, for_another.outcome) == ("", "")
    max_.post(f"/review/{case_of(own).id}/decision", {"decision": "coach", "words": "Ask first."})
    assert own.outcome == "coach"


def test_what_was_said_of_it_is_taken_back_once_by_who_said_it(
    space: Space, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    sue, mona, max_ = login_as("sue"), login_as("mona"), login_as("max")
    found = recorded(sue)
    case = case_of(found)
    mona.post(f"/review/{case.id}/decision", {"decision": "coach", "words": "Come and see me."})
    for other in (max_, sue):
        other.post(f"/review/{case.id}/undoing", status=404)
    mona.get(f"/review/{case.id}")
    mona.submit(f"/review/{case.id}/undoing")
    assert "The decision is taken back." in mona.text
    mona.post(f"/review/{case.id}/undoing", status=404)
    run_jobs()
    assert (found.outcome, found.words, found.reviewed_by_id, case.state) == ("", "", None, "open")
    sue.get(f"/deviations/{found.id}")
    assert "Come and see me." not in sue.text and "Waits for a look" in sue.text
    told = select(Notification.title).where(Notification.kind == "deviation").order_by(Notification.id)
    assert list(db.session.scalars(told)) == [
        "A rule that you broke on purpose was looked at: Talk it through",
        "A rule that you broke on purpose is looked at again; what was said of it is taken back",
    ]
    max_.post(f"/review/{case.id}/decision", {"decision": "fine", "words": "Right so."})
    assert found.outcome == "fine"


def test_once_the_rule_was_changed_it_stands(space: Space, login_as: LoginAs) -> None:
    mona = login_as("mona")
    found = recorded(login_as("sue"))
    case = case_of(found)
    mona.post(f"/review/{case.id}/decision", {"decision": "change", "words": "The rule is wrong."})
    mona.get(f"/deviations/{found.id}")
    mona.submit("#changed", to="Up to five questions", on="2026-11-22")
    mona.get(f"/review/{case.id}")
    assert not mona.select('form[action$="/undoing"]')
    mona.post(f"/review/{case.id}/undoing", status=404)
    assert (found.outcome, case.state) == ("change", "decided")


def test_a_rule_is_changed_and_becomes_an_idea(space: Space, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue, mona = login_as("sue"), login_as("mona")
    found = recorded(sue, space="home")
    mona.post(f"/deviations/{found.id}/rule", {"to": "Too early", "on": "2026-11-22"}, status=404)
    mona.post(f"/review/{case_of(found).id}/decision", {"decision": "change", "words": "The rule is wrong."})
    mona.get(f"/deviations/{found.id}")
    bad = {"to": "Up to five questions", "address": "ftp://example.org", "on": "2026-11-22"}
    mona.post(f"/deviations/{found.id}/rule", bad, status=422)
    mona.submit("#changed", to="Up to five questions", address="/spaces/home/about", on="2026-11-22")
    assert "Up to five questions" in mona.text
    mona.submit("#idea")
    assert "A better rule: One question a thread" in mona.text
    thread = db.session.query(Thread).filter_by(kind="idea").one()
    assert (found.idea_id, thread.space_id) == (thread.id, space.id)
    words = thread.posts[0].body
    assert "One question a thread" in words and "Up to five questions" in words
    assert "Sue" not in words and "audit" not in words
    mona.post(f"/deviations/{found.id}/idea", {"title": "Twice", "body": "Words", "idea_space": "home"}, status=404)
    run_jobs()
    assert db.session.query(Notification).filter_by(kind="deviation", member_id=found.member_id).count() == 2
    sue.get(f"/deviations/{found.id}")
    assert "Up to five questions" in sue.text
    sue.post(f"/deviations/{found.id}/rule", {"to": "Mine", "on": "2026-11-22"}, status=404)


def test_others_do_not_learn_of_it(space: Space, login_as: LoginAs, visitor: Visitor) -> None:
    sue = login_as("sue")
    found = recorded(sue)
    case = case_of(found)
    sam, ann = login_as("sam"), login_as("ann")
    for person in (sam, ann):
        person.get(f"/deviations/{found.id}", status=404)
        person.get(f"/review/{case.id}", status=404)
    sam.get("/deviations")
    assert "One question a thread" not in sam.text and "There are none." in sam.text
    sam.get("/review")
    assert "One question a thread" not in sam.text
    ann.get("/deviations", status=404)
    ann.get("/deviations/new", status=404)
    thread = a_thread(space)
    ann.get(f"/threads/{thread.id}")
    assert "I broke a rule" not in ann.text
    visitor.get(f"/threads/{thread.id}")
    assert "I broke a rule" not in visitor.text
    sue.get(f"/deviations/{found.id}")
    assert "Say what the rule became" not in sue.text


def test_what_it_was_about_stays_hidden_from_who_may_not_read_it(space: Space, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    secret = a_thread(inner, title="Canary in the inner space")
    sue = login_as("sue")
    sue.get("/deviations/new", about=f"thread:{secret.id}")
    assert "Canary" not in sue.text
    found = recorded(sue, f"thread:{secret.id}")
    assert (found.about_kind, found.space_id) == ("", None)
    sue.post("/deviations/new", {**TOLD, "space": "inner"}, status=422)
    found.about_kind, found.about_id = "thread", secret.id
    sue.get(f"/deviations/{found.id}")
    assert "About something that you may not read" in sue.text and "Canary" not in sue.text


def test_the_form_asks_for_what_is_missing(space: Space, login_as: LoginAs) -> None:
    sue = login_as("sue")
    sue.post("/deviations/new", {**TOLD, "which": ""}, status=422)
    assert "Say in a few words which rule it was." in sue.text
    sue.post("/deviations/new", {**TOLD, "by": "nobody-here"}, status=422)
    assert "There is nobody of that name." in sue.text
    sue.post("/deviations/new", {**TOLD, "rule": "moderation:spam", "which": ""})
    assert db.session.query(Deviation).one().rule == "moderation:spam"


def test_the_list_counts_and_narrows(space: Space, login_as: LoginAs) -> None:
    sue, sam = (db.session.query(Member).filter_by(handle=handle).one() for handle in ("sue", "sam"))
    planted = [
        ("charter", sue.id, 0, "fine"),
        ("charter", sue.id, 0, ""),
        ("moderation:spam", sam.id, 40, "change"),
        ("procedure", sam.id, 40, ""),
        ("charter", sam.id, 80, "coach"),
    ]
    now = utcnow()
    for rule, who, days, outcome in planted:
        account = Account(rule=rule, which=f"{rule} {days}", why="w", done="d", hoped="")
        made = operations.record(account, member_id=who, by_id=who)
        made.at, made.outcome = now - timedelta(days=days), outcome
    mona = login_as("mona")
    mona.get("/deviations")
    assert len(mona.select(".row")) == 5
    assert "The charter of the space (3)" in mona.text and "Waits for a look (2)" in mona.text
    mona.get("/deviations", rule="charter")
    assert len(mona.select(".row")) == 3
    mona.get("/deviations", outcome="waits")
    assert len(mona.select(".row")) == 2
    mona.get("/deviations", month=(now - timedelta(days=80)).strftime("%Y-%m"), rule="charter")
    assert len(mona.select(".row")) == 1
    visitor = login_as("sue")
    visitor.get("/deviations")
    assert len(visitor.select(".row")) == 2 and "spam" not in visitor.text


def test_a_case_leads_to_it(space: Space, login_as: LoginAs) -> None:
    thread = a_thread(space)
    login_as("ann").post(f"/flags/thread/{thread.id}", {"reason": "spam"})
    sue = login_as("sue")
    case = db.session.query(Case).filter_by(kind="flag").one()
    sue.get(f"/review/{case.id}")
    assert f"/deviations/new?about=thread:{thread.id}" in sue.html or f"about=thread%3A{thread.id}" in sue.html
