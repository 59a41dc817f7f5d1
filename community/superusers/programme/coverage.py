"""Who could help at which hour of the week, and when people really were helped: by the clocks of each space."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from community.core.db import db
from community.core.i18n import default_zone
from community.forum.models import Kind, Post, Thread
from community.superusers.duty.models import DutyRoster, DutyTurn
from community.superusers.moments import TEN_MINUTES, cut

from .rules import LOAD_WITHIN

HOURS = 7 * 24
WEEK = HOURS * 60
Week = list[int]


def coverage(now: datetime) -> dict[str, Any]:
    """For each space its zone, and for each hour of a week how many are on the roster, asked, and were first helped."""
    rosters = select(DutyRoster.space_id, DutyRoster.zone)
    zones = {row[0]: row[1] for row in db.session.execute(rosters)}
    planned, actual, asked = _planned(), _first_replies(now, zones), _questions(now, zones)
    return {
        str(space): {
            "zone": zones.get(space, default_zone()),
            "planned": planned.get(space, [0] * HOURS),
            "actual": actual.get(space, [0] * HOURS),
            "asked": asked.get(space, [0] * HOURS),
        }
        for space in planned.keys() | actual.keys() | asked.keys()
    }


def gaps(week: Mapping[str, Any]) -> list[bool]:
    """Of each hour whether somebody asked and nobody is around: by the roster, else by when people were helped."""
    around = week["planned"] if any(week["planned"]) else week["actual"]
    return [bool(asked) and not there for asked, there in zip(asked_in(week), around, strict=True)]


def asked_in(week: Mapping[str, Any]) -> Week:
    """Questions at each hour; what was counted before they were counted says none."""
    return list(week.get("asked") or [0] * HOURS)


def stretches(week: Mapping[str, Any]) -> list[tuple[int, int, int, int]]:
    """The gaps as (weekday, from, until, questions), hours that follow each other together; the most asked first."""
    found: list[tuple[int, int, int, int]] = []
    for hour, (gap, asked) in enumerate(zip(gaps(week), asked_in(week), strict=True)):
        day, begins = divmod(hour, 24)
        if not gap:
            continue
        if found and found[-1][0] == day and found[-1][2] == begins:
            before = found.pop()
            found.append((day, before[1], begins + 1, before[3] + asked))
        else:
            found.append((day, begins, begins + 1, asked))
    return sorted(found, key=lambda each: -each[3])


def _planned() -> dict[int, Week]:
    found: dict[int, Week] = {}
    rows = db.session.execute(select(DutyTurn.space_id, DutyTurn.weekday, DutyTurn.begins, DutyTurn.ends))
    for space, weekday, begins, ends in rows:
        week = found.setdefault(space, [0] * HOURS)
        for hour in hours_of(weekday, begins, ends):
            week[hour] += 1
    return found


def hours_of(weekday: int, begins: int, ends: int) -> Iterable[int]:
    """The hours of a week that a turn touches, from 0 to 167; one that ends sooner than it begins ends the next day."""
    first = weekday * 24 * 60 + begins
    last = weekday * 24 * 60 + (ends if ends > begins else ends + 24 * 60)
    return sorted({minute % WEEK // 60 for minute in range(first, last)})


def _first_replies(now: datetime, zones: dict[int, str]) -> dict[int, Week]:
    since = now - LOAD_WITHIN
    first = func.min(Post.created_at)
    firsts = (
        select(Thread.space_id, first.label("at"))
        .join(Post, Post.thread_id == Thread.id)
        .where(
            Thread.kind == Kind.QUESTION,
            Thread.last_activity_at > since,
            Post.number > 1,
            Post.author_id != Thread.author_id,
            Post.hidden_at.is_(None),
        )
        .group_by(Thread.id, Thread.space_id)
        .having(first > since)
        .subquery()
    )
    bucket = cut(firsts.c.at, TEN_MINUTES)
    return _by_hour(select(firsts.c.space_id, bucket, func.count()).group_by(firsts.c.space_id, bucket), zones)


def _questions(now: datetime, zones: dict[int, str]) -> dict[int, Week]:
    bucket = cut(Thread.created_at, TEN_MINUTES)
    asked = Thread.kind == Kind.QUESTION, Thread.merged_into_id.is_(None), Thread.hidden_at.is_(None)
    counted = select(Thread.space_id, bucket, func.count()).where(*asked, Thread.created_at > now - LOAD_WITHIN)
    return _by_hour(counted.group_by(Thread.space_id, bucket), zones)


def _by_hour(counted: Select[*tuple[Any, ...]], zones: dict[int, str]) -> dict[int, Week]:
    """What was counted by space and ten minutes, by the hours of the week that clocks there show."""
    found: dict[int, Week] = {}
    for space, text, number in db.session.execute(counted):
        zone = ZoneInfo(zones.get(space, default_zone()))
        found.setdefault(space, [0] * HOURS)[_hour_of(text, zone)] += int(number)
    return found


def _hour_of(text: str, zone: ZoneInfo) -> int:
    local = datetime.fromisoformat(f"{text}0").replace(tzinfo=UTC).astimezone(zone)
    return local.weekday() * 24 + local.hour
