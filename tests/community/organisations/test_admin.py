"""Organisations in the administration: adding, changing, deleting, and what is refused."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.core.events import EventRecord
from community.organisations.models import MailDomain, Organisation
from tests.community.organisations.conftest import an_organisation
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

PATH = "/admin/organisations"
ACME = {"name": "Acme, Inc.", "slug": "acme", "service_level": "gold", "mail_domains": "acme.example"}


def facts(name: str) -> list[dict[str, Any]]:
    rows = select(EventRecord.payload).where(EventRecord.name == f"organisations.organisation.{name}")
    return list(db.session.scalars(rows.order_by(EventRecord.id)))


def domains() -> list[str]:
    return sorted(db.session.scalars(select(MailDomain.domain)))


def test_an_organisation_is_added_and_finds_its_members(app: Flask, mia: Visitor, run_jobs: RunJobs) -> None:
    ann = a_member("ann", email="ann@acme.example")
    mia.get(PATH)
    assert "No organisation yet." in mia.text
    mia.get(f"{PATH}/new")
    mia.submit("#organisation", **(ACME | {"mail_domains": "@ACME.example\nmünchen.de, acme.example"}))
    found = db.session.scalars(select(Organisation)).one()
    assert (found.name, found.slug, found.service_level) == ("Acme, Inc.", "acme", "gold")
    assert domains() == ["acme.example", "xn--mnchen-3ya.de"]
    run_jobs()
    assert ann.organisation_id == found.id
    mia.get(PATH)
    (row,) = mia.select("tbody tr")
    assert [cell.get_text() for cell in row.find_all(["th", "td"])][1:] == [
        "gold",
        "acme.example, münchen.de",
        "1 member",
    ]
    (fact,) = facts("created")
    assert fact["organisation_id"] == found.id
    assert fact["actor_id"] is not None


def test_an_organisation_is_changed(app: Flask, mia: Visitor, run_jobs: RunJobs) -> None:
    an_organisation("Acme", "acme.example", "xn--mnchen-3ya.de", level="gold")
    mia.get(f"{PATH}/acme")
    assert mia.select("#mail_domains")[0].get_text().split() == ["acme.example", "münchen.de"]
    mia.submit("#organisation")
    assert facts("changed") == []
    mia.get(f"{PATH}/acme")
    mia.submit("#organisation", service_level="silver", mail_domains="acme.example")
    found = db.session.scalars(select(Organisation)).one()
    assert (found.service_level, domains()) == ("silver", ["acme.example"])
    (fact,) = facts("changed")
    assert fact["changed"] == ["service_level", "mail_domains"]
    assert fact["mail_domains_before"] == ["acme.example", "xn--mnchen-3ya.de"]
    run_jobs()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "Give the organisation a name."),
        ({"name": "x" * 81}, "At most 80 characters."),
        ({"name": "OTHER"}, "Another organisation has this name."),
        ({"slug": "other"}, "This short name is taken."),
        ({"slug": "new"}, "This short name is taken."),
        ({"slug": "Acme Inc"}, "Use small letters, digits and single hyphens"),
        ({"service_level": "x" * 41}, "At most 40 characters."),
        ({"mail_domains": "acme.example gmail.com"}, "Anybody can have an address at gmail.com"),
        ({"mail_domains": "vip.QQ.com"}, "Anybody can have an address at vip.qq.com"),
        ({"mail_domains": "acme"}, "“acme” is not a mail domain"),
        ({"mail_domains": "ann@acme.example"}, "“ann@acme.example” is not a mail domain"),
        ({"mail_domains": "MÜNCHEN.de"}, "münchen.de leads to Other already."),
        ({"mail_domains": " ".join(f"d{number}.example" for number in range(201))}, "At most 200 domains."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(app: Flask, mia: Visitor, fields: dict[str, str], said: str) -> None:
    an_organisation("Other", "xn--mnchen-3ya.de")
    mia.get(f"{PATH}/new")
    mia.submit("#organisation", status=422, **(ACME | fields))
    assert any(said in error.get_text() for error in mia.select(".error"))
    assert db.session.scalars(select(Organisation.name)).all() == ["Other"]
    assert domains() == ["xn--mnchen-3ya.de"]


def test_its_own_name_and_domains_are_no_hindrance(app: Flask, mia: Visitor) -> None:
    an_organisation("Acme", "acme.example")
    mia.get(f"{PATH}/acme")
    mia.submit("#organisation", name="ACME", mail_domains="ACME.example more.example")
    assert domains() == ["acme.example", "more.example"]


def test_an_organisation_is_deleted_and_nothing_else(app: Flask, mia: Visitor, run_jobs: RunJobs) -> None:
    an_organisation("Acme", "acme.example", level="gold")
    ann = a_member("ann", email="ann@acme.example")
    run_jobs()
    mia.get(f"{PATH}/acme")
    assert "1 member" in mia.text
    mia.submit(f"{PATH}/acme/deletion")
    assert "Its members stay" in mia.text
    assert db.session.scalars(select(Organisation)).all() == []
    assert domains() == []
    assert ann.organisation_id is None
    (fact,) = facts("deleted")
    assert (fact["was"], fact["service_level"], fact["mail_domains"]) == ("Acme", "gold", ["acme.example"])
    assert fact["member_ids"] == [ann.id]
    mia.get(f"{PATH}/acme", status=404)
    mia.post(f"{PATH}/acme/deletion", {}, status=404)
    run_jobs()


def test_only_managers_come_here(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    acme = an_organisation("Acme", "acme.example")
    a_member("ann")
    for role in ("member", "agent"):
        a_member(f"the-{role}", role=role)
        person = login_as(f"the-{role}")
        for path in ("", "/new", "/acme"):
            person.get(PATH + path, status=404)
        for path in (f"{PATH}/new", f"{PATH}/acme", f"{PATH}/acme/deletion", "/admin/members/ann/organisation"):
            person.post(path, {}, status=404)
    visitor.get(PATH, status=302)
    assert db.session.get(Organisation, acme.id) is not None


def test_the_list_costs_one_statement_however_long(app: Flask, mia: Visitor, count_statements: CountStatements) -> None:
    an_organisation("First", "first.example")
    with count_statements() as few:
        mia.get(PATH)
    for number in range(12):
        an_organisation(f"Number {number}", f"{number}.example", f"{number}.example.org")
    with count_statements() as many:
        mia.get(PATH)
    assert len(many) == len(few)
    assert len([statement for statement in many if "organisation_domain" in statement]) == 1
    assert len(mia.select("tbody tr")) == 13
