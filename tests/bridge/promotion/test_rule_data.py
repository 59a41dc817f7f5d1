"""Rules as JSON."""

import json
from typing import Any

import pytest

from bridge.promotion.conditions import KINDS, HaveToo, Unanswered
from bridge.promotion.problems import InvalidError, Problem
from bridge.promotion.rule_data import condition_data, condition_from, rule_data, rule_from
from bridge.promotion.rules import USUAL_RULES, USUAL_WAIT, Effect, Rule
from tests.bridge.promotion.test_conditions import HOLDING

GOOD: dict[str, Any] = {
    "key": "unanswered",
    "name": " Unanswered ",
    "conditions": [{"is": "unanswered", "hours": 24}, {"is": "have_too", "count": 4.0}],
}


def test_little_is_enough() -> None:
    assert rule_from(GOOD) == Rule("unanswered", "Unanswered", (Unanswered(24), HaveToo(4)), wait=USUAL_WAIT)


@pytest.mark.parametrize("rule", USUAL_RULES, ids=lambda rule: rule.key)
def test_there_and_back(rule: Rule) -> None:
    assert rule_from(json.loads(json.dumps(rule_data(rule)))) == rule


def test_every_condition_there_and_back() -> None:
    examples = [condition for condition, _known, _reason in HOLDING]
    examples += [condition for rule in USUAL_RULES for condition in rule.conditions]
    assert {condition.code for condition in examples} == set(KINDS)
    for condition in examples:
        assert condition_from(json.loads(json.dumps(condition_data(condition)))) == condition


def test_an_automatic_rule() -> None:
    rule = rule_from(GOOD | {"effect": "automatic", "cap": 5, "wait_hours": 0.5, "target_class": "incident"})
    assert (rule.effect, rule.automatic, rule.cap, rule.target_class) == (Effect.AUTOMATIC, True, 5, "incident")
    assert rule.wait == USUAL_WAIT / 6


@pytest.mark.parametrize(
    ("change", "code", "where", "value"),
    [
        ({"key": "Two words"}, "not a key", "key", "Two words"),
        ({"key": None}, "not a key", "key", ""),
        ({"name": " "}, "no name", "name", " "),
        ({"name": "x" * 121}, "no name", "name", "x" * 59 + "…"),
        ({"conditions": []}, "no conditions", "conditions", ""),
        ({"conditions": "all"}, "no conditions", "conditions", ""),
        ({"conditions": [1] * 21}, "too many", "conditions", "21"),
        ({"effect": "explode"}, "unknown effect", "effect", "explode"),
        ({"effect": "automatic"}, "automatic without a cap", "cap", ""),
        ({"effect": "automatic", "cap": 0}, "not a whole number from one up", "cap", "0"),
        ({"cap": 1001}, "too large", "cap", "1001"),
        ({"target_class": "question"}, "unknown class", "target_class", "question"),
        ({"in_hours_only": 1}, "not yes or no", "in_hours_only", "1"),
        ({"enabled": None}, "not yes or no", "enabled", ""),
        ({"wait_hours": -1}, "negative", "wait_hours", "-1"),
        ({"wait_hours": 721}, "too large", "wait_hours", "721"),
        ({"wait_hours": float("inf")}, "not a number", "wait_hours", "inf"),
        ({"colour": "red"}, "unknown field", "", "colour"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], code: str, where: str, value: str) -> None:
    with pytest.raises(InvalidError) as caught:
        rule_from(GOOD | change)
    assert caught.value.problems == (Problem(code, where, value),)


@pytest.mark.parametrize(
    ("condition", "code", "where"),
    [
        ({"is": "moon"}, "unknown condition", "conditions.0.is"),
        ({"is": ["words"]}, "unknown condition", "conditions.0.is"),
        ("words", "not an object", "conditions.0"),
        ({"is": "unanswered", "hours": -1}, "negative", "conditions.0.hours"),
        ({"is": "unanswered"}, "not a number", "conditions.0.hours"),
        ({"is": "unanswered", "hours": True}, "not a number", "conditions.0.hours"),
        ({"is": "unanswered", "hours": 9000}, "too large", "conditions.0.hours"),
        ({"is": "unanswered", "hours": 1, "days": 1}, "unknown field", "conditions.0"),
        ({"is": "have_too", "count": 2.5}, "not a whole number from one up", "conditions.0.count"),
        ({"is": "have_too_rate", "count": 3, "minutes": 0}, "not a whole number from one up", "conditions.0.minutes"),
        ({"is": "words", "words": "help"}, "not a list of texts", "conditions.0.words"),
        ({"is": "words", "words": [1]}, "not a list of texts", "conditions.0.words"),
        ({"is": "words", "words": [" "]}, "empty", "conditions.0.words"),
        ({"is": "words", "words": ["x" * 81]}, "too many or too long", "conditions.0.words"),
        ({"is": "words", "words": [str(n) for n in range(201)]}, "too many or too long", "conditions.0.words"),
        ({"is": "space", "spaces": []}, "not a list of ids", "conditions.0.spaces"),
        ({"is": "space", "spaces": ["1"]}, "not a list of ids", "conditions.0.spaces"),
        ({"is": "space", "spaces": [0]}, "not a list of ids", "conditions.0.spaces"),
        ({"is": "kind", "kinds": ["announcement"]}, "unknown kind", "conditions.0.kinds"),
        ({"is": "class", "classes": ["riddle"]}, "unknown class", "conditions.0.classes"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said(condition: object, code: str, where: str) -> None:
    with pytest.raises(InvalidError) as caught:
        rule_from(GOOD | {"conditions": [condition]})
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [(code, where)]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidError) as caught:
        rule_from({"effect": "automatic"})
    codes = ["not a key", "no name", "no conditions", "automatic without a cap"]
    assert [problem.code for problem in caught.value.problems] == codes
    assert str(caught.value) == "key: not a key; name: no name; conditions: no conditions; cap: automatic without a cap"
