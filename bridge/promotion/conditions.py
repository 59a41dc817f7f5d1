"""What a rule may ask of a thread. Each condition knows from which moment on it holds, and why. Pure.

`holds_from` may lie in the future: then nothing but time is missing. None means that something has to happen first.
What is a state without a time (duty, tags, words) holds from the thread's beginning.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import ClassVar

from .calendars import Calendar, NeverError, add_working_time, working_time_between
from .evidence import Evidence
from .mood import mood_of
from .wording import found_in, plain

Value = int | str | timedelta | tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """Why a rule speaks: a code and the values that the sentence needs (see `explaining`)."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()


class Condition(ABC):
    """One condition of a rule."""

    code: ClassVar[str]

    def holds_from(self, evidence: Evidence, calendar: Calendar) -> datetime | None:
        """Since or from when it holds if nothing else happens; None where time alone does not bring it."""
        return self._from(evidence, calendar)

    def reason(self, evidence: Evidence, now: datetime, calendar: Calendar) -> Reason:
        """What to say while it holds."""
        return Reason(self.code, tuple(self._values(evidence, now, calendar).items()))

    @abstractmethod
    def _from(self, evidence: Evidence, calendar: Calendar) -> datetime | None: ...

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {}


class StateCondition(Condition):
    """A condition that time has no part in."""

    def _from(self, evidence: Evidence, calendar: Calendar) -> datetime | None:
        return evidence.created_at if self._holds(evidence) else None

    @abstractmethod
    def _holds(self, evidence: Evidence) -> bool: ...


@lru_cache(maxsize=16384)
def _after(calendar: Calendar, start: datetime, hours: float) -> datetime | None:
    try:
        return add_working_time(calendar, start, timedelta(hours=hours))
    except NeverError:
        return None


def _waited(evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
    return {"time": working_time_between(calendar, evidence.created_at, now)}


def _one_of(value: str, wanted: tuple[str, ...]) -> bool:
    return bool(value) and plain(value) in {plain(word) for word in wanted}


@dataclass(frozen=True)
class Unanswered(Condition):
    """Nobody but the author has written for so many working hours."""

    code: ClassVar[str] = "unanswered"
    hours: float = field(metadata={"is": "hours"})

    def _from(self, evidence: Evidence, calendar: Calendar) -> datetime | None:
        return None if evidence.first_reply_at else _after(calendar, evidence.created_at, self.hours)

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return _waited(evidence, now, calendar)


@dataclass(frozen=True)
class NotAccepted(Condition):
    """No answer was accepted within so many working hours, whether somebody replied or not."""

    code: ClassVar[str] = "not_accepted"
    hours: float = field(metadata={"is": "hours"})

    def _from(self, evidence: Evidence, calendar: Calendar) -> datetime | None:
        return None if evidence.accepted_at else _after(calendar, evidence.created_at, self.hours)

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return _waited(evidence, now, calendar)


@dataclass(frozen=True)
class HaveToo(Condition):
    """So many people have the same problem."""

    code: ClassVar[str] = "have_too"
    count: int = field(metadata={"is": "count"})

    def _from(self, evidence: Evidence, calendar: Calendar) -> datetime | None:
        times = evidence.have_too_at
        return times[self.count - 1] if len(times) >= self.count else None

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"count": len(evidence.have_too_at)}


@dataclass(frozen=True)
class HaveTooRate(Condition):
    """So many people said so within so many minutes, at any time: once a burst, it stays one."""

    code: ClassVar[str] = "have_too_rate"
    count: int = field(metadata={"is": "count"})
    minutes: int = field(metadata={"is": "minutes"})

    def _from(self, evidence: Evidence, calendar: Calendar) -> datetime | None:
        times, within = evidence.have_too_at, timedelta(minutes=self.minutes)
        pairs = zip(times, times[self.count - 1 :], strict=False)
        return next((last for first, last in pairs if last - first <= within), None)

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"count": self.count, "minutes": self.minutes}


@dataclass(frozen=True)
class Words(StateCondition):
    """One of the words stands in the title or in what the author wrote."""

    code: ClassVar[str] = "words"
    words: tuple[str, ...] = field(metadata={"is": "texts"})

    def _holds(self, evidence: Evidence) -> bool:
        return bool(found_in(self.words, evidence.text))

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"words": found_in(self.words, evidence.text)}


