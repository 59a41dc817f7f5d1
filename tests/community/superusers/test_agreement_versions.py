"""Earlier versions are for those who were parties to them."""

from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.organisations.operations import OrganisationDetails, create
from tests.community.superusers.conftest import Programme
from tests.conftest import LoginAs
from tests.factories import a_member

from .test_agreements import PATH, parties, sent, sign  # noqa: F401 - a fixture


def test_who_signs_for_another_customer_reads_nothing_of_the_first(
    app: Flask,
    parties: Programme,  # noqa: F811 - the fixture
    login_as: LoginAs,
) -> None:
    other, eve = create(OrganisationDetails(name="Globex", slug="globex"), by_id=None), a_member("eve")
    eve.organisation_id, eve.organisation_fixed = other.id, True
    mia = login_as("mia")
    found = sent(mia)
    cat = login_as("cat")
    sign(cat, found)
    mia.get(f"/agreements/{found.id}/edit")
    mia.submit("#agreement", organisation=other.id, customer_signer="eve", hours_a_week="4")
    mia.get(f"/agreements/{found.id}/edit")
    mia.submit("#agreement", hours_a_week="5")
    versions = PATH.format(found.id) + "/versions/{}"
    reader = login_as("eve")
    reader.get(PATH.format(found.id))
    assert versions.format(1) not in reader.links()
    reader.get(versions.format(1), status=404)
    for number in (2, 3):
        reader.get(versions.format(number))
        assert "Acme" not in reader.text
    for number in (1, 2, 3):
        mia.get(versions.format(number))
    ann = login_as("ann")
    ann.get(versions.format(3))
    assert db.session.scalars(select(Member.handle).where(Member.id == found.customer_signer_id)).one() == "eve"
