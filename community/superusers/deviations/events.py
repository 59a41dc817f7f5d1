"""Facts about rules broken on purpose. Names are never changed."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class DeviationRecorded(Event):
    """Somebody put on the record that a rule was broken on purpose."""

    name = "superusers.deviation.recorded"
    subject = "deviation_id"
    deviation_id: int


@dataclass(frozen=True, kw_only=True)
class DeviationReviewed(Event):
    """Somebody else looked at it: `fine`, `coach` or `change`; empty where they took that back, and it waits again."""

    name = "superusers.deviation.reviewed"
    subject = "deviation_id"
    deviation_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class RuleChanged(Event):
    """It is said what the rule became."""

    name = "superusers.deviation.rule-changed"
    subject = "deviation_id"
    deviation_id: int
