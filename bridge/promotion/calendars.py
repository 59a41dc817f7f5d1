"""Working hours in a time zone, and exact arithmetic with them. Pure: no clock, no database.

A span begins when the clock of the zone first shows its start, and ends when it first shows its end; a time that the
clock skips is the moment of the skip. So touching spans never overlap, and none of the time between them is lost.
Moments lie in the years 2 to 9998.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES_A_DAY = 24 * 60
NOTHING, DAY = timedelta(), timedelta(days=1)
# The weeks and leap years repeat after so many years: what has not come by then never comes.
FURTHEST_YEARS = 400


class NeverError(ValueError):
    """So much working time does not come within 400 years, or before the year 9999."""


@dataclass(frozen=True, order=True)
class Span:
    """Part of a day, in minutes from midnight on the clock of the zone; 1440 is the end of the day."""

    start: int
    end: int


@dataclass(frozen=True, order=True)
class Holiday:
    """A day without working hours."""

    day: date
    name: str


@dataclass(frozen=True)
class Calendar:
    """When work is done. `week` holds the spans of the seven days, Monday first, sorted and without overlap.

    `calendar_data.calendar_from` checks all of this; a calendar made in code is taken as it is.
    """

    name: str
    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: tuple[Holiday, ...] = ()
    _years: dict[int, tuple[timedelta, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.zone, self.week, self.holidays))

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """The time zone. Raises `ZoneInfoNotFoundError` for one that does not exist."""
        return ZoneInfo(self.zone)

    @cached_property
    def free_days(self) -> frozenset[date]:
        """The holidays."""
        return frozenset(holiday.day for holiday in self.holidays)

    @cached_property
    def has_hours(self) -> bool:
        """Whether anybody ever works."""
        return any(self.week)

    @cached_property
    def usual(self) -> tuple[timedelta, ...]:
        """Working time of the seven days where the clock is not changed."""
        return tuple(timedelta(minutes=sum(span.end - span.start for span in spans)) for spans in self.week)

    def local_day(self, moment: datetime) -> date:
        """The day to which a moment belongs in the zone."""
        day = moment.astimezone(self.zone_info).date()
        # Where the clock goes back over midnight, the day that has begun goes on.
        return day + DAY if moment >= self.midnight(day + DAY) else day

    def midnight(self, day: date) -> datetime:
        """The moment at which a day begins, in UTC."""
        return _moment(self.zone_info, day, 0)

    def working_times(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans of one day as moments in UTC; a span that the clock skips is left out."""
        if day in self.free_days:
            return
        for span in self.week[day.weekday()]:
            start, end = (_moment(self.zone_info, day, minute) for minute in (span.start, span.end))
            if start < end:
                yield start, end

    def worked_by(self, year: int) -> tuple[timedelta, ...]:
        """Working time of a year before each of its days, and before its end: 366 or 367 lengths. Kept once made."""
        if year not in self._years:
            self._years[year] = tuple(self._sums(year))
        return self._years[year]

    def _sums(self, year: int) -> Iterator[timedelta]:
        day, total = date(year, 1, 1), NOTHING
        offset = _offset(self.zone_info, day)
        while day.year == year:
            yield total
            following = _offset(self.zone_info, day + DAY)
            if offset != following:
                total += sum((end - start for start, end in self.working_times(day)), NOTHING)
            elif day not in self.free_days:
                total += self.usual[day.weekday()]
            day, offset = day + DAY, following
        yield total

    def place(self, moment: datetime) -> tuple[int, timedelta]:
        """A moment as its year in the zone and the working time of that year before it."""
        day = self.local_day(moment)
        before = self.worked_by(day.year)[day.timetuple().tm_yday - 1]
        times = self.working_times(day)
        return day.year, sum((min(end, moment) - start for start, end in times if start < moment), before)


ALWAYS = Calendar("always", "UTC", ((Span(0, MINUTES_A_DAY),),) * 7)
WORKING_WEEK = Calendar("working week", "UTC", ((Span(9 * 60, 17 * 60),),) * 5 + ((),) * 2)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How long is worked from one moment to another; nothing where the end comes first.

    Exact to the microsecond, also over changes of the clock. Raises `ValueError` for times without a zone.
    """
    start, end = _in_utc(start), _in_utc(end)
    if end <= start or not calendar.has_hours:
        return NOTHING
    (first, before), (last, until) = calendar.place(start), calendar.place(end)
    return sum((calendar.worked_by(year)[-1] for year in range(first, last)), until - before)


def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The first moment, in UTC, by which so much is worked from the start on; the start itself for nothing.

    Raises `ValueError` for a negative amount or a start without a zone, `NeverError` where that never comes.
    """
    start = _in_utc(start)
    if amount < NOTHING:
        raise ValueError("working time is added, not taken away")
    if not amount:
        return start
    year, before = calendar.place(start)
    wanted, last = before + amount, min(year + FURTHEST_YEARS, 9998)
    while calendar.has_hours and year <= last:
        sums = calendar.worked_by(year)
        if sums[-1] >= wanted:
            return _reached(calendar, date(year, 1, 1) + DAY * (bisect_left(sums, wanted) - 1), wanted, sums)
        wanted -= sums[-1]
        year += 1
    raise NeverError(f"{amount} of working time from {start:%Y-%m-%d} on never comes in {calendar.name!r}")


def _reached(calendar: Calendar, day: date, wanted: timedelta, sums: tuple[timedelta, ...]) -> datetime:
    left = wanted - sums[day.timetuple().tm_yday - 1]
    times = calendar.working_times(day)
    start, end = next(times)
    while end - start < left:
        left -= end - start
        start, end = next(times)
    return start + left


def is_working(calendar: Calendar, moment: datetime) -> bool:
    """Whether work is done at a moment; the end of a span is no longer worked."""
    return any(start <= moment < end for start, end in calendar.working_times(calendar.local_day(moment)))


def next_working_moment(calendar: Calendar, moment: datetime) -> datetime:
    """The moment itself if work is done then, else the start of the next span. Raises `NeverError` where none comes."""
    moment = _in_utc(moment)
    if is_working(calendar, moment):
        return moment
    instant = timedelta(microseconds=1)
    return add_working_time(calendar, moment, instant) - instant


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone has no place in a calendar")
    return moment.astimezone(UTC)


def _offset(zone: ZoneInfo, day: date) -> timedelta:
    return datetime.combine(day, time(), zone).utcoffset() or NOTHING


@lru_cache(maxsize=8192)
def _moment(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """When the clock first shows the minute of the day."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    before, after = (shown.replace(tzinfo=zone, fold=fold).utcoffset() or NOTHING for fold in (0, 1))
    if before >= after:
        return (shown - before).replace(tzinfo=UTC)
    return _skip(zone, (shown - after).replace(tzinfo=UTC), (shown - before).replace(tzinfo=UTC), before)


def _skip(zone: ZoneInfo, earlier: datetime, later: datetime, before: timedelta) -> datetime:
    """The moment between two at which the offset is no longer the one before; changes happen at whole seconds."""
    low, high = 0, int((later - earlier).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (earlier + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            low = middle + 1
        else:
            high = middle
    return earlier + timedelta(seconds=low)
