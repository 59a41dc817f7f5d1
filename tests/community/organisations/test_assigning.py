"""Whose members are: by confirmed addresses, by hand, and again when domains change."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts import claiming, operations
from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from community.organisations import assigning
from community.organisations.models import Organisation
from community.organisations.operations import OrganisationDetails, change, delete
from tests.community.accounts.letters import Letters
from tests.community.organisations.conftest import an_organisation
from tests.conftest import CountStatements, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

SECRET = "four quiet herons wade"


def assigned() -> list[tuple[int | None, list[int], bool]]:
    """What is on the record, oldest first."""
    rows = select(EventRecord.payload).where(EventRecord.name == "organisations.members.assigned")
    found = db.session.scalars(rows.order_by(EventRecord.id))
    return [(fact["organisation_id"], fact["member_ids"], fact["by_hand"]) for fact in found]


def with_domains(organisation: Organisation, *domains: str) -> OrganisationDetails:
    return OrganisationDetails(
        name=organisation.name,
        slug=organisation.slug,
        service_level=organisation.service_level,
        mail_domains=tuple(sorted(domains)),
    )


def test_only_a_confirmed_address_leads_somewhere(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    acme = an_organisation("Acme", "acme.example")
    visitor.get("/join")
    visitor.submit("main form", name="Ingrid Solberg", email="ingrid@Acme.example", password=SECRET)
    run_jobs()
    member = db.session.scalars(select(Member)).one()
    assert member.organisation_id is None
    visitor.get(letters.link_to("ingrid@acme.example", "/confirm/"))
    run_jobs()
    assert member.organisation_id is None
    visitor.submit("main form")
    run_jobs()
    assert (member.organisation_id, member.organisation_fixed) == (acme.id, False)
    assert assigned() == [(acme.id, [member.id], False)]


def test_a_neighbouring_domain_leads_nowhere(app: Flask, run_jobs: RunJobs) -> None:
    an_organisation("Acme", "acme.example")
    emails = ("a@notacme.example", "b@mail.acme.example", "acme.example@other.example", "c@acme.example.org")
    members = [a_member(email=email) for email in emails]
    run_jobs()
    assert {member.organisation_id for member in members} == {None}


def test_an_operators_account_is_assigned_too(app: Flask, run_jobs: RunJobs) -> None:
    acme = an_organisation("Acme", "acme.example")
    member = operations.create_member(email="ann@acme.example", password=SECRET, role="member")
    run_jobs()
    assert member.organisation_id == acme.id


def test_claiming_an_account_confirms_its_address(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    acme = an_organisation("Acme", "acme.example")
    member = a_member("imported", email="imported@somewhere.invalid")
    member.password_hash, member.email_confirmed_at = "", None
    db.session.flush()
    claiming.attach(member, "ann@acme.example", by_id=None)
    run_jobs()
    assert member.organisation_id is None
    visitor.get("/forgotten")
    visitor.submit("main form", email="ann@acme.example")
    run_jobs()
    visitor.get(letters.link_to("ann@acme.example", "/reset/"))
    visitor.submit("main form", password=SECRET)
    run_jobs()
    assert member.organisation_id == acme.id


def test_unicode_and_ascii_addresses_are_the_same(app: Flask, run_jobs: RunJobs) -> None:
    members = [a_member(email=email) for email in ("a@münchen.de", "b@xn--mnchen-3ya.de")]
    city = an_organisation("City", "xn--mnchen-3ya.de")
    run_jobs()
    assert [member.organisation_id for member in members] == [city.id, city.id]


def test_changed_domains_assign_again(app: Flask, run_jobs: RunJobs) -> None:
    members = [a_member(email=f"{number}@{domain}") for number, domain in enumerate(("a.example", "b.example"))]
    waiting = a_member(email="later@a.example")
    waiting.email_confirmed_at = None
    acme, other = an_organisation("Acme", "a.example", "b.example"), an_organisation("Other")
    run_jobs()
    assert [member.organisation_id for member in members] == [acme.id, acme.id]
    change(acme, with_domains(acme, "a.example"), by_id=None)
    change(other, with_domains(other, "b.example"), by_id=None)
    run_jobs()
    assert [member.organisation_id for member in members] == [acme.id, other.id]
    change(acme, with_domains(acme), by_id=None)
    run_jobs()
    assert [member.organisation_id for member in members] == [None, other.id]
    assert waiting.organisation_id is None
    assert assigned()[-1] == (None, [members[0].id], False)


def test_many_members_are_assigned_a_page_at_a_time(
    app: Flask, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch, count_statements: CountStatements
) -> None:
    monkeypatch.setattr(assigning, "A_PAGE", 3)
    members = [a_member(email=f"{number}@acme.example") for number in range(6)]
    elsewhere = a_member(email="x@elsewhere.example")
    acme = an_organisation("Acme", "acme.example")
    run_jobs()
    assert {member.organisation_id for member in members} == {acme.id}
    assert elsewhere.organisation_id is None
    assert [ids for _to, ids, _by_hand in assigned()] == [[m.id for m in members[:3]], [m.id for m in members[3:]]]
    with count_statements() as sql:
        assigning.assign_from(0)
    assert not [statement for statement in sql if statement.startswith("UPDATE member")]


def test_a_choice_wins_and_stays(app: Flask, run_jobs: RunJobs, mia: Visitor) -> None:
    acme, other = an_organisation("Acme", "acme.example"), an_organisation("Other")
    ann, bob = a_member("ann", email="ann@acme.example"), a_member("bob", email="bob@acme.example")
    run_jobs()
    mia.get("/admin/members/ann")
    assert "by the address" in mia.text
    mia.submit("#belong", organisation=other.id)
    assert (ann.organisation_id, ann.organisation_fixed) == (other.id, True)
    assert "chosen by hand" in mia.text
    mia.get("/admin/members/bob")
    mia.submit("#belong", organisation="none")
    assert (bob.organisation_id, bob.organisation_fixed) == (None, True)
    change(acme, with_domains(acme, "acme.example", "more.example"), by_id=None)
    assigning.assign(ann.id)
    run_jobs()
    assert (ann.organisation_id, bob.organisation_id) == (other.id, None)
    mia.get("/admin/members/ann")
    mia.submit("#belong", organisation="address")
    assert (ann.organisation_id, ann.organisation_fixed) == (acme.id, False)
    assert assigned()[1:] == [(other.id, [ann.id], True), (None, [bob.id], True), (acme.id, [ann.id], False)]


def test_a_choice_needs_no_confirmed_address_but_does_not_replace_it(
    app: Flask, run_jobs: RunJobs, mia: Visitor
) -> None:
    acme = an_organisation("Acme", "acme.example")
    ann = a_member("ann", email="ann@acme.example")
    ann.email_confirmed_at = None
    mia.get("/admin/members/ann")
    assert "the address is not confirmed yet" in mia.text
    mia.submit("#belong", organisation=acme.id)
    assert ann.organisation_id == acme.id
    mia.submit("#belong", organisation="address")
    run_jobs()
    assert ann.organisation_id is None


def test_nonsense_changes_nothing(app: Flask, mia: Visitor) -> None:
    ann = a_member("ann")
    for value in ("999", "x", "", "-1"):
        mia.post("/admin/members/ann/organisation", {"organisation": value})
        assert (ann.organisation_id, ann.organisation_fixed) == (None, False)
    mia.post("/admin/members/nobody/organisation", {"organisation": "none"}, status=404)


def test_a_deleted_organisation_leaves_its_members(app: Flask, run_jobs: RunJobs) -> None:
    acme, other = an_organisation("Acme", "acme.example"), an_organisation("Other", "other.example")
    ann, bob = a_member("ann", email="ann@acme.example"), a_member("bob", email="bob@other.example")
    assigning.choose(bob, acme, by_id=None)
    run_jobs()
    assert (ann.organisation_id, bob.organisation_id) == (acme.id, acme.id)
    delete(acme, by_id=None)
    run_jobs()
    assert (ann.organisation_id, ann.organisation_fixed) == (None, False)
    assert (bob.organisation_id, bob.organisation_fixed) == (other.id, False), "the choice went with what was chosen"
