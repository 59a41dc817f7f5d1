"""Whose customer somebody is: rules may ask for it, and nobody but staff reads it."""

import pytest
from flask import Flask

from bridge.promotion.conditions import Condition, HaveToo, Organisation, ServiceLevel, ServiceNamed
from bridge.promotion.looking import look_at_due
from bridge.promotion.rules import Effect, Rule
from community.core.db import db
from community.core.jobs import enqueue
from community.organisations.operations import OrganisationDetails, change, delete
from tests.bridge.promotion.acts import HOUR, only, shared, watch
from tests.community.organisations.conftest import an_organisation
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

NAMES = ("Acme Rockets", "Acme first", "platinum")


def test_super_users_and_readers_never_learn_whose_customer_the_author_is(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    conditions = (Organisation(("Acme Rockets",)), ServiceLevel(("platinum",)), HaveToo(1))
    only(Rule("own", "Acme first", conditions, Effect.AUTOMATIC, "incident", False, 10, HOUR))
    ann = a_member("ann", email="ann@acme.example")
    an_organisation("Acme Rockets", "acme.example", level="platinum")
    run_jobs()
    space = a_space()
    for handle, fields in (("priya", {"super_user_in": [space]}), ("bob", {}), ("jonas", {"role": "agent"})):
        a_member(handle, **fields)
    thread = shared(a_thread(space, ann))
    run_jobs()
    pages = [f"/threads/{thread.id}", f"/threads/{thread.id}/window", f"/threads/{thread.id}/promotion"]
    priya = login_as("priya")
    for person, seen in ((visitor, pages[:1]), (login_as("bob"), pages[:1]), (priya, pages)):
        for page in seen:
            assert not [name for name in NAMES if name in person.get(page).html]
    assert "1 has this too" in priya.get(pages[0]).text
    jonas = login_as("jonas")
    assert all(name in jonas.get(pages[1]).text for name in NAMES)
    priya.get(pages[0])
    priya.submit(f"/threads/{thread.id}/promotion/now")
    run_jobs()
    assert not [name for name in NAMES if name in visitor.get(pages[0]).html]


@pytest.mark.parametrize("condition", [Organisation(("Acme",)), ServiceLevel(("gold",)), ServiceNamed(("VPN",))])
def test_waiting_threads_are_looked_at_again_when_what_is_known_of_them_changes(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, condition: Condition
) -> None:
    only(Rule("own", "Own", (condition,), Effect.AUTOMATIC, "incident", False, 10, HOUR))
    a_member("mia", role="manager")
    mia = login_as("mia")
    thread = a_thread(a_space("vpn"), a_member("ann", email="ann@acme.example"))
    run_jobs()
    assert watch(thread).due_at is None
    acme = an_organisation("Acme", "acme.example")
    run_jobs()
    details = OrganisationDetails(name="Acme", slug="acme", service_level="gold", mail_domains=("acme.example",))
    change(acme, details, by_id=None)
    mia.get("/admin/spaces/vpn")
    mia.submit("#space", service="VPN")
    run_jobs()
    enqueue(look_at_due)
    run_jobs()
    assert watch(thread).due_at is not None
    if not isinstance(condition, ServiceNamed):
        delete(acme, by_id=None)
        db.session.commit()
        run_jobs()
        enqueue(look_at_due)
        run_jobs()
        assert watch(thread).due_at is None
