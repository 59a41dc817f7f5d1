"""Calendars as JSON."""

from datetime import date
from typing import Any

import pytest

from bridge.promotion.calendar_data import calendar_data, calendar_from
from bridge.promotion.calendars import ALWAYS, WORKING_WEEK, Calendar, Holiday, Span
from bridge.promotion.problems import InvalidError, Problem

GOOD: dict[str, Any] = {
    "name": " Office ",
    "zone": "Asia/Shanghai",
    "week": {"monday": ["13:00-18:00", "09:00 – 12:00"], "sunday": ["00:00-24:00"]},
    "holidays": {"2026-10-02": "国庆节", "2026-10-01": "国庆节"},
}


def test_a_calendar_is_read() -> None:
    found = calendar_from(GOOD)
    assert (found.name, found.zone) == ("Office", "Asia/Shanghai")
    assert found.week[0] == (Span(540, 720), Span(780, 1080))
    assert found.week[1:6] == ((),) * 5
    assert found.week[6] == (Span(0, 1440),)
    assert found.holidays == (Holiday(date(2026, 10, 1), "国庆节"), Holiday(date(2026, 10, 2), "国庆节"))


@pytest.mark.parametrize("calendar", [ALWAYS, WORKING_WEEK, calendar_from(GOOD)])
def test_there_and_back(calendar: Calendar) -> None:
    again = calendar_from(calendar_data(calendar))
    assert again == calendar
    assert hash(again) == hash(calendar)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": ""}, Problem("no name", "name", "")),
        ({"name": 7}, Problem("no name", "name", "7")),
        ({"name": "x" * 81}, Problem("no name", "name", "x" * 59 + "…")),
        ({"zone": "Mars/Base"}, Problem("no such time zone", "zone", "Mars/Base")),
        ({"zone": "../UTC"}, Problem("no such time zone", "zone", "../UTC")),
        ({"zone": None}, Problem("no such time zone", "zone", "None")),
        ({"week": []}, Problem("not an object", "week", "[]")),
        ({"week": {"mon": []}}, Problem("unknown field", "week", "mon")),
        ({"week": {"monday": "09:00-10:00"}}, Problem("not a list", "week.monday", "09:00-10:00")),
        ({"week": {"monday": ["9-10"]}}, Problem("not a span", "week.monday", "9-10")),
        ({"week": {"monday": [9]}}, Problem("not a span", "week.monday", "9")),
        ({"week": {"monday": ["10:00-10:00"]}}, Problem("not a span", "week.monday", "10:00-10:00")),
        ({"week": {"monday": ["20:00-24:01"]}}, Problem("not a span", "week.monday", "20:00-24:01")),
        (
            {"week": {"monday": ["09:00-11:00", "10:00-12:00"]}},
            Problem("spans overlap", "week.monday", "10:00-12:00"),
        ),
        ({"holidays": []}, Problem("not an object", "holidays", "[]")),
        ({"holidays": {"1 May": "x"}}, Problem("not a date", "holidays", "1 May")),
        ({"holidays": dict.fromkeys(range(2001), "")}, Problem("too many", "holidays", "2001")),
        ({"colour": 1}, Problem("unknown field", "", "colour")),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], problem: Problem) -> None:
    with pytest.raises(InvalidError) as caught:
        calendar_from(GOOD | change)
    assert caught.value.problems == (problem,)


def test_only_objects_are_calendars() -> None:
    for data in (None, [], {1: 2}):
        with pytest.raises(InvalidError, match="not an object"):
            calendar_from(data)
