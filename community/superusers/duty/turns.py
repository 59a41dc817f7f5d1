"""When turns are: every week at the same hours of a place, also over changes of its clocks. Asks no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .models import DutyTurn

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class Occurrence:
    """A turn on one day, in moments."""

    turn: DutyTurn
    on: date
    starts_at: datetime
    ends_at: datetime


def moment(on: date, minutes: int, zone: ZoneInfo) -> datetime:
    """So many minutes after midnight by the clocks there. Of an hour that comes twice it is the first one; for one that
    the clocks leave out it is the next that they show. So turns that follow each other neither overlap nor leave a gap.
    """
    day, rest = on + DAY * (minutes // MIDNIGHT), minutes % MIDNIGHT
    shown = datetime.combine(day, time(rest // 60, rest % 60))
    found = shown.replace(tzinfo=zone).astimezone(UTC)
    while found.astimezone(zone).replace(tzinfo=None) != shown:
        shown += MINUTE
        found = shown.replace(tzinfo=zone).astimezone(UTC)
    return found


def occurrence(turn: DutyTurn, on: date, zone: ZoneInfo) -> Occurrence:
    """The turn on a day of its weekday."""
    ends = turn.ends if turn.ends > turn.begins else turn.ends + MIDNIGHT
    return Occurrence(turn, on, moment(on, turn.begins, zone), moment(on, ends, zone))


def occurrences(turns: Iterable[DutyTurn], zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """What of the turns falls between two moments, in their order; a turn that the clocks leave out is not there."""
    first, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date()
    days = [first + DAY * number for number in range((last - first).days + 1)]
    found = [occurrence(turn, on, zone) for turn in turns for on in days if on.weekday() == turn.weekday]
    within = (each for each in found if since < each.ends_at > each.starts_at < until)
    yield from sorted(within, key=lambda each: (each.starts_at, each.ends_at, each.turn.id))


def clock(minutes: int) -> str:
    """Minutes after midnight as clocks show them; the end of a day is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
