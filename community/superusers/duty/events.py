"""Facts about turns, and about who should be asked how they are."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class SwapAsked(Event):
    """Somebody asks another to take a turn."""

    name = "superusers.duty.swap_asked"
    swap_id: int


@dataclass(frozen=True, kw_only=True)
class SwapAnswered(Event):
    """It was accepted, refused, or the turn is not what it was. It says all that is told, for both may be gone then.

    `on` is the day of the turn, `begins` and `ends` are minutes after midnight by the clocks of the roster.
    """

    name = "superusers.duty.swap_answered"
    swap_id: int
    reply: str
    space_id: int = 0
    on: str = ""
    begins: int = 0
    ends: int = 0
    asker_id: int = 0
    asked_id: int = 0


@dataclass(frozen=True, kw_only=True)
class TurnGiven(Event):
    """A turn of the roster became somebody's, or they became its backup."""

    name = "superusers.duty.turn_given"
    turn_id: int
    member_id: int
    as_backup: bool


@dataclass(frozen=True, kw_only=True)
class CalendarFailed(Event):
    """Somebody's calendar elsewhere could be read until now, and cannot be any more."""

    name = "superusers.duty.calendar_failed"
    member_id: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class ConcernArose(Event):
    """Somebody carries much, or fades; for the programme's owners alone, so it has no subject."""

    name = "superusers.duty.concern_arose"
    concern_id: int
