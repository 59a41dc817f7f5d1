"""Calendars as JSON, checked on the way in.

{"name": "Office", "zone": "Asia/Shanghai", "week": {"monday": ["09:00-12:00", "13:00-18:00"]},
 "holidays": {"2026-10-01": "National Day"}}
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from .calendars import MINUTES_A_DAY, WEEKDAYS, Calendar, Holiday, Span
from .problems import InvalidError, Problem, brief, mapping, unknown_fields

LONGEST_NAME = 80
MOST_HOLIDAYS = 2000
SPAN = re.compile(r"(\d\d):([0-5]\d)\s*[-–]\s*(\d\d):([0-5]\d)", re.ASCII)


def calendar_data(calendar: Calendar) -> dict[str, Any]:
    """A calendar as JSON."""
    week = {name: [_written(span) for span in spans] for name, spans in zip(WEEKDAYS, calendar.week, strict=True)}
    holidays = {holiday.day.isoformat(): holiday.name for holiday in calendar.holidays}
    return {"name": calendar.name, "zone": calendar.zone, "week": week, "holidays": holidays}


def calendar_from(data: object) -> Calendar:
    """The calendar that the JSON speaks of. Raises `InvalidError` with everything that is wrong.

    Days that are not named have no hours; spans are sorted, and may touch but not overlap.
    """
    fields = mapping(data)
    problems = unknown_fields(fields, ("name", "zone", "week", "holidays"))
    name, zone = fields.get("name"), fields.get("zone")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        problems.append(Problem("no name", "name", brief(name)))
    if not _is_zone(zone):
        problems.append(Problem("no such time zone", "zone", brief(zone)))
    week = _week(fields.get("week", {}), problems)
    holidays = _holidays(fields.get("holidays", {}), problems)
    if problems:
        raise InvalidError(problems)
    return Calendar(str(name).strip(), str(zone), week, holidays)


def _is_zone(zone: object) -> bool:
    try:
        return isinstance(zone, str) and bool(ZoneInfo(zone).key)
    except (ValueError, OSError, LookupError):
        return False


def _week(data: object, problems: list[Problem]) -> tuple[tuple[Span, ...], ...]:
    if not isinstance(data, Mapping):
        problems.append(Problem("not an object", "week", brief(data)))
        return ()
    problems.extend(problem.within("week") for problem in unknown_fields(data, WEEKDAYS))
    return tuple(_day(name, data.get(name, []), problems) for name in WEEKDAYS)


def _day(name: str, data: object, problems: list[Problem]) -> tuple[Span, ...]:
    where = f"week.{name}"
    if not isinstance(data, list):
        problems.append(Problem("not a list", where, brief(data)))
        return ()
    spans: list[Span] = []
    for text in data:
        span = _span(text)
        if span is None:
            problems.append(Problem("not a span", where, brief(text)))
        else:
            spans.append(span)
    spans.sort()
    problems.extend(Problem("spans overlap", where, _written(span)) for span in _overlapping(spans))
    return tuple(spans)


def _span(text: object) -> Span | None:
    found = SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return None
    hour, minute, last_hour, last_minute = map(int, found.groups())
    span = Span(hour * 60 + minute, last_hour * 60 + last_minute)
    return span if span.start < span.end <= MINUTES_A_DAY else None


def _overlapping(spans: list[Span]) -> Iterator[Span]:
    for former, latter in pairwise(spans):
        if latter.start < former.end:
            yield latter


def _holidays(data: object, problems: list[Problem]) -> tuple[Holiday, ...]:
    if not isinstance(data, Mapping):
        problems.append(Problem("not an object", "holidays", brief(data)))
        return ()
    if len(data) > MOST_HOLIDAYS:
        problems.append(Problem("too many", "holidays", str(len(data))))
        return ()
    found = []
    for day, name in data.items():
        try:
            found.append(Holiday(date.fromisoformat(day), brief(name).strip()))
        except (TypeError, ValueError):
            problems.append(Problem("not a date", "holidays", brief(day)))
    return tuple(sorted(found))


def _written(span: Span) -> str:
    return f"{span.start // 60:02}:{span.start % 60:02}-{span.end // 60:02}:{span.end % 60:02}"
