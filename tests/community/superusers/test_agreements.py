"""Agreements: written, signed by each party as themselves, void with each change, reminded of, printed."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db, utcnow
from community.notifications.models import Notification
from community.organisations.operations import OrganisationDetails, create
from community.superusers.agreements.models import Agreement, AgreementSignature
from community.superusers.agreements.operations import hashed, look_at_agreements
from tests.community.superusers.conftest import Programme
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

PATH = "/agreements/{}"


@pytest.fixture
def parties(programme: Programme) -> Programme:
    """Ann looks after a space with Ben; Cat works for the customer Acme, Dan for nobody."""
    ben = a_member("ben")
    for member in (programme.ann, ben):
        db.session.add(Grant(member_id=member.id, space_id=programme.home.id, kind=SUPER_USER))
    acme = create(OrganisationDetails(name="Acme", slug="acme"), by_id=None)
    cat = a_member("cat")
    cat.organisation_id, cat.organisation_fixed = acme.id, True
    a_member("dan")
    return programme


def fields(**more: object) -> dict[str, object]:
    acme = db.session.scalars(select(Member.organisation_id).where(Member.handle == "cat")).one()
    given = {"handle": "ann", "organisation": acme, "customer_signer": "cat", "backup": "ben"}
    return {**given, "areas": "VPN and wifi", "text": "Ann helps **three hours** a week.", **more}


def written(mia: Visitor) -> Agreement:
    mia.get("/agreements/new")
    mia.submit("#agreement", **fields())
    return db.session.scalars(select(Agreement)).one()


def sent(mia: Visitor) -> Agreement:
    found = written(mia)
    mia.submit(f"/agreements/{found.id}/sending")
    return found


def sign(who: Visitor, found: Agreement) -> None:
    who.get(PATH.format(found.id))
    who.submit("#sign")


def told() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Member.handle, Notification.title)
        .join(Notification, Notification.member_id == Member.id)
        .where(Notification.kind == "agreement")
        .order_by(Notification.id)
    )
    return [(row[0], row[1]) for row in rows]


def test_signed_by_three(parties: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    mia, ann, cat = login_as("mia"), login_as("ann"), login_as("cat")
    found = written(mia)
    ann.get(PATH.format(found.id), status=404)
    mia.submit(f"/agreements/{found.id}/sending")
    run_jobs()
    assert sorted(who for who, _title in told()) == ["ann", "cat"]
    mia.get(PATH.format(found.id))
    assert "Waits for the provider, the customer, the super user" in mia.text
    for who, left in ((mia, "Waits for the customer, the super user"), (cat, "Waits for the super user")):
        sign(who, found)
        assert left in who.text
        assert not who.select("#sign")
    sign(ann, found)
    assert "In force" in ann.text
    run_jobs()
    assert sorted(who for who, title in told() if "in force" in title) == ["cat", "mia"]
    rows = db.session.scalars(select(AgreementSignature).order_by(AgreementSignature.id)).all()
    assert [(row.party, row.name) for row in rows] == [("provider", "Mia"), ("customer", "Cat"), ("member", "Ann")]
    assert {row.hash for row in rows} == {hashed(found.versions[-1].content)}


def test_a_change_voids_what_was_signed(parties: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    mia, ann = login_as("mia"), login_as("ann")
    found = sent(mia)
    ann.get(PATH.format(found.id))
    seen = ann.select("#sign input[name=hash]")[0]["value"]
    sign(mia, found)
    mia.get(f"/agreements/{found.id}/edit")
    mia.submit("#agreement", text="Ann helps **five hours** a week.")
    assert (found.version, found.standing, len(found.versions)) == (2, {}, 2)
    ann.post(f"/agreements/{found.id}/signature", {"hash": seen})
    ann.follow() if ann.status == 302 else None
    assert found.standing == {}
    sign(ann, found)
    assert set(found.standing) == {"member"}
    mia.get(f"/agreements/{found.id}/edit")
    mia.submit("#agreement")
    assert found.version == 2
    ann.get(f"/agreements/{found.id}/versions/1")
    assert "three hours" in ann.text and "void since" in ann.text
    run_jobs()
    assert "An agreement was changed; it must be signed again" in {title for _who, title in told()}


def test_who_sees_it_and_who_signs(parties: Programme, login_as: LoginAs) -> None:
    mia = login_as("mia")
    found = sent(mia)
    a_member("sam", role="agent")
    for handle in ("dan", "ben", "rob", "sam"):
        other = login_as(handle)
        other.get(PATH.format(found.id), status=404)
        other.get(PATH.format(found.id) + "/versions/1", status=404)
        other.post(PATH.format(found.id) + "/signature", {"hash": "x"}, status=404)
        other.get("/agreements")
        assert "Ann" not in other.text
    for handle in ("ann", "cat"):
        party = login_as(handle)
        party.get("/agreements")
        assert "Ann" in party.text
        party.get(f"/agreements/{found.id}/edit", status=404)
        party.post(f"/agreements/{found.id}/end", status=404)
    mia.get(PATH.format(found.id))
    mia.submit(f"/agreements/{found.id}/end")
    assert found.state == "ended"
    login_as("ann").post(PATH.format(found.id) + "/signature", {"hash": "x"}, status=404)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"backup": "dan"}, "another super user of the same space"),
        ({"backup": "ann"}, "another super user of the same space"),
        ({"customer_signer": "dan"}, "belongs to this organisation"),
        ({"handle": "nobody"}, "Nobody here is called that."),
    ],
)
def test_what_cannot_be_agreed(parties: Programme, login_as: LoginAs, wrong: dict[str, str], words: str) -> None:
    mia = login_as("mia")
    mia.get("/agreements/new")
    mia.submit("#agreement", status=422, **fields(**wrong))
    assert words in mia.text
    mia.submit("#agreement", **fields())


def test_reminders_to_all_parties_once_each(parties: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    mia, ann, cat = login_as("mia"), login_as("ann"), login_as("cat")
    found = sent(mia)
    for who in (mia, ann, cat):
        sign(who, found)
    last = utcnow().replace(year=found.ends_on.year, month=found.ends_on.month, day=found.ends_on.day, hour=9)
    for days in (31, 30, 29, 7, 6, 0):
        with time_machine.travel(last - timedelta(days=days), tick=False):
            look_at_agreements()
            db.session.commit()
            run_jobs()
    reminders = sorted((who, title) for who, title in told() if " ends in " in title)
    said = ["An agreement ends in 30 days", "An agreement ends in 7 days"]
    assert reminders == [(who, title) for who in ("ann", "cat", "mia") for title in said]
    with time_machine.travel(last + timedelta(days=1), tick=False):
        look_at_agreements()
        db.session.commit()
    assert found.state == "ended"


def test_without_a_customer_two_sign(parties: Programme, login_as: LoginAs, app: Flask) -> None:
    mia, ann = login_as("mia"), login_as("ann")
    mia.get("/agreements/new")
    mia.submit("#agreement", **fields(organisation=0, customer_signer=""))
    found = db.session.scalars(select(Agreement)).one()
    mia.submit(f"/agreements/{found.id}/sending")
    for who in (mia, ann):
        sign(who, found)
    assert found.state == "in_force"


def test_of_a_draft_nobody_ever_learns(parties: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    mia = login_as("mia")
    found = written(mia)
    mia.get(f"/agreements/{found.id}/edit")
    mia.submit("#agreement", text="Ann is thought of, and Ben as well.")
    mia.get(f"/agreements/{found.id}/edit")
    mia.submit("#agreement", text="Ann helps.")
    assert "What was signed before is void" not in mia.text
    assert [kept.number for kept in found.versions] == [1]
    path = PATH.format(found.id)
    mia.submit(f"{path}/end")
    run_jobs()
    assert told() == []
    for who in (mia, login_as("ann"), login_as("cat")):
        who.get(path, status=404)


def test_what_was_sent_stays_with_the_person(parties: Programme, login_as: LoginAs) -> None:
    mia = login_as("mia")
    found = sent(mia)
    mia.get(f"/agreements/{found.id}/edit")
    mia.submit("#agreement", status=422, handle="ben", backup="ann")
    assert "It was sent to somebody else." in mia.text


def test_who_left_the_customer_signs_for_it_no_more(parties: Programme, login_as: LoginAs) -> None:
    found = sent(login_as("mia"))
    cat = login_as("cat")
    cat.get(PATH.format(found.id))
    assert cat.select("#sign")
    db.session.scalars(select(Member).where(Member.handle == "cat")).one().organisation_id = None
    cat.get(PATH.format(found.id))
    assert not cat.select("#sign")
    cat.post(PATH.format(found.id) + "/signature", {"hash": found.versions[-1].hash}, status=404)
    assert found.standing == {}


def test_the_list_costs_the_same_however_long(
    parties: Programme, login_as: LoginAs, count_statements: CountStatements
) -> None:
    mia = login_as("mia")
    first = sent(mia)
    mia.get("/agreements")
    with count_statements() as one:
        mia.get("/agreements")
    for member in parties.regulars:
        days = {"begins_on": first.begins_on, "ends_on": first.ends_on}
        db.session.add(Agreement(member_id=member.id, hours_a_week=2, areas="VPN", state="waiting", **days))
    with count_statements() as several:
        mia.get("/agreements")
    assert len(several) == len(one)
