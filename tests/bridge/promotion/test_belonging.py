"""Rules that ask whose the author is, with which service level, and what service the space is about."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.promotion.conditions import Condition, Organisation, ServiceLevel, ServiceNamed
from bridge.promotion.history import facts_of
from bridge.promotion.knowing import evidence_of
from bridge.promotion.models import PromotionRule, ThreadWatch
from bridge.promotion.rules import Effect, Rule
from bridge.promotion.showing import shown
from bridge.queries.models import Query
from community.core.db import at_time, db
from community.forum.models import Thread
from tests.bridge.promotion.acts import HOUR, NOW, a_rule, jobs_at, only, pass_time, watch
from tests.community.organisations.conftest import an_organisation
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

RULES = "/admin/promotion-rules"


def a_world() -> tuple[Thread, Thread]:
    """Two threads: of somebody with Acme in the space of the VPN, and of somebody with nobody elsewhere."""
    an_organisation("Acme, Inc.", "acme.example", level="Gold")
    an_organisation("Globex", "globex.example", level="silver")
    space = a_space("vpn")
    space.service = "VPN access"
    authors = a_member(email="ann@acme.example"), a_member(email="bob@elsewhere.example")
    with at_time(NOW):
        jobs_at(NOW)
        threads = a_thread(space, authors[0]), a_thread(author=authors[1])
        jobs_at(NOW)
    return threads


def promoted() -> list[int]:
    """Threads with a query."""
    return [link.thread_id for query in db.session.scalars(select(Query)) for link in query.links]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        (Organisation(("ACME, inc.",)), "its author is with Acme, Inc."),
        (ServiceLevel(("gold", "platinum")), "its author has the service level Gold"),
        (ServiceNamed(("vpn access",)), "it is about VPN access"),
    ],
)
def test_a_live_thread_is_promoted(app: Flask, run_jobs: RunJobs, condition: Condition, why: str) -> None:
    only(Rule("own", "Own people", (condition,), Effect.AUTOMATIC, "incident", False, 10, HOUR))
    own, _other = a_world()
    assert watch(own).due_at == NOW + HOUR
    assert [verdict.why for verdict in shown(watch(own).verdicts)] == [why]
    assert promoted() == []
    pass_time(NOW + HOUR)
    pass_time(NOW + 2 * HOUR)
    assert promoted() == [own.id]


@pytest.mark.parametrize("condition", [Organisation(("Globex",)), ServiceLevel(("silver",)), ServiceNamed(("Mail",))])
def test_others_stay(app: Flask, run_jobs: RunJobs, condition: Condition) -> None:
    only(Rule("own", "Own people", (condition,), Effect.AUTOMATIC, "incident", False, 10, HOUR))
    a_world()
    pass_time(NOW + HOUR)
    pass_time(NOW + 2 * HOUR)
    assert promoted() == []


def test_evidence_is_known_without_another_statement(app: Flask, count_statements: CountStatements) -> None:
    own, other = a_world()
    ids = own.id, other.id
    with count_statements() as sql:
        found = evidence_of(db.session.scalars(select(ThreadWatch)), NOW)
    assert len(sql) <= 8
    known = found[ids[0]]
    assert (known.organisation, known.service_level, known.service) == ("Acme, Inc.", "Gold", "VPN access")
    nothing = found[ids[1]]
    assert (nothing.organisation, nothing.service_level, nothing.service) == ("", "", "")


def test_the_past_is_told_with_whom_people_belong_to_now(app: Flask) -> None:
    own, other = a_world()
    facts = {each.thread_id: each for each in facts_of(NOW - HOUR, NOW + HOUR)}
    assert (facts[own.id].organisation, facts[own.id].service_level) == ("Acme, Inc.", "Gold")
    assert (facts[own.id].service, facts[other.id].organisation) == ("VPN access", "")


@pytest.fixture
def oksana(app: Flask, login_as: LoginAs) -> Visitor:
    a_member(handle="oksana", role="manager")
    return login_as("oksana")


def labels(visitor: Visitor, name: str) -> list[str]:
    return [box["value"] for box in visitor.select(f"input[name={name}]")]


def test_what_nobody_has_is_not_offered(oksana: Visitor) -> None:
    oksana.get(f"{RULES}/new")
    offered = [option["value"] for option in oksana.select("#add_kind option")]
    assert not {"organisation", "service_level", "service"} & set(offered)
    assert "unanswered" in offered


def test_organisations_levels_and_services_are_chosen(oksana: Visitor) -> None:
    a_world()
    oksana.get(f"{RULES}/new")
    oksana.submit("#rule", button="add", add_kind="organisation", name="Our customers")
    assert labels(oksana, "conditions-0-names") == ["Acme, Inc.", "Globex"]
    oksana.submit("#rule", button="add", add_kind="service_level")
    assert labels(oksana, "conditions-1-names") == ["Gold", "silver"]
    oksana.submit("#rule", button="add", add_kind="service", **{"conditions-1-names": ["Gold"]})
    assert labels(oksana, "conditions-2-names") == ["VPN access"]
    oksana.submit("#rule", status=422, **{"conditions-2-names": ["VPN access"]})
    assert any("At least one is needed." in error.get_text() for error in oksana.select(".error"))
    oksana.submit("#rule", **{"conditions-0-names": ["Acme, Inc."]})
    (row,) = db.session.scalars(select(PromotionRule))
    assert row.rule.conditions == (
        Organisation(("Acme, Inc.",)),
        ServiceLevel(("Gold",)),
        ServiceNamed(("VPN access",)),
    )
    assert "author from “Acme, Inc.”" in oksana.text


def test_what_is_gone_stays_in_a_rule_until_somebody_takes_it_out(oksana: Visitor) -> None:
    rule = Rule("own", "Own people", (Organisation(("Gone", "Globex")),))
    a_rule(rule)
    an_organisation("Globex")
    oksana.get(f"{RULES}/own")
    assert labels(oksana, "conditions-0-names") == ["Globex", "Gone"]
    oksana.submit("#rule", name="Renamed")
    (row,) = db.session.scalars(select(PromotionRule))
    assert row.rule == replace(rule, name="Renamed", conditions=(Organisation(("Globex", "Gone")),))
    oksana.post(f"{RULES}/own", {"conditions-0-kind": "organisation", "conditions-0-names": "Anybody"}, status=422)
