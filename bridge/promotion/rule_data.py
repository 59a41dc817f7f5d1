"""Rules as JSON, checked on the way in.

{"key": "unanswered", "name": "Unanswered for 24 h", "conditions": [{"is": "unanswered", "hours": 24}],
 "effect": "automatic", "cap": 10, "wait_hours": 3}
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from datetime import timedelta
from typing import Any

from bridge.triage.classes import ONLY_A_QUESTION, QueryClass

from .conditions import KINDS, Condition
from .problems import InvalidError, Problem, brief, mapping, unknown_fields
from .rules import USUAL_WAIT, Effect, Rule

FIELDS = ("key", "name", "conditions", "effect", "target_class", "in_hours_only", "cap", "wait_hours", "enabled")
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_NAME, LONGEST_TEXT, LONGEST_WAIT = 120, 80, 24 * 30
MOST_HOURS, MOST_COUNTED, MOST_MINUTES = 24 * 365, 100_000, 60 * 24 * 31
MOST_CONDITIONS, MOST_TEXTS, LARGEST_CAP = 20, 200, 1000
THREAD_KINDS = ("question", "discussion", "idea")
CLASSES = tuple(str(name) for name in QueryClass)

Check = Callable[[object], Any]


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as JSON."""
    return {
        "key": rule.key,
        "name": rule.name,
        "conditions": [condition_data(condition) for condition in rule.conditions],
        "effect": str(rule.effect),
        "target_class": rule.target_class,
        "in_hours_only": rule.in_hours_only,
        "cap": rule.cap,
        "wait_hours": rule.wait / timedelta(hours=1),
        "enabled": rule.enabled,
    }


def condition_data(condition: Condition) -> dict[str, Any]:
    """A condition as JSON."""
    values = {f.name: getattr(condition, f.name) for f in _fields(type(condition))}
    return {"is": condition.code} | {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}


def rule_from(data: object) -> Rule:
    """The rule that the JSON speaks of. Raises `InvalidError` with everything that is wrong."""
    values = mapping(data)
    problems = unknown_fields(values, FIELDS)
    read = _Reader(values, problems)
    rule = Rule(
        key=read.field("key", _key, ""),
        name=read.field("name", _name, ""),
        conditions=_conditions(values.get("conditions"), problems),
        effect=read.field("effect", _effect, Effect.SUGGEST, "suggest"),
        target_class=read.field("target_class", _target_class, ""),
        in_hours_only=read.field("in_hours_only", _switch, True, True),
        cap=read.field("cap", _cap, None),
        wait=timedelta(hours=read.field("wait_hours", _wait, 0, USUAL_WAIT / timedelta(hours=1))),
        enabled=read.field("enabled", _switch, True, True),
    )
    if rule.automatic and rule.cap is None and not any(p.where == "cap" for p in problems):
        problems.append(Problem("automatic without a cap", "cap"))
    if problems:
        raise InvalidError(problems)
    return rule


def condition_from(data: object) -> Condition:
    """The condition that the JSON speaks of. Raises `InvalidError` with everything that is wrong."""
    values = mapping(data)
    name = values.get("is")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise InvalidError([Problem("unknown condition", "is", brief(name))])
    wanted = _fields(kind)
    problems = unknown_fields(values, ("is", *(f.name for f in wanted)))
    read = _Reader(values, problems)
    found = {f.name: read.field(f.name, CHECKS[f.metadata["is"]], None) for f in wanted}
    if problems:
        raise InvalidError(problems)
    return kind(**found)


def _fields(kind: type[Condition]) -> tuple[Field[Any], ...]:
    return fields(kind)  # type: ignore[arg-type]  # every condition is a dataclass; a protocol cannot say so


def _conditions(data: object, problems: list[Problem]) -> tuple[Condition, ...]:
    if not isinstance(data, list) or not data:
        problems.append(Problem("no conditions", "conditions"))
        return ()
    if len(data) > MOST_CONDITIONS:
        problems.append(Problem("too many", "conditions", str(len(data))))
        return ()
    found = []
    for number, part in enumerate(data):
        try:
            found.append(condition_from(part))
        except InvalidError as error:
            problems.extend(problem.within(f"conditions.{number}") for problem in error.problems)
    return tuple(found)


class _Reader:
    """Reads the fields of one object and collects what is wrong with them."""

    def __init__(self, values: Mapping[str, Any], problems: list[Problem]) -> None:
        self.values, self.problems = values, problems

    def field(self, name: str, check: Check, otherwise: Any, usual: object = None) -> Any:
        """The checked field, `usual` standing for one that is not given; `otherwise` where it is wrong."""
        value = self.values.get(name, usual)
        try:
            return check(value)
        except _WrongError as wrong:
            self.problems.append(Problem(str(wrong), name, "" if value is None else brief(value)))
            return otherwise


class _WrongError(ValueError):
    """The code of what is wrong with a value."""


def _key(value: object) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise _WrongError("not a key")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME:
        raise _WrongError("no name")
    return value.strip()


def _effect(value: object) -> Effect:
    try:
        return Effect(str(value))
    except ValueError:
        raise _WrongError("unknown effect") from None


def _target_class(value: object) -> str:
    if value not in (None, "", *CLASSES):
        raise _WrongError("unknown class")
    return str(value or "")


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("not yes or no")
    return value


def _cap(value: object) -> int | None:
    return None if value is None else _whole(value, LARGEST_CAP)


def _wait(value: object) -> float:
    return _number(value, LONGEST_WAIT)


def _number(value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _WrongError("not a number")
    if value < 0:
        raise _WrongError("negative")
    if value > most:
        raise _WrongError("too large")
    return value


def _whole(value: object, most: int) -> int:
    number = _number(value, most)
    if number != int(number) or number < 1:
        raise _WrongError("not a whole number from one up")
    return int(number)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _WrongError("not a list of texts")
    found = tuple(dict.fromkeys(text.strip() for text in value if text.strip()))
    if not found:
        raise _WrongError("empty")
    if len(found) > MOST_TEXTS or max(map(len, found)) > LONGEST_TEXT:
        raise _WrongError("too many or too long")
    return found


def _ids(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not value or len(value) > MOST_TEXTS:
        raise _WrongError("not a list of ids")
    if not all(isinstance(id_, int) and not isinstance(id_, bool) and id_ > 0 for id_ in value):
        raise _WrongError("not a list of ids")
    return tuple(dict.fromkeys(value))


def _among(code: str, allowed: tuple[str, ...]) -> Check:
    def check(value: object) -> tuple[str, ...]:
        found = _texts(value)
        if not set(found) <= set(allowed):
            raise _WrongError(code)
        return found

    return check


CHECKS: dict[str, Check] = {
    "hours": lambda value: _number(value, MOST_HOURS),
    "count": lambda value: _whole(value, MOST_COUNTED),
    "minutes": lambda value: _whole(value, MOST_MINUTES),
    "texts": _texts,
    "ids": _ids,
    "kinds": _among("unknown kind", THREAD_KINDS),
    "classes": _among("unknown class", (*CLASSES, ONLY_A_QUESTION)),
}
