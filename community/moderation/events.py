"""Facts of moderation. Names are never changed."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class Flagged(Event):
    """A member said that something is not right."""

    name = "moderation.flagged"
    subject = "case_id"
    case_id: int
    flag_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FlagWithdrawn(Event):
    """They took it back."""

    name = "moderation.flag.withdrawn"
    subject = "case_id"
    case_id: int
    flag_id: int


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """Something needs a decision."""

    name = "moderation.case.opened"
    subject = "case_id"
    case_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class CaseDecided(Event):
    """Somebody decided, or what it was about settled itself (nobody acted)."""

    name = "moderation.case.decided"
    subject = "case_id"
    case_id: int
    kind: str
    decision: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """A decision was taken back by whoever made it."""

    name = "moderation.case.reopened"
    subject = "case_id"
    case_id: int


@dataclass(frozen=True, kw_only=True)
class MeasureTaken(Event):
    """Something was done to content or to a person; `member_id` is who is told."""

    name = "moderation.measure.taken"
    subject = "measure_id"
    measure_id: int
    kind: str
    member_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class MeasureEnded(Event):
    """A measure was lifted, undone, or reversed on appeal, before its time."""

    name = "moderation.measure.ended"
    subject = "measure_id"
    measure_id: int
    how: str
    member_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Appealed(Event):
    """The person concerned asked for a second look."""

    name = "moderation.appealed"
    subject = "measure_id"
    measure_id: int
    appeal_id: int


@dataclass(frozen=True, kw_only=True)
class AppealDecided(Event):
    """Somebody else looked again: `upheld` (the measure stays) or `reversed`."""

    name = "moderation.appeal.decided"
    subject = "measure_id"
    measure_id: int
    appeal_id: int
    outcome: str
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MeasureChanged(Event):
    """It ends at another moment than was said."""

    name = "moderation.measure.changed"
    subject = "measure_id"
    measure_id: int
    member_id: int | None = None
