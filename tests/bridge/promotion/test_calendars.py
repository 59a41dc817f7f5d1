"""Working hours: exact in every zone, over changes of the clock, and fast over a hundred years."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.promotion.calendars import (
    ALWAYS,
    WORKING_WEEK,
    Calendar,
    Holiday,
    NeverError,
    Span,
    add_working_time,
    is_working,
    next_working_moment,
    working_time_between,
)

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/St_Johns",  # half-hour zone whose clock went back over midnight
    "America/Sao_Paulo",  # days without a midnight
    "Pacific/Apia",  # a day without any hour
    "Africa/Casablanca",
)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def week(*spans: tuple[int, int], days: int = 5) -> tuple[tuple[Span, ...], ...]:
    """The same hours on the first days of the week."""
    return (tuple(Span(start * 60, end * 60) for start, end in spans),) * days + ((),) * (7 - days)


OFFICE = Calendar("office", "Asia/Shanghai", week((9, 12), (13, 18)), (Holiday(date(2026, 10, 1), "国庆节"),))
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def china(text: str) -> datetime:
    return at(text, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-23T09:00", "2026-11-23T18:00", 8),
        ("2026-11-23T10:00", "2026-11-23T11:30", 1.5),
        ("2026-11-23T11:30", "2026-11-23T13:30", 1),
        ("2026-11-20T17:00", "2026-11-23T10:00", 2),  # over a weekend
        ("2026-09-30T17:00", "2026-10-02T10:00", 2),  # over a holiday
        ("2026-11-21T00:00", "2026-11-22T23:00", 0),  # within a weekend
        ("2026-11-23T10:00", "2026-11-23T10:00", 0),
        ("2026-11-23T10:00", "2026-11-23T09:30", 0),
        ("2026-12-31T17:00", "2027-01-01T10:00", 2),  # over the new year
    ],
)
def test_time_is_counted_within_hours_only(start: str, end: str, hours: float) -> None:
    assert working_time_between(OFFICE, china(start), china(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23T09:00", 3, "2026-11-23T12:00"),
        ("2026-11-23T09:00", 3.5, "2026-11-23T13:30"),
        ("2026-11-23T17:00", 1, "2026-11-23T18:00"),
        ("2026-11-20T17:30", 1, "2026-11-23T09:30"),
        ("2026-09-30T17:30", 1, "2026-10-02T09:30"),
        ("2026-12-31T17:30", 1, "2027-01-01T09:30"),
        ("2026-11-22T03:00", 0, "2026-11-22T03:00"),
    ],
)
def test_time_is_added_within_hours_only(start: str, hours: float, end: str) -> None:
    assert add_working_time(OFFICE, china(start), hours * HOUR) == china(end)


def test_the_clock_goes_forward() -> None:
    nights = Calendar("nights", BERLIN, week((0, 6), days=7))
    assert working_time_between(nights, at("2026-03-29T00:00", BERLIN), at("2026-03-29T12:00", BERLIN)) == 5 * HOUR
    assert add_working_time(nights, at("2026-03-29T00:00", BERLIN), 2 * HOUR) == at("2026-03-29T01:00")
    assert add_working_time(nights, at("2026-03-29T00:00", BERLIN), 3 * HOUR) == at("2026-03-29T04:00", BERLIN)


def test_the_clock_goes_back() -> None:
    nights = Calendar("nights", BERLIN, week((0, 6), days=7))
    assert working_time_between(nights, at("2026-10-25T00:00", BERLIN), at("2026-10-25T12:00", BERLIN)) == 7 * HOUR
    assert add_working_time(nights, at("2026-10-25T00:00", BERLIN), 6 * HOUR) == at("2026-10-25T05:00", BERLIN)


def test_what_the_clock_skips_is_not_worked() -> None:
    skipped = Calendar("skipped", BERLIN, ((),) * 6 + ((Span(120, 150), Span(150, 210)),))
    day = at("2026-03-29T00:00", BERLIN), at("2026-03-30T00:00", BERLIN)
    assert working_time_between(skipped, *day) == 30 * MINUTE
    assert list(skipped.working_times(date(2026, 3, 29))) == [(at("2026-03-29T01:00"), at("2026-03-29T01:30"))]


def test_a_day_that_never_was() -> None:
    apia = Calendar("apia", "Pacific/Apia", week((0, 24), days=7))
    assert not list(apia.working_times(date(2011, 12, 30)))
    assert working_time_between(apia, at("2011-12-29T00:00", apia.zone), at("2012-01-01T00:00", apia.zone)) == 48 * HOUR


def test_the_clock_goes_back_over_midnight() -> None:
    saturday = Calendar("first", "America/St_Johns", ((),) * 6 + ((Span(0, 60),),))  # 2006-10-29 began twice
    began = at("2006-10-29T00:00", saturday.zone).astimezone(UTC)
    assert is_working(saturday, began + 30 * MINUTE)  # the clock shows 23:30 of the day before
    assert working_time_between(saturday, began, began + 30 * MINUTE) == 30 * MINUTE
    assert working_time_between(saturday, began - HOUR, began + 9 * HOUR) == 2 * HOUR


def test_always_is_the_clock_itself() -> None:
    start = at("2026-01-01T00:00:00.000001")
    assert add_working_time(ALWAYS, start, timedelta(days=1000, microseconds=7)) == start + timedelta(
        days=1000, microseconds=7
    )


def test_a_hundred_years() -> None:
    start, end = at("1950-01-01T00:00"), at("2050-01-01T00:00")
    worked = working_time_between(WORKING_WEEK, start, end)
    days = sum((date(1950, 1, 1) + timedelta(n)).weekday() < 5 for n in range((end - start).days))
    assert worked == days * 8 * HOUR
    assert add_working_time(WORKING_WEEK, start, worked) == at("2049-12-31T17:00")


def test_without_hours_nothing_comes() -> None:
    never = Calendar("never", "UTC", ((),) * 7)
    assert working_time_between(never, at("2026-01-01"), at("2126-01-01")) == timedelta()
    assert not is_working(never, at("2026-01-01"))
    with pytest.raises(NeverError, match="never comes in 'never'"):
        add_working_time(never, at("2026-01-01"), MINUTE)
    with pytest.raises(NeverError):
        next_working_moment(never, at("2026-01-01"))


def test_what_takes_longer_than_four_hundred_years_never_comes() -> None:
    minute = Calendar("a minute a week", "UTC", ((Span(0, 1),),) + ((),) * 6)
    with pytest.raises(NeverError):
        add_working_time(minute, at("2026-01-01"), 1000 * HOUR)
    with pytest.raises(NeverError):
        add_working_time(minute, at("9998-12-31"), HOUR)


def test_times_need_a_zone_and_amounts_a_direction() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        add_working_time(ALWAYS, datetime(2026, 1, 1), HOUR)
    with pytest.raises(ValueError, match="added"):
        add_working_time(ALWAYS, at("2026-01-01"), -HOUR)


def test_the_next_working_moment() -> None:
    assert next_working_moment(OFFICE, china("2026-11-23T10:00")) == china("2026-11-23T10:00")
    assert next_working_moment(OFFICE, china("2026-11-23T12:00")) == china("2026-11-23T13:00")
    assert next_working_moment(OFFICE, china("2026-11-20T18:00")) == china("2026-11-23T09:00")


# --- in general ---


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    zone = draw(st.sampled_from(ZONES))
    days = []
    for _day in range(7):
        marks = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
        days.append(tuple(Span(a * 15, b * 15) for a, b in zip(marks[::2], marks[1::2], strict=False)))
    free = draw(st.sets(st.dates(date(2005, 1, 1), date(2013, 1, 1)), max_size=5))
    return Calendar("any", zone, tuple(days), tuple(Holiday(day, "") for day in sorted(free)))


MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2013, 1, 1), timezones=st.just(UTC))
SHORT = st.timedeltas(timedelta(), timedelta(days=20))
CHANGES = st.sampled_from(
    [
        at(f"{day}T00:00")
        for day in ("2006-10-29", "2008-10-19", "2011-12-29", "2011-03-27", "2011-10-30", "2010-04-04", "2009-06-01")
    ]
)
STARTS = MOMENTS | st.builds(lambda day, more: day + more, CHANGES, st.timedeltas(timedelta(), timedelta(days=2)))
general = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def by_minutes(calendar: Calendar, start: datetime, minutes: int) -> timedelta:
    """Working time by looking at the clock each minute, for spans that no change of the clock repeats or skips."""
    total = timedelta()
    for number in range(minutes):
        shown = (start + number * MINUTE).astimezone(calendar.zone_info)
        minute = shown.hour * 60 + shown.minute
        spans = () if shown.date() in calendar.free_days else calendar.week[shown.weekday()]
        total += MINUTE * any(span.start <= minute < span.end for span in spans)
    return total


@general
@given(calendars(), STARTS, SHORT, SHORT)
def test_parts_make_the_whole(calendar: Calendar, start: datetime, first: timedelta, second: timedelta) -> None:
    middle, end = start + first, start + first + second
    parts = working_time_between(calendar, start, middle) + working_time_between(calendar, middle, end)
    assert working_time_between(calendar, start, end) == parts
    assert timedelta() <= parts <= end - start


@general
@given(calendars(), STARTS, SHORT)
def test_adding_undoes_counting(calendar: Calendar, start: datetime, length: timedelta) -> None:
    end = start + length
    worked = working_time_between(calendar, start, end)
    reached = add_working_time(calendar, start, worked)
    assert start <= reached <= end
    assert working_time_between(calendar, reached, end) == timedelta()


@general
@given(calendars(), STARTS, st.timedeltas(timedelta(), timedelta(days=400)))
def test_counting_undoes_adding(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    try:
        reached = add_working_time(calendar, start, amount)
    except NeverError:
        assert amount
        return
    assert working_time_between(calendar, start, reached) == amount
    instant = timedelta(microseconds=1)
    assert not amount or working_time_between(calendar, start, reached - instant) == amount - instant


@general
@given(calendars(), STARTS)
def test_the_next_moment_is_the_first(calendar: Calendar, start: datetime) -> None:
    if not calendar.has_hours:
        return
    moment = next_working_moment(calendar, start)
    assert moment >= start
    assert is_working(calendar, moment)
    assert working_time_between(calendar, start, moment) == timedelta()


@settings(max_examples=25, deadline=None)
@given(calendars(), st.dates(date(2009, 7, 1), date(2009, 8, 15)))
def test_it_agrees_with_the_clock_on_the_wall(calendar: Calendar, day: date) -> None:
    start = datetime.combine(day, time(1, 1), UTC)
    assert working_time_between(calendar, start, start + 3000 * MINUTE) == by_minutes(calendar, start, 3000)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 95), CHANGES)
def test_the_clock_is_first_shown(zone: str, quarter: int, change: datetime) -> None:
    """The start of a span is the first moment of two days at which the clock shows it or has gone past it."""
    calendar = Calendar("any", zone, week((0, 24), days=7))
    day = change.date()
    starts = [start for start, _end in Calendar("any", zone, ((Span(quarter * 15, 1440),),) * 7).working_times(day)]
    begun = calendar.midnight(day)
    wanted = datetime.combine(day, time()) + quarter * 15 * MINUTE
    seen = next(
        begun + n * MINUTE
        for n in range(3000)
        if (begun + n * MINUTE).astimezone(calendar.zone_info).replace(tzinfo=None) >= wanted
    )
    assert starts in ([seen], [])
