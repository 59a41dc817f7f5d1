"""What pages show of the last look at a thread, kept with its watch. Pure but for the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from bridge.triage.classes import ONLY_A_QUESTION, QueryClass
from community.core.policies import Actor

from .conditions import Reason, Value
from .evaluating import Verdict
from .explaining import listed, reason_words, rule_name
from .rule_data import rule_data, rule_from
from .rules import Effect, Rule

# What anybody may read; the others speak of a person, or of what a threat may be.
PLAIN_REASONS = frozenset(
    {"unanswered", "not_accepted", "have_too", "have_too_rate", "kind", "space", "nobody_on_duty", "proposed", "tags"}
)
# Whose customer somebody is, is nobody's business but the provider's: not even that of super users.
FOR_STAFF = frozenset({"organisation", "service_level"})
THREAT = QueryClass.SUSPICIOUS.value


@dataclass(frozen=True)
class Shown:
    """A verdict as it was kept: the rule, why it spoke, the class it would give, and when it goes."""

    rule: Rule
    reasons: tuple[Reason, ...]
    query_class: str
    since: datetime
    due_at: datetime | None

    @property
    def automatic(self) -> bool:
        """Whether the rule promotes on its own."""
        return self.rule.effect == Effect.AUTOMATIC

    @property
    def name(self) -> str:
        """The rule's name, translated while it is a usual one."""
        return rule_name(self.rule)

    @property
    def why(self) -> str:
        """All reasons in one line, for people with the right to act."""
        return listed(reason_words(reason) for reason in self.reasons)

    @property
    def plain_why(self) -> str:
        """Those reasons that every reader may know, or that there is one."""
        return listed(reason_words(reason) for reason in self.reasons if reason.code in PLAIN_REASONS) or unnamed()

    def why_for(self, actor: Actor) -> str:
        """The reasons in one line, for somebody with the right to act."""
        if actor.is_staff:
            return self.why
        return listed(reason_words(reason) for reason in self.reasons if reason.code not in FOR_STAFF) or unnamed()

    def name_for(self, actor: Actor) -> str:
        """The rule's name for somebody with the right to act; the name itself may say whose customer somebody is."""
        speaks_of_customers = any(condition.code in FOR_STAFF for condition in self.rule.conditions)
        return "" if speaks_of_customers and not actor.is_staff else self.name


def unnamed() -> str:
    """What is said where no reason may be told."""
    return _("a rule of this community asks for it")


def kept(verdict: Verdict, suggested_class: str) -> dict[str, Any]:
    """A verdict as JSON; `suggested_class` is what triage says, where the rule has no class of its own."""
    return {
        "rule": rule_data(verdict.rule),
        "reasons": reasons_data(verdict.reasons),
        "class": class_of(verdict.rule, suggested_class),
        "since": verdict.since.isoformat(),
        "due_at": verdict.due_at.isoformat() if verdict.due_at else None,
    }


def class_of(rule: Rule, suggested_class: str) -> str:
    """What the rule would make of a thread; what is only a question is asked of the desk as a service request."""
    asked = QueryClass.SERVICE_REQUEST.value if suggested_class == ONLY_A_QUESTION else suggested_class
    return rule.target_class or asked


def shown(verdicts: Iterable[Mapping[str, Any]]) -> tuple[Shown, ...]:
    """Verdicts as they were kept; one that can no longer be read is left out until the next look."""
    return tuple(found for found in map(_shown, verdicts) if found is not None)


def _shown(each: Mapping[str, Any]) -> Shown | None:
    try:
        return Shown(
            rule=rule_from(each["rule"]),
            reasons=reasons_from(each["reasons"]),
            query_class=each["class"],
            since=datetime.fromisoformat(each["since"]),
            due_at=datetime.fromisoformat(each["due_at"]) if each["due_at"] else None,
        )
    except (ValueError, KeyError):
        return None


def reasons_data(reasons: Iterable[Reason]) -> list[Any]:
    """Reasons as JSON."""
    return [[reason.code, _written(reason.values)] for reason in reasons]


def reasons_from(data: Iterable[Any]) -> tuple[Reason, ...]:
    """Reasons as they were kept."""
    return tuple(Reason(code, _read(values)) for code, values in data)


def _written(values: Iterable[tuple[str, Value]]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values}


def _plain(value: Value) -> Any:
    return {"seconds": value.total_seconds()} if isinstance(value, timedelta) else value


def _read(values: Mapping[str, Any]) -> tuple[tuple[str, Value], ...]:
    return tuple((name, _value(value)) for name, value in values.items())


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        return timedelta(seconds=value["seconds"])
    return tuple(value) if isinstance(value, list) else value
