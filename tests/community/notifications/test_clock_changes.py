"""Digests and quiet hours on the days when clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from community.core import i18n
from community.core.i18n import zone_of
from community.notifications.models import Rhythm
from community.notifications.planning import Plan

OSLO, NEW_YORK, KOLKATA = "Europe/Oslo", "America/New_York", "Asia/Kolkata"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "expected"),
    [
        (OSLO, 8, "2026-03-28T12:00", "2026-03-29T06:00"),
        (OSLO, 8, "2026-03-29T06:00", "2026-03-30T06:00"),
        (OSLO, 8, "2026-10-24T12:00", "2026-10-25T07:00"),
        (NEW_YORK, 8, "2026-03-07T18:00", "2026-03-08T12:00"),
        (NEW_YORK, 8, "2026-10-31T18:00", "2026-11-01T13:00"),
        (KOLKATA, 8, "2026-03-28T12:00", "2026-03-29T02:30"),
        (KOLKATA, 8, "2026-10-24T12:00", "2026-10-25T02:30"),
        # The hour that is left out: as soon as it would have begun, and not again on that day.
        (OSLO, 2, "2026-03-29T00:30", "2026-03-29T01:00"),
        (OSLO, 2, "2026-03-29T01:00", "2026-03-30T00:00"),
        (NEW_YORK, 2, "2026-03-08T06:30", "2026-03-08T07:00"),
        # The hour that comes twice: the first time only.
        (OSLO, 2, "2026-10-24T23:30", "2026-10-25T00:00"),
        (OSLO, 2, "2026-10-25T00:00", "2026-10-26T01:00"),
        (OSLO, 2, "2026-10-25T01:00", "2026-10-26T01:00"),
        (NEW_YORK, 1, "2026-11-01T06:10", "2026-11-02T06:00"),
    ],
)
def test_a_digest_keeps_its_hour(zone: str, hour: int, now: str, expected: str) -> None:
    plan = Plan(ZoneInfo(zone), Rhythm.DAILY, hour)
    assert plan.next_digest(_at(now)) == _at(expected)


def test_a_weekly_digest_keeps_its_day() -> None:
    plan = Plan(ZoneInfo(OSLO), Rhythm.WEEKLY, 2, weekday=6)
    assert plan.next_digest(_at("2026-03-23T12:00")) == _at("2026-03-29T01:00")
    assert plan.next_digest(_at("2026-03-29T01:00")) == _at("2026-04-05T00:00")


@pytest.mark.parametrize(
    ("zone", "begin", "until", "now", "expected"),
    [
        (OSLO, 22, 7, "2026-03-28T21:30", "2026-03-29T05:00"),
        (OSLO, 22, 7, "2026-10-24T20:30", "2026-10-25T06:00"),
        (OSLO, 22, 7, "2026-03-29T05:00", None),
        (OSLO, 22, 2, "2026-03-29T00:59", "2026-03-29T01:00"),
        (OSLO, 22, 2, "2026-03-29T01:00", None),
        (OSLO, 22, 3, "2026-10-25T00:30", "2026-10-25T02:00"),
        (OSLO, 22, 3, "2026-10-25T01:30", "2026-10-25T02:00"),
        (NEW_YORK, 22, 2, "2026-11-01T06:30", "2026-11-01T07:00"),
        (NEW_YORK, 22, 7, "2026-03-08T06:30", "2026-03-08T11:00"),
        (KOLKATA, 22, 7, "2026-03-28T17:00", "2026-03-29T01:30"),
    ],
)
def test_quiet_hours_end_by_the_clock(zone: str, begin: int, until: int, now: str, expected: str | None) -> None:
    plan = Plan(ZoneInfo(zone), quiet_from=begin, quiet_until=until)
    assert plan.quiet_ends(_at(now)) == (_at(expected) if expected else None)


def test_an_unknown_zone_is_the_installations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_default_zone", [OSLO])
    assert zone_of("Nowhere/Gone").key == OSLO
    assert zone_of("").key == OSLO
