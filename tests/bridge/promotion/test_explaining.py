"""Everything has words, in both languages."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from bridge.promotion import calendar_data, explaining, problems, rule_data
from bridge.promotion import conditions as c
from bridge.promotion.calendars import ALWAYS
from bridge.promotion.dry_run import DryRun, Finding, dry_run
from bridge.promotion.evaluating import Verdict, evaluate
from bridge.promotion.evidence import Evidence
from bridge.promotion.problems import Problem
from bridge.promotion.replaying import Acceptance, Facts, Promotion
from bridge.promotion.rules import USUAL_RULES, Effect, Rule, Source
from tests.bridge.promotion.test_conditions import HOLDING, THREAD

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_the_reasons_stand_in_one_line() -> None:
    thread = Evidence(1, 1, NOW - 49 * HOUR, suggested_class="incident", have_too_at=(NOW,) * 4)
    rule = Rule("r", "R", (c.SuggestedClass(("incident",)), c.NotAccepted(48), c.HaveToo(4)))
    (verdict,) = evaluate([rule], thread, NOW, ALWAYS, {})
    wanted = "because: incident, 49 working hours without an accepted answer, 4 have this too"
    assert explaining.because(verdict.reasons) == wanted
    assert explaining.listed([]) == ""


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (c.Reason("unanswered", (("time", 30 * timedelta(minutes=1)),)), "30 working minutes without a reply"),
        (c.Reason("have_too_rate", (("count", 3), ("minutes", 60))), "3 people within 60 minutes have this too"),
        (c.Reason("distress", (("score", 1), ("words", ()))), "the author sounds distressed"),
    ],
)
def test_a_reason(reason: c.Reason, said: str) -> None:
    assert explaining.reason_words(reason) == said


WORDS = {
    "words": ("it says “vpn”, “掉线”", "one of the words “vpn”, “掉线”"),
    "tags": ("tagged “outage”", "one of the tags “Outage”"),
    "service": ("it is about mail", "one of the services “Mail”"),
    "space": ("it stands in this space", "in one of 2 spaces"),
    "kind": ("idea", "posted as idea"),
    "organisation": ("its author is with ACME", "author from “Acme”"),
    "service_level": ("its author has the service level Gold", "author with the service level “gold”"),
    "distress": ("the author sounds distressed: “urgent”", "distress of 2 or more in the author's words"),
    "first_question": ("it is its author's first question", "the author's first question"),
    "nobody_on_duty": ("nobody is on duty", "nobody on duty"),
    "class": ("incident", "looks like incident"),
    "proposed": ("1 super user proposes it", "a super user proposes it"),
}


@pytest.mark.parametrize(("condition", "known", "reason"), HOLDING, ids=lambda value: getattr(value, "code", ""))
def test_conditions_and_reasons_in_words(condition: c.Condition, known: dict[str, object], reason: c.Reason) -> None:
    said = condition.reason(replace(THREAD, **known), NOW, ALWAYS)  # type: ignore[arg-type]
    assert (explaining.reason_words(said), explaining.condition_words(condition)) == WORDS[condition.code]


def test_conditions_of_time_and_number() -> None:
    conditions = (c.Unanswered(1.5), c.NotAccepted(48), c.HaveToo(4), c.HaveTooRate(3, 60))
    assert [explaining.condition_words(condition) for condition in conditions] == [
        "no reply after 1.5 h of working time",
        "no accepted answer after 48 h of working time",
        "4 or more people have this too",
        "3 or more people within 60 minutes have this too",
    ]


def test_every_fault_has_a_sentence() -> None:
    sources = "".join(inspect.getsource(module) for module in (calendar_data, rule_data, problems))
    codes = set(re.findall(r'(?:Problem|_WrongError|_among)\(\s*"([a-z ]+)"', sources))
    assert codes == set(explaining.PROBLEMS)
    for code in codes:
        assert explaining.problem_words(Problem(code, "name", "5 %")).startswith("name: ")
    assert explaining.problem_words(Problem("unknown field", "", "x")) == "“x” is not known here."


def test_every_field_effect_and_source_has_a_word() -> None:
    assert set(explaining.FIELDS) == {field.name for field in fields(Rule)} - {"key"}
    assert set(explaining.EFFECTS) == set(Effect)
    assert set(explaining.SOURCES) == set(Source)
    assert explaining.target_words("incident") == "Incident"
    assert explaining.target_words("") == "As triage suggests"


@pytest.mark.parametrize(
    ("due_at", "delays", "said"),
    [
        (NOW, (), "Goes to the service desk now"),
        (None, ("quiet",), "Never goes to the service desk: its calendar has no working hours."),
        (
            NOW + timedelta(hours=3, minutes=12),
            ("wait", "claimed"),
            "Goes to the service desk in 3 hours 12 minutes: super users can still step in, a super user is on it",
        ),
    ],
)
def test_when_it_goes(due_at: datetime | None, delays: tuple[str, ...], said: str) -> None:
    verdict = Verdict(USUAL_RULES[0], Effect.AUTOMATIC, (), NOW, due_at=due_at, delays=delays)
    assert explaining.when(verdict, NOW) == said
    assert explaining.when(replace(verdict, effect=Effect.SUGGEST), NOW) == ""


def _run(effect: Effect) -> DryRun:
    rule = Rule("r", "R", (c.Unanswered(1),), effect, in_hours_only=False, cap=2, wait=timedelta())
    start = NOW - timedelta(days=1)
    facts = [
        Facts(1, 1, start, "A", acceptances=(Acceptance(start + 5 * HOUR),)),
        Facts(2, 1, start, "B", promotions=(Promotion(start + 9 * HOUR),)),
        Facts(3, 1, start, "C"),
    ]
    return dry_run(facts, lambda _: [rule], lambda _: ALWAYS, since=start, until=NOW - 18 * HOUR)


def test_a_dry_run_in_sentences() -> None:
    assert explaining.summary(_run(Effect.AUTOMATIC)) == [
        "Would have promoted 2 threads.",
        "1 of them was solved by peers within 24 hours.",
        "1 of them was promoted by people anyway.",
        "The daily limit and quiet hours would have held back 1 thread.",
    ]
    assert explaining.summary(_run(Effect.SUGGEST)) == [
        "Would have suggested 3 threads.",
        "1 of them was solved by peers within 24 hours.",
        "1 of them was promoted by people anyway.",
    ]


def test_a_dry_run_without_findings() -> None:
    none: tuple[Finding, ...] = ()
    assert explaining.summary(DryRun(NOW, NOW, 0, none, none, none)) == [
        "Would have promoted 0 threads.",
        "The daily limit and quiet hours would have held back 0 threads.",
    ]


def test_what_holds_back_has_words() -> None:
    source = inspect.getsource(inspect.getmodule(evaluate))  # type: ignore[arg-type]
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    assert set(explaining.DELAYS) <= texts


def test_usual_rules_are_named_in_the_language_of_the_reader() -> None:
    assert {key: str(name) for key, name in explaining.USUAL_NAMES.items()} == {r.key: r.name for r in USUAL_RULES}
    assert explaining.rule_name(USUAL_RULES[0]) == "May be a threat to security"
    assert explaining.rule_name(replace(USUAL_RULES[0], name="Ours")) == "Ours"
    assert explaining.rule_name(Rule("other", "Other", ())) == "Other"
