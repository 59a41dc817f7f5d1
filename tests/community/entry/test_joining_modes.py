"""Registering: open, by approval, by invitation; rules about domains and networks; what programs stumble over."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.entering import joining, rules
from community.accounts.entering.models import EntrySettings, Invitation, Registration
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.moderation.models import Case
from tests.community.accounts.letters import Letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.visit import Visitor

ADDRESS, SECRET = "ingrid@example.org", "four quiet herons wade"
FIELDS: dict[str, Any] = {"name": "Ingrid Solberg", "email": ADDRESS, "password": SECRET}


@pytest.fixture
def admin(app: Flask, login_as: LoginAs) -> Visitor:
    a_member("boss", role="admin")
    return login_as("boss")


def set_mode(admin: Visitor, mode: str, **more: Any) -> None:
    admin.get("/admin/joining")
    admin.submit("#mode-form", mode=mode, **more)


def add_rules(admin: Visitor, kind: str, lines: str, effect: str, status: int | None = None) -> None:
    admin.get(f"/admin/joining/{kind}")
    fields: dict[str, Any] = {f"{kind}-values": lines, f"{kind}-effect": effect}
    admin.submit("#rules-form", status=status, **fields)


def ask(app: Flask, status: int | None = None, address: str = "127.0.0.1", **more: Any) -> Visitor:
    visitor = Visitor(app)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    visitor.get("/join")
    visitor.submit("main form", status=status, **FIELDS | more)
    return visitor


def the_member(email: str = ADDRESS) -> Member:
    return db.session.scalars(select(Member).where(Member.email == email)).one()


def confirm(visitor: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    run_jobs()
    visitor.get(letters.link_to(ADDRESS, "/confirm/"))
    visitor.submit("main form")
    run_jobs()


def decide(admin: Visitor, decision: str, words: str = "") -> None:
    case = db.session.scalars(select(Case).where(Case.kind == "registration")).one()
    admin.get(f"/review/{case.id}")
    admin.post(f"/review/{case.id}/decision", {"decision": decision, "words": words})


def test_by_approval_nothing_works_before_a_person_admits(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    set_mode(admin, "approval", question="What do you use?")
    ask(app, status=422)
    visitor = ask(app, why="I run the boilers of two schools.")
    confirm(visitor, letters, run_jobs)
    assert "waits for a person" in visitor.text
    visitor.get("/mine", status=302)
    for attempt in range(2):
        visitor.get("/sign-in")
        visitor.submit("main form", email=ADDRESS, password=SECRET, status=422)
        assert "waits for a person" in visitor.text, attempt
    visitor.get("/forgotten")
    visitor.submit("main form", email=ADDRESS)
    run_jobs()
    visitor.get(letters.link_to(ADDRESS, "/reset/"))
    visitor.submit("main form", password="seven slow rivers bend")
    assert "waits for a person" in visitor.text
    visitor.get("/mine", status=302)
    admin.get("/review")
    assert "I run the boilers of two schools." in admin.text
    assert ADDRESS in admin.text
    decide(admin, "admit", "Welcome!")
    run_jobs()
    assert "Welcome!" in letters.to(ADDRESS)[-1].text
    visitor.get("/sign-in")
    visitor.submit("main form", email=ADDRESS, password="seven slow rivers bend")
    visitor.get("/mine")


def test_a_refusal_has_words_can_be_taken_back_and_is_erased(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    set_mode(admin, "approval")
    visitor = ask(app, why="Hello")
    confirm(visitor, letters, run_jobs)
    case = db.session.scalars(select(Case)).one()
    admin.post(f"/review/{case.id}/decision", {"decision": "refuse", "words": ""}, status=422)
    decide(admin, "refuse", "We could not find your organisation.")
    run_jobs()
    assert "could not find your organisation" in letters.to(ADDRESS)[-1].text
    visitor.get("/sign-in")
    visitor.submit("main form", email=ADDRESS, password=SECRET, status=422)
    assert "not granted" in visitor.text
    admin.post(f"/review/{case.id}/undoing", {})
    assert db.session.scalars(select(Registration)).one().state == "waiting"
    decide(admin, "refuse", "Still not.")
    with time_machine.travel(utcnow() + timedelta(days=31)):
        joining.forget()
        db.session.flush()
    gone = db.session.scalars(select(Registration)).one()
    assert (gone.words, gone.member.email) == ("", f"refused-{gone.member_id}@erased.invalid")


def test_only_managers_see_who_waits(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    set_mode(admin, "approval")
    confirm(ask(app, why="Hello"), letters, run_jobs)
    case = db.session.scalars(select(Case)).one()
    a_member("sue", super_user_in=[a_space("home")])
    a_member("agent", role="agent")
    for handle in ("sue", "agent"):
        login_as(handle).get(f"/review/{case.id}", status=404)


def test_by_invitation_only(app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs) -> None:
    set_mode(admin, "invitation", invitations="2")
    visitor = Visitor(app)
    visitor.get("/join")
    assert "By invitation" in visitor.text
    visitor.post("/join", FIELDS, status=403)
    a_member("new")
    new = login_as("new")
    new.get("/invitations")
    assert not new.select("#invite-form")
    new.post("/invitations", {"email": "x@example.org"}, status=404)
    a_member("sue", super_user_in=[a_space("home")])
    sue = login_as("sue")
    for address in (ADDRESS, "other@example.org"):
        sue.get("/invitations")
        sue.submit("#invite-form", email=address)
    sue.get("/invitations")
    assert not sue.select("#invite-form"), "two are all that a member may send"
    run_jobs()
    link = letters.link_to(ADDRESS, "/invited/")
    visitor.get(link)
    assert "sue" in visitor.text.lower()
    visitor.submit("main form", name="Ingrid Solberg", password=SECRET)
    visitor.get("/mine")
    ingrid = the_member()
    invitation = db.session.scalars(select(Invitation).where(Invitation.member_id == ingrid.id)).one()
    assert invitation.by.handle == "sue"
    Visitor(app).get(link, status=410)
    admin.get(f"/admin/members/{ingrid.handle}")
    assert "invited by" in admin.text
    other = letters.link_to("other@example.org", "/invited/")
    second = db.session.scalars(select(Invitation).where(Invitation.member_id.is_(None))).one()
    new.post(f"/invitations/{second.id}/revocation", {}, status=404)
    sue.post(f"/invitations/{second.id}/revocation", {})
    Visitor(app).get(other, status=410)


def test_who_has_an_account_by_the_time_of_accepting_is_told_by_mail_only(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    admin.get("/invitations")
    admin.submit("#invite-form", email=ADDRESS)
    run_jobs()
    visitor = Visitor(app)
    visitor.get(letters.link_to(ADDRESS, "/invited/"))
    a_member("ingrid", name="Ingrid Solberg", email=ADDRESS)
    visitor.submit("main form", name="Somebody Else", password=SECRET)
    assert ADDRESS in visitor.text
    visitor.get("/mine", status=302)
    run_jobs()
    assert letters.link_to(ADDRESS, "/forgotten")
    assert the_member().name == "Ingrid Solberg"


def test_an_invitation_runs_out_and_tells_nobody_who_is_here(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    a_member("known", email="known@example.org")
    pages = []
    for address in ("known@example.org", ADDRESS):
        admin.get("/invitations")
        admin.submit("#invite-form", email=address)
        pages.append(admin.select(".flash, [role=status], .notice")[0].get_text().replace(address, "x"))
    assert pages[0] == pages[1]
    run_jobs()
    assert letters.link_to("known@example.org", "/forgotten")
    link = letters.link_to(ADDRESS, "/invited/")
    with time_machine.travel(utcnow() + timedelta(days=15)):
        Visitor(app).get(link, status=410)
    Visitor(app).get("/invited/nonsense", status=410)
    with time_machine.travel(utcnow() + timedelta(days=120)):
        joining.forget()
        assert set(db.session.scalars(select(Invitation.email))) == {""}


def test_domains_are_refused_held_and_alone_allowed_alike_for_everybody(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    a_member("known", email="known@mail.throwaway.example")
    add_rules(admin, "domain", "no domain at all!", "refuse", status=422)
    add_rules(admin, "domain", "@Throwaway.example  # disposable\n*.other.example", "refuse")
    answers = {
        ask(app, status=422, email=email).html.replace(email, "x").count("not taken here")
        for email in ("known@mail.throwaway.example", "nobody@mail.throwaway.example")
    }
    assert answers == {2}
    add_rules(admin, "domain", "mail.throwaway.example", "hold")
    ask(app, email="nobody@mail.throwaway.example")
    assert rules.registration_of(the_member("nobody@mail.throwaway.example").id).held_by == "domain"  # type: ignore[union-attr]
    add_rules(admin, "domain", "example.org", "only")
    ask(app, status=422, email="nobody@elsewhere.example")
    visitor = ask(app)
    confirm(visitor, letters, run_jobs)
    visitor.get("/mine")


def test_what_was_taken_back_is_not_told_and_what_is_erased_stays_so(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    set_mode(admin, "approval")
    confirm(ask(app, why="Hello"), letters, run_jobs)
    case = db.session.scalars(select(Case)).one()
    known = len(letters.to(ADDRESS))
    decide(admin, "refuse", "Too quick.")
    admin.post(f"/review/{case.id}/undoing", {})
    run_jobs()
    assert len(letters.to(ADDRESS)) == known
    decide(admin, "refuse", "We do not know you.")
    run_jobs()
    assert "We do not know you." in letters.to(ADDRESS)[-1].text
    with time_machine.travel(utcnow() + timedelta(days=31)):
        joining.forget()
        db.session.flush()
    admin.post(f"/review/{case.id}/undoing", {})
    assert "cannot be taken back any more" in admin.follow().text
    assert db.session.scalars(select(Registration)).one().state == "refused"


def test_nobody_joins_by_the_word_of_somebody_suspended(
    app: Flask, admin: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    sue_row = a_member("sue", super_user_in=[a_space("home")])
    sue = login_as("sue")
    sue.get("/invitations")
    sue.submit("#invite-form", email=ADDRESS)
    run_jobs()
    link = letters.link_to(ADDRESS, "/invited/")
    sue_row.suspended_at = utcnow()
    Visitor(app).get(link, status=410)
    sue_row.suspended_at = None
    Visitor(app).get(link)


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("192.0.2.7/24", "192.0.2.200", "192.0.3.1"),
        ("2001:db8::/32", "2001:db8:1::5", "2001:db9::1"),
        ("192.0.2.0/24", "::ffff:192.0.2.9", "::ffff:192.0.3.9"),
    ],
)
def test_networks(app: Flask, admin: Visitor, network: str, inside: str, outside: str) -> None:
    add_rules(admin, "network", "0.0.0.0/0", "refuse", status=422)
    add_rules(admin, "network", network, "refuse")
    assert "from your network" in ask(app, status=422, address=inside).text
    ask(app, address=outside)
    registration = db.session.scalars(select(Registration)).one()
    assert registration.address == outside
    with time_machine.travel(utcnow() + timedelta(days=91)):
        joining.forget()
    db.session.expire_all()
    assert registration.address == ""


def test_a_header_of_a_stranger_changes_nothing(app: Flask, admin: Visitor) -> None:
    add_rules(admin, "network", "192.0.2.0/24", "refuse")
    visitor = Visitor(app)
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    visitor.get("/join")
    visitor.submit("main form", status=422, **FIELDS)


def test_reading_only(app: Flask, admin: Visitor, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    add_rules(admin, "network", "127.0.0.1", "read_only")
    ann.get("/threads")
    ann.get("/invitations")
    ann.post("/ask", {"title": "Hello there"}, status=403)
    ann.post("/sign-out", {})
    set_mode(admin, "open")
    rule = admin.select("form[action*=removal]")
    assert not rule
    admin.get("/admin/joining/network")
    admin.submit("form[action*=removal]")
    again = login_as("ann")
    again.get("/ask")


def test_what_programs_stumble_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SHORTEST_FILLING", 3)
    visitor = Visitor(app)
    with time_machine.travel(utcnow(), tick=False) as clock:
        visitor.get("/join")
        (bait,) = visitor.select("[name=website]")
        assert bait["tabindex"] == "-1"
        assert bait["autocomplete"] == "off"
        assert visitor.select("[aria-hidden=true][inert] [name=website]")
        visitor.submit("main form", status=422, **FIELDS)
        assert "quicker than people" in visitor.text
        assert visitor.select("#email")[0]["value"] == ADDRESS
        clock.shift(5)
        visitor.submit("main form", status=422, password=SECRET, website="https://spam.example")
        assert "people do not see" in visitor.text
        assert visitor.select("#website")[0].get("value", "") == ""
        visitor.submit("main form", status=422, password=SECRET, made="forged")
        assert db.session.scalars(select(Registration)).all() == []
        clock.shift(5)
        visitor.submit("main form", password=SECRET)
        assert ADDRESS in visitor.text


def test_settings_are_the_administrators(app: Flask, login_as: LoginAs) -> None:
    a_member("max", role="manager")
    login_as("max").get("/admin/joining", status=404)
    assert db.session.get(EntrySettings, 1) is None
