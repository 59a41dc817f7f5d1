"""Claiming: an account that came with an import is got by a letter to the address vouched for, and in no other way."""

from flask import Flask
from sqlalchemy import select

from community.accounts import claiming
from community.accounts.claiming import AddressRefusedError, attach
from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from tests.community.accounts.letters import Letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

NEW = "seven slow rivers bend"
ANN = "ann@customer.example"


def an_imported_member(handle: str = "ann-lee", name: str = "Ann Lee", **more: object) -> Member:
    member = Member(handle=handle, name=name, email=f"se-{handle}@bicycles.import.invalid", **more)
    db.session.add(member)
    db.session.flush()
    return member


def recorded() -> list[str]:
    return list(db.session.scalars(select(EventRecord.name).order_by(EventRecord.id)))


def ask(visitor: Visitor, address: str) -> str:
    """Ask for a new password; the page that answers, without the address."""
    visitor.get("/forgotten")
    visitor.submit("main form", email=address)
    return visitor.html.replace(address, "x")


def refusal(member: Member, address: str) -> str:
    try:
        attach(member, address, by_id=None)
    except AddressRefusedError as refused:
        return str(refused.reason)
    return ""


def test_an_account_is_claimed_by_a_forgotten_password(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = an_imported_member()
    assert attach(ann, " Ann@Customer.example", by_id=None)
    ask(visitor, ANN)
    run_jobs()
    (letter,) = letters.to(ANN)
    assert "waiting for you" in letter.subject
    assert "/forgotten" in letter.text
    assert "/reset/" in letter.html
    visitor.get(letters.link_to(ANN, "/reset/"))
    visitor.submit("main form", password=NEW)
    assert "The account is yours" in visitor.text
    visitor.get("/mine")
    assert ann.email_confirmed_at is not None
    login_as("ann-lee", password=NEW)
    assert recorded() == ["accounts.account.offered", "accounts.member.confirmed", "accounts.account.claimed"]
    run_jobs()
    assert len(letters.to(ANN)) == 1


def test_a_link_is_used_once(app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    attach(an_imported_member(), ANN, by_id=None)
    ask(visitor, ANN)
    run_jobs()
    link = letters.link_to(ANN, "/reset/")
    visitor.get(link)
    visitor.submit("main form", password=NEW)
    other = Visitor(app)
    other.get(link)
    assert "used up or older" in other.text
    other.post(link, {"password": "another good password"})
    other.get("/mine", status=302)


def test_whether_an_address_is_known_is_never_shown(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    """Nor by the language: the letter speaks the member's own, the page the visitor's."""
    attach(an_imported_member(), ANN, by_id=None)
    a_member("li", email="li@customer.example", language="zh-Hans")
    unknown = ask(visitor, "nobody@customer.example")
    assert {ask(visitor, address) for address in (ANN, "li@customer.example")} == {unknown}
    run_jobs()
    assert letters.to("nobody@customer.example") == []
    assert letters.link_to("li@customer.example", "/reset/")
    assert "密码" in letters.to("li@customer.example")[0].text


def test_joining_with_an_attached_address_tells_only_its_owner(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ann = an_imported_member()
    attach(ann, ANN, by_id=None)
    visitor.get("/join")
    visitor.submit("main form", name="Ann Lee", email=ANN, password=NEW)
    assert "Check your mail" in visitor.text
    run_jobs()
    assert ["account already" in mail.subject for mail in letters.to(ANN)] == [True]
    assert db.session.scalars(select(Member)).one().password_hash == ""


def test_the_same_name_or_handle_does_not_lead_to_the_account(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ann = an_imported_member()
    for number, name in enumerate(("Ann Lee", "ann-lee", "ANN  LEE")):
        address = f"mallory{number}@elsewhere.example"
        visitor.get("/join")
        visitor.submit("main form", name=name, email=address, password=NEW)
        run_jobs()
        visitor.get(letters.link_to(address, "/confirm/"))
        visitor.submit("main form")
        visitor.get("/mine")
        visitor.post("/sign-out")
    assert (ann.handle, ann.password_hash, ann.email_confirmed_at) == ("ann-lee", "", None)
    others = list(db.session.scalars(select(Member).where(Member.id != ann.id)))
    assert len({member.handle for member in others} - {"ann-lee"}) == 3


def test_the_placeholder_address_is_no_way_in(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ann = an_imported_member()
    ways = {"/forgotten": {}, "/join": {"name": "Ann", "password": NEW}, "/sign-in": {"password": NEW}}
    for page, more in ways.items():
        visitor.get(page)
        visitor.submit("main form", email=ann.email, status=422, **more)
    run_jobs()
    assert letters.sent == []


def test_no_password_signs_in_before_the_claim(app: Flask, visitor: Visitor) -> None:
    attach(an_imported_member(), ANN, by_id=None)
    for password in (" ", "x", "nobody has this password"):
        visitor.get("/sign-in")
        visitor.submit("main form", email=ANN, password=password, status=422)


def test_addresses_are_attached_to_unclaimed_accounts_only_and_never_twice(app: Flask) -> None:
    ann, bo = an_imported_member(), an_imported_member("bo")
    joined = a_member("boss", email="boss@customer.example")
    unconfirmed = a_member("new", email="new@customer.example")
    unconfirmed.email_confirmed_at = None
    assert refusal(joined, "mallory@elsewhere.example") == str(claiming.CLAIMED)
    assert refusal(unconfirmed, "mallory@elsewhere.example") == str(claiming.CLAIMED)
    for address in ("BOSS@customer.example", "new@customer.example"):
        assert refusal(ann, address) == str(claiming.TAKEN)
    assert attach(ann, ANN, by_id=None)
    assert not attach(ann, ANN.upper(), by_id=None)
    assert refusal(ann, "mallory@elsewhere.example") == str(claiming.OTHER_ADDRESS)
    assert refusal(bo, ANN) == str(claiming.TAKEN)
    assert ann.email == ANN
    assert joined.email == "boss@customer.example"


def test_a_manager_invites_somebody_to_their_account(
    app: Flask, letters: Letters, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    mia, ann = a_member("mia", role="manager"), an_imported_member()
    manager = login_as("mia")
    manager.get("/admin/members/ann-lee")
    assert "import.invalid" not in str(manager.select("#invite input"))
    manager.submit("#invite", email=ANN)
    assert f"We have written to {ANN}" in manager.text
    run_jobs()
    fact = db.session.scalars(select(EventRecord).where(EventRecord.name == "accounts.account.offered")).one()
    assert (fact.actor_id, fact.payload["member_id"]) == (mia.id, ann.id)
    manager.get("/admin/members/ann-lee")
    assert manager.select("#invite input[name=email]")[0]["value"] == ANN
    manager.submit("#invite")
    run_jobs()
    assert [mail.subject for mail in letters.to(ANN)] == [letters.to(ANN)[0].subject] * 2
    visitor.get(letters.link_to(ANN, "/reset/"))
    visitor.submit("main form", password=NEW)
    visitor.get("/mine")
    manager.get("/admin/members/ann-lee")
    assert not manager.select("#invite")
    manager.post("/admin/members/ann-lee/invite", {"email": "mallory@elsewhere.example"}, status=404)
    assert ann.email == ANN


def test_an_invitation_to_an_address_in_use_is_refused_with_its_reason(app: Flask, login_as: LoginAs) -> None:
    a_member("mia", role="manager")
    a_member("boss", email="boss@customer.example")
    ann = an_imported_member()
    manager = login_as("mia")
    for address, reason in (("boss@customer.example", "belongs to another account"), ("x", "does not look like")):
        manager.get("/admin/members/ann-lee")
        manager.submit("#invite", email=address, status=422)
        assert reason in str(manager.select("#email-error"))
        assert manager.select("#role option[selected]")[0]["value"] == "member"
    assert ann.email.endswith(".invalid")
    manager.get("/admin/members/ann-lee")
    manager.post("/admin/members/ann-lee", {"role": "nonsense"}, status=422)
    assert manager.select("#invite")


def test_a_mistyped_address_can_be_put_right_and_its_links_die(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    a_member("mia", role="manager")
    an_imported_member()
    manager = login_as("mia")
    for address in ("anne@customer.example", ANN):
        manager.get("/admin/members/ann-lee")
        manager.submit("#invite", email=address)
        run_jobs()
    visitor.get(letters.link_to("anne@customer.example", "/reset/"))
    assert "used up or older" in visitor.text
    visitor.get(letters.link_to(ANN, "/reset/"))
    assert visitor.select("input[type=password]")


def test_only_an_admin_invites_to_an_account_with_a_high_role(app: Flask, login_as: LoginAs) -> None:
    a_member("mia", role="manager")
    a_member("root", role="admin")
    an_imported_member(role="admin")
    manager = login_as("mia")
    manager.get("/admin/members/ann-lee")
    assert not manager.select("#invite")
    manager.post("/admin/members/ann-lee/invite", {"email": ANN}, status=404)
    admin = login_as("root")
    admin.get("/admin/members/ann-lee")
    assert admin.select("#invite")
