"""iCalendar (RFC 5545): absences read from somebody's calendar. Knows no database."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from typing import Any

from dateutil.rrule import rrule, rrulestr
from icalendar import Calendar, Event

from .turns import DAY

MOST = 300
# Of a whole calendar, so that none keeps the worker for long: repeated entries, and all days that they have.
MOST_RULES, MOST_DAYS = 200, 200_000
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
PLAIN_RULES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
# What rules by days and weeks are made of; with more, one that no day ever fits is looked through to the year 9999.
SHORT_RULES, SHORT_PARTS = frozenset({"DAILY", "WEEKLY"}), frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "WKST"})
FIRST_YEAR = 1970
AWAY_WORDS = frozenset({"OOF", "BUSY"})


class UnreadableError(ValueError):
    """It is no calendar."""


@dataclass(frozen=True)
class Off:
    """Whole days on which somebody is busy or out of office, the last one not counted. `key` stays with the entry."""

    key: str
    begins: date
    ends: date


def days_off(data: bytes, today: date) -> list[Off]:
    """The absences of a calendar around a day, by their begin, at most 300. Raises `UnreadableError`.

    Entries of whole days that are busy or out of office; repeated daily, weekly, monthly or yearly ones are followed.
    """
    try:
        entries = [entry for entry in Calendar.from_ical(data).walk("VEVENT") if isinstance(entry, Event)]
        found = list(_all([entry for entry in entries if _is_away(entry)], _moved(entries), today))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise UnreadableError(str(error)[:200]) from error
    return sorted(found, key=lambda off: (off.begins, off.key))[:MOST]


def _all(entries: Collection[Any], moved: set[tuple[str, date]], today: date) -> Iterator[Off]:
    if sum("RRULE" in entry for entry in entries) > MOST_RULES:
        raise UnreadableError("more rules than anybody has")
    left = count(MOST_DAYS, -1)
    for entry in entries:
        yield from _each(entry, moved, today, left)


def _is_away(entry: Any) -> bool:
    if "DTSTART" not in entry or isinstance(entry["DTSTART"].dt, datetime):
        return False
    if str(entry.get("STATUS", "")).upper() == "CANCELLED":
        return False
    said = str(entry.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    return said in AWAY_WORDS if said else str(entry.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT"


def _moved(entries: Iterable[Any]) -> set[tuple[str, date]]:
    """Single days of repeated entries that have an entry of their own."""
    return {(str(entry.get("UID")), _day(entry["RECURRENCE-ID"].dt)) for entry in entries if "RECURRENCE-ID" in entry}


def _each(entry: Any, moved: set[tuple[str, date]], today: date, left: Iterator[int]) -> Iterator[Off]:
    uid, lasts = str(entry.get("UID")), _lasts(entry)
    first, last = today - BACK, today + AHEAD
    for begins, more in zip(_begins(entry, last), left, strict=False):
        if not more:
            raise UnreadableError("more days than anybody has")
        own = "RECURRENCE-ID" in entry
        if begins + lasts > first and begins < last and (own or (uid, begins) not in moved):
            yield Off(_key(uid, begins), begins, begins + lasts)


def _lasts(entry: Any) -> timedelta:
    begins = _day(entry["DTSTART"].dt)
    if "DTEND" in entry:
        return max(_day(entry["DTEND"].dt) - begins, DAY)
    return max(timedelta(days=entry["DURATION"].dt.days), DAY) if "DURATION" in entry else DAY


def _begins(entry: Any, last: date) -> Iterator[date]:
    begins = _day(entry["DTSTART"].dt)
    if "RRULE" not in entry or "RECURRENCE-ID" in entry:
        yield begins
        return
    if begins.year < FIRST_YEAR or str(entry["RRULE"].get("FREQ", [""])[0]).upper() not in PLAIN_RULES:
        raise UnreadableError("a rule that no day follows")
    left_out = {_day(each.dt) for every in _listed(entry.get("EXDATE")) for each in every.dts}
    days = (moment.date() for moment in _rule(entry, begins, last))
    yield from (day for day in days if day not in left_out)


def _rule(entry: Any, begins: date, last: date) -> Iterator[datetime]:
    """The rule in days, without zones; one that would go on for ever ends where nobody looks any more."""
    rule = {name.upper(): value for name, value in entry["RRULE"].items()}
    ends = [_day(value) for value in rule.pop("UNTIL", [])]
    most = int(rule.pop("COUNT", [MOST_DAYS])[0])
    odd = str(rule["FREQ"][0]).upper() in SHORT_RULES and rule.keys() - SHORT_PARTS
    if odd or int(rule.get("INTERVAL", [1])[0]) < 1:
        raise UnreadableError("a rule that never gets on")
    words = ";".join(f"{name}={','.join(_word(value) for value in values)}" for name, values in rule.items())
    made = rrulestr(words, dtstart=datetime.combine(begins, time()))
    if not isinstance(made, rrule):
        raise UnreadableError("several rules in one")
    stops = min([*ends, last])
    yield from islice(made.replace(until=datetime.combine(stops, time())), most)


def _word(value: Any) -> str:
    return value.to_ical().decode() if hasattr(value, "to_ical") else str(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise UnreadableError("neither a day nor a time")


def _key(uid: str, begins: date) -> str:
    return f"{hashlib.sha256(uid.encode()).hexdigest()[:40]}:{begins.isoformat()}"