@dataclass(frozen=True)
class Tags(StateCondition):
    """It carries one of the tags."""

    code: ClassVar[str] = "tags"
    tags: tuple[str, ...] = field(metadata={"is": "texts"})

    def _found(self, evidence: Evidence) -> tuple[str, ...]:
        return tuple(tag for tag in evidence.tags if _one_of(tag, self.tags))

    def _holds(self, evidence: Evidence) -> bool:
        return bool(self._found(evidence))

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"tags": self._found(evidence)}


@dataclass(frozen=True)
class ServiceNamed(StateCondition):
    """It is about one of the services."""

    code: ClassVar[str] = "service"
    services: tuple[str, ...] = field(metadata={"is": "texts"})

    def _holds(self, evidence: Evidence) -> bool:
        return _one_of(evidence.service, self.services)

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"service": evidence.service}


@dataclass(frozen=True)
class InSpace(StateCondition):
    """It stands in one of the spaces."""

    code: ClassVar[str] = "space"
    spaces: tuple[int, ...] = field(metadata={"is": "ids"})

    def _holds(self, evidence: Evidence) -> bool:
        return evidence.space_id in self.spaces


@dataclass(frozen=True)
class Kind(StateCondition):
    """It is of one of these kinds. A rule without this condition looks at questions only."""

    code: ClassVar[str] = "kind"
    kinds: tuple[str, ...] = field(metadata={"is": "kinds"})

    def _holds(self, evidence: Evidence) -> bool:
        return evidence.kind in self.kinds

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"kind": evidence.kind}


@dataclass(frozen=True)
class Organisation(StateCondition):
    """Its author belongs to one of the organisations."""

    code: ClassVar[str] = "organisation"
    organisations: tuple[str, ...] = field(metadata={"is": "texts"})

    def _holds(self, evidence: Evidence) -> bool:
        return _one_of(evidence.organisation, self.organisations)

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"organisation": evidence.organisation}


@dataclass(frozen=True)
class ServiceLevel(StateCondition):
    """Its author has one of the service levels."""

    code: ClassVar[str] = "service_level"
    levels: tuple[str, ...] = field(metadata={"is": "texts"})

    def _holds(self, evidence: Evidence) -> bool:
        return _one_of(evidence.service_level, self.levels)

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"level": evidence.service_level}


@dataclass(frozen=True)
class Distress(StateCondition):
    """The author's words speak of distress, by a score of at least so much (see `mood`)."""

    code: ClassVar[str] = "distress"
    score: int = field(metadata={"is": "count"})

    def _holds(self, evidence: Evidence) -> bool:
        return mood_of(evidence.text).score >= self.score

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        mood = mood_of(evidence.text)
        return {"score": mood.score, "words": mood.words}


@dataclass(frozen=True)
class FirstQuestion(StateCondition):
    """It is the first question of a person."""

    code: ClassVar[str] = "first_question"

    def _holds(self, evidence: Evidence) -> bool:
        return evidence.first_question


@dataclass(frozen=True)
class NobodyOnDuty(StateCondition):
    """No super user is on duty for it."""

    code: ClassVar[str] = "nobody_on_duty"

    def _holds(self, evidence: Evidence) -> bool:
        return evidence.nobody_on_duty


@dataclass(frozen=True)
class Proposed(Condition):
    """A super user proposed it."""

    code: ClassVar[str] = "proposed"

    def _from(self, evidence: Evidence, calendar: Calendar) -> datetime | None:
        return evidence.proposals[0].at if evidence.proposals else None

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"count": len({proposal.by_id for proposal in evidence.proposals})}


@dataclass(frozen=True)
class SuggestedClass(StateCondition):
    """Triage would make it one of these classes."""

    code: ClassVar[str] = "class"
    classes: tuple[str, ...] = field(metadata={"is": "classes"})

    def _holds(self, evidence: Evidence) -> bool:
        return evidence.suggested_class in self.classes

    def _values(self, evidence: Evidence, now: datetime, calendar: Calendar) -> dict[str, Value]:
        return {"class": evidence.suggested_class}


KINDS: dict[str, type[Condition]] = {
    kind.code: kind
    for kind in (
        Unanswered, NotAccepted, HaveToo, HaveTooRate, Words, Tags, ServiceNamed, InSpace, Kind, Organisation,
        ServiceLevel, Distress, FirstQuestion, NobodyOnDuty, Proposed, SuggestedClass,
    )
}  # fmt: skip
