"""Where managers say what rules ask for: lists, forms, hours, and trials on what happened."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.promotion import trials
from bridge.promotion.book import open_book
from bridge.promotion.conditions import HaveToo, Kind, NotAccepted, Unanswered
from bridge.promotion.models import PromotionRule, PromotionTrial
from bridge.promotion.rules import USUAL_RULES, Effect, Rule, Source
from bridge.promotion.ruling import digest, placed
from community.core.db import at_time, db, utcnow
from community.core.jobs import enqueue
from community.core.policies import Role
from community.forum import operations as forum
from community.spaces.models import Space
from tests.bridge.promotion.acts import HOUR, a_rule, automatic, hours, only, shared, suggesting, watch
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

RULES = "/admin/promotion-rules"


@pytest.fixture
def oksana(app: Flask, login_as: LoginAs) -> Visitor:
    a_member(handle="oksana", role=Role.MANAGER)
    return login_as("oksana")


def rule_in(key: str, space: Space | None = None) -> Rule:
    found = placed(open_book(), key, space.id if space else 0)
    assert found is not None
    return found.rule


def rows() -> list[PromotionRule]:
    return list(db.session.scalars(select(PromotionRule).order_by(PromotionRule.id)))


def test_only_managers_come_here(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    visitor.get(RULES, status=302)
    for role, status in ((Role.MEMBER, 404), (Role.AGENT, 404), (Role.MANAGER, 200), (Role.ADMIN, 200)):
        a_member(handle=str(role), role=role)
        person = login_as(str(role))
        for path in ("", "/new", "/unanswered", "/unanswered/trial", "/hours"):
            person.get(RULES + path, status=status)
        if status == 404:
            for verb in ("switch", "suggest", "automatic", "reset", "trials"):
                person.post(f"{RULES}/unanswered/{verb}", {}, status=404)
    assert rows() == []


def test_what_is_not_there(oksana: Visitor) -> None:
    for path in ("/nothing", "/nothing/trial", "/trials/9", "/unanswered/trial?days=31", "?space=nowhere"):
        oksana.get(RULES + path, status=404)
    oksana.post(f"{RULES}/nothing/switch", {}, status=404)


def test_the_list_tells_the_usual_rules_and_every_exception(oksana: Visitor) -> None:
    space, other = a_space(name="Finance"), a_space(name="Travel")
    a_rule(replace(USUAL_RULES[4], enabled=False), space.id)
    a_rule(automatic("mine"), other.id)
    oksana.get(RULES)
    assert "Unanswered for 24 working hours" in oksana.text
    assert "Finance Switched off here" in oksana.text
    assert "Rule mine Travel" in oksana.text
    oksana.get(RULES, space=space.slug)
    assert "As everywhere" in oksana.text
    assert "Switched off here" in oksana.text
    oksana.get(RULES, space=other.slug)
    assert "Only here" in oksana.text


def test_a_space_switches_a_rule_off_and_goes_back(oksana: Visitor) -> None:
    space = a_space()
    oksana.get(RULES, space=space.slug)
    oksana.submit(f"{RULES}/unanswered/switch?space={space.slug}")
    assert (rule_in("unanswered", space).enabled, rule_in("unanswered").enabled) == (False, True)
    oksana.submit(f"{RULES}/unanswered/reset?space={space.slug}")
    assert rule_in("unanswered", space).enabled
    assert rows() == []


def test_a_rule_is_made_row_by_row(oksana: Visitor) -> None:
    oksana.get(f"{RULES}/new")
    oksana.submit("#rule", button="add", add_kind="unanswered", name="Slow ones")
    oksana.submit("#rule", button="add", add_kind="kind", **{"conditions-0-hours": "6"})
    assert rows() == []
    oksana.submit("#rule", **{"conditions-1-kinds": ["idea", "question"]})
    (row,) = rows()
    assert row.rule.conditions == (Unanswered(6), Kind(("idea", "question")))
    assert (row.rule.name, row.rule.effect, row.rule.cap, row.rule.enabled) == ("Slow ones", Effect.SUGGEST, 10, True)
    assert "Slow ones" in oksana.text
    oksana.get(f"{RULES}/{row.key}")
    oksana.submit("#rule", **{"conditions-1-drop": True})
    assert rows()[0].rule.conditions == (Unanswered(6),)
    oksana.submit(f"{RULES}/{row.key}/reset")
    assert rows() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "A name is needed"),
        ({"conditions-0-hours": "soon"}, "A number is needed, not “soon”."),
        ({"conditions-0-hours": "-1"}, "is less than nothing"),
        ({"cap": "0"}, "A whole number from 1 up is needed"),
        ({"wait": "a while"}, "Write a number with its unit"),
        ({"conditions-0-drop": True}, "A rule needs at least one condition."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(oksana: Visitor, fields: dict[str, Any], said: str) -> None:
    oksana.get(f"{RULES}/unanswered")
    oksana.submit("#rule", status=422, **fields)
    assert any(said in error.get_text() for error in oksana.select(".error"))
    assert rows() == []


def test_a_space_changes_a_rule_and_keeps_its_usual_name(oksana: Visitor) -> None:
    space = a_space()
    path = f"{RULES}/unsolved?space={space.slug}"
    oksana.get(path)
    oksana.submit("#rule", **{"conditions-0-hours": "12.5"})
    assert rule_in("unsolved", space).conditions == (NotAccepted(12.5),)
    assert rule_in("unsolved").conditions == (NotAccepted(48),)
    found = placed(open_book(), "unsolved", space.id)
    assert found is not None
    assert (found.source, found.fields) == (Source.CHANGED, ("conditions",))
    assert "Changed here Conditions" in oksana.text


def test_a_change_looks_at_every_thread_again(oksana: Visitor, run_jobs: RunJobs) -> None:
    hours()
    with at_time(utcnow() - 5 * HOUR):
        thread = a_thread()
    run_jobs()
    assert watch(thread).suggested_at is None
    oksana.get(f"{RULES}/unanswered")
    oksana.submit("#rule", **{"conditions-0-hours": "4"})
    assert watch(thread).next_look_at is not None
    assert watch(thread).next_look_at <= utcnow()  # type: ignore[operator]


def test_history_first_then_automatic(oksana: Visitor) -> None:
    only(suggesting(4))
    hours()
    with at_time(utcnow() - 40 * HOUR):
        solved, waiting = a_thread(title="Solved later"), a_thread(title="Still open")
    with at_time(utcnow() - 30 * HOUR):
        forum.accept(solved, a_reply(solved), by_id=solved.author_id)
    with at_time(utcnow() - HOUR):
        a_thread(title="Too young")
    oksana.post(f"{RULES}/waits/automatic", {})
    assert not rule_in("waits").automatic
    oksana.get(f"{RULES}/waits/trial", days=90)
    assert "Would have promoted 2 threads." in oksana.text
    assert "1 of them was solved by peers within 24 hours." in oksana.text
    assert "Solved later" in oksana.text
    assert "Still open" in oksana.text
    assert "7 working hours without a reply" in oksana.text
    assert "Too young" not in oksana.text
    oksana.submit("#automatic")
    assert (rule_in("waits").automatic, rule_in("waits").cap) == (True, trials.USUAL_CAP)
    assert waiting.state == "open"


def test_a_rule_that_changed_since_it_was_tried(oksana: Visitor) -> None:
    row = only(suggesting(4))
    oksana.get(f"{RULES}/waits/trial")
    row.define(suggesting(5), by_id=None, at=utcnow())
    oksana.submit("#automatic")
    assert not rule_in("waits").automatic
    assert "Try it on what happened first" in oksana.text


def test_changing_an_automatic_rule_makes_it_suggest(oksana: Visitor) -> None:
    only(automatic())
    oksana.get(f"{RULES}/shared")
    oksana.submit("#rule", name="Another name")
    assert rule_in("shared").automatic
    oksana.get(f"{RULES}/shared")
    oksana.submit("#rule", **{"conditions-0-count": "2"})
    assert rule_in("shared").conditions == (HaveToo(2),)
    assert not rule_in("shared").automatic
    a_rule(automatic())
    oksana.get(RULES)
    oksana.submit(f"{RULES}/shared/suggest")
    assert not rule_in("shared").automatic


def test_a_digest_ignores_what_does_not_matter() -> None:
    rule = automatic()
    assert digest(rule) == digest(replace(rule, effect=Effect.SUGGEST, enabled=False, name="x"))
    assert digest(rule) != digest(replace(rule, cap=3))


def test_a_large_community_is_asked_in_the_background(
    oksana: Visitor, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "MOST_IN_A_REQUEST", 1)
    only(automatic())
    space = a_space()
    for number in range(3):
        shared(a_thread(space=space, title=f"Thread {number}"))
    shared(a_thread(title="Elsewhere"))
    oksana.get(f"{RULES}/shared/trial", space=space.slug, days=30)
    assert "3 threads have to be looked at" in oksana.text
    oksana.submit("#ask")
    (made,) = db.session.scalars(select(PromotionTrial))
    assert "0 of 3 threads" in oksana.text
    run_jobs()
    db.session.refresh(made)
    assert (made.done, made.total, made.finished_at is not None) == (3, 3, True)
    enqueue(trials.run_trial, trial_id=made.id)
    run_jobs()
    oksana.get(f"{RULES}/trials/{made.id}", space=space.slug)
    assert "Would have promoted" in oksana.text
    oksana.get(f"{RULES}/trials/{made.id}", status=404)


def test_a_trial_shows_no_thread_that_one_may_not_read(oksana: Visitor) -> None:
    only(suggesting(4))
    hours()
    with at_time(utcnow() - 40 * HOUR):
        thread = a_thread(title="Gone from view")
    result = trials.try_now(rule_in("waits"), 0, 30)
    thread.hidden_at = utcnow()
    db.session.flush()
    assert "Gone" not in str(result)
    oksana.get(f"{RULES}/waits/trial")
    assert "Gone from view" not in oksana.text


def test_hours_of_everywhere_and_of_a_space(oksana: Visitor) -> None:
    space = a_space()
    oksana.get(f"{RULES}/hours")
    oksana.submit(
        "#hours", name="Office", zone="Asia/Shanghai", day_monday="09:00-12:00, 13:00-18:00", day_tuesday="",
        holidays="2026-10-01 National Day\n2026-10-02",
    )  # fmt: skip
    calendar = open_book().calendar_in(space.id)
    assert (calendar.zone, len(calendar.week[0]), calendar.week[1], len(calendar.holidays)) == (
        "Asia/Shanghai", 2, (), 2,
    )  # fmt: skip
    oksana.get(f"{RULES}/hours", space=space.slug)
    oksana.submit("#hours", zone="Europe/Berlin")
    assert open_book().calendar_in(space.id).zone == "Europe/Berlin"
    oksana.get(f"{RULES}/hours", space=space.slug)
    oksana.submit("#reset", button="reset")
    assert open_book().calendar_in(space.id).zone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"zone": "Moon/Sea"}, "“Moon/Sea” is not a time zone"),
        ({"day_monday": "9 to 5"}, "“9 to 5” is not a time span"),
        ({"day_monday": "09:00-12:00, 11:00-13:00"}, "overlaps"),
        ({"holidays": "Christmas"}, "is not a date"),
        ({"name": ""}, "A name is needed"),
    ],
)
def test_wrong_hours_are_said_beside_the_field(oksana: Visitor, fields: dict[str, str], said: str) -> None:
    oksana.get(f"{RULES}/hours")
    oksana.submit("#hours", status=422, **fields)
    assert any(said in error.get_text() for error in oksana.select(".error"))
    assert open_book().calendars == {}


def test_the_list_costs_the_same(oksana: Visitor, count_statements: CountStatements) -> None:
    costs = []
    for number in (1, 6):
        for _number in range(number):
            a_rule(automatic("own"), a_space().id)
        oksana.get(RULES)
        with count_statements() as sql:
            oksana.get(RULES)
        costs.append(len(sql))
    assert costs[0] == costs[1]
