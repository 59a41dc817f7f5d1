"""When one is away: typed days, several to come, and those of a calendar elsewhere."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.availability import absences_of, away_of
from community.core.db import db
from community.core.jobs import run_all
from community.notifications.models import MemberMail, Notification
from community.superusers.duty.absences import read_calendars
from community.superusers.duty.calendars import Off, UnreadableError, days_off
from community.superusers.duty.models import Absence, AbsenceCalendar
from tests.conftest import LoginAs, RunJobs, save
from tests.factories import a_member

NOON = datetime(2026, 3, 23, 11, tzinfo=UTC)
TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def spring() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def ics(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN"]
    for number, event in enumerate(events):
        known = f"UID:{number}@x\n" if "UID:" not in event else ""
        lines += ["BEGIN:VEVENT", *(known + f"DTSTAMP:20260101T000000Z\n{event}").splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def whole(begins: str, ends: str = "", *more: str) -> str:
    end = f"\nDTEND;VALUE=DATE:{ends}" if ends else ""
    return "\n".join([f"DTSTART;VALUE=DATE:{begins}{end}", *more])


def spans(data: bytes) -> list[tuple[date, date]]:
    return [(off.begins, off.ends) for off in days_off(data, TODAY)]


def test_several_absences_are_entered_and_removed(app: Flask, login_as: LoginAs, spring: Any) -> None:
    ann_row = a_member("ann")
    ann_row.time_zone = "Asia/Shanghai"
    ann = login_as("ann")
    ann.get("/my/absences")
    ann.submit("#absence-form", status=422, first="2026-04-10", last="2026-04-01")
    assert "not before the first one" in ann.text
    ann.submit("#absence-form", first="2026-04-01", last="2026-04-03")
    ann.submit("#absence-form", first="2026-05-01", shown=False)
    ann.submit("#absence-form", first="2026-05-01", shown=False)
    assert len(ann.select("#absences li")) == 2
    assert "1 Apr to 3 Apr" in ann.text
    assert "others are not told" in ann.text
    begin = datetime(2026, 3, 31, 16, tzinfo=UTC)  # midnight in Shanghai
    assert absences_of([ann_row.id], NOON, NOON + 20 * DAY) == {ann_row.id: [(begin, begin + 3 * DAY)]}
    assert away_of([ann_row.id]) == {}
    spring.move_to(begin)
    assert away_of([ann_row.id]) == {ann_row.id: date(2026, 4, 4)}
    ann = login_as("ann")
    ann.get("/my/absences")
    assert "You are away now, and others see it." in ann.text
    first = db.session.scalars(select(Absence).order_by(Absence.id)).first()
    assert first is not None
    ann.submit(f"/my/absences/{first.id}/removal")
    assert away_of([ann_row.id]) == {}
    a_member("ben")
    other = db.session.scalars(select(Absence.id)).one()
    login_as("ben").post(f"/my/absences/{other}/removal", status=404)


def test_the_days_of_held_back_mail_count_too(app: Flask) -> None:
    ann = a_member("ann")
    db.session.add(MemberMail(member_id=ann.id, away_until=NOON + DAY, away_shown=False))
    db.session.flush()
    assert list(absences_of([ann.id], NOON, NOON + DAY)) == [ann.id]
    assert away_of([ann.id]) == {}
    assert absences_of([], NOON, NOON) == {}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([whole("20260401", "20260404")], [(1, 4)]),
        ([whole("20260401")], [(1, 2)]),
        ([whole("20260401", "", "DURATION:P2D")], [(1, 3)]),
        ([whole("20260401", "20260404", "TRANSP:TRANSPARENT")], []),
        ([whole("20260401", "20260404", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:OOF")], [(1, 4)]),
        ([whole("20260401", "20260404", "X-MICROSOFT-CDO-BUSYSTATUS:FREE")], []),
        ([whole("20260401", "20260404", "STATUS:CANCELLED")], []),
        (["DTSTART:20260401T090000Z\nDTEND:20260401T170000Z"], []),
        (
            [whole("20260401", "20260402", "RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20260422", "EXDATE;VALUE=DATE:20260408")],
            [(1, 2), (15, 16), (22, 23)],
        ),
        ([whole("20260401", "20260402", "RRULE:FREQ=DAILY;INTERVAL=2;COUNT=3")], [(1, 2), (3, 4), (5, 6)]),
        (
            [
                whole("20260401", "20260402", "UID:a", "RRULE:FREQ=DAILY;COUNT=3"),
                whole("20260409", "20260410", "UID:a", "RECURRENCE-ID;VALUE=DATE:20260402"),
            ],
            [(1, 2), (3, 4), (9, 10)],
        ),
        ([whole("20200101", "20200102")], []),
    ],
)
def test_what_a_calendar_says(events: list[str], expected: list[tuple[int, int]]) -> None:
    assert spans(ics(*events)) == [(date(2026, 4, first), date(2026, 4, last)) for first, last in expected]


def test_a_rule_without_an_end_ends_where_nobody_looks() -> None:
    found = days_off(ics(whole("20200101", "20200102", "RRULE:FREQ=DAILY")), TODAY)
    assert len(found) == 300
    assert found[0].begins == TODAY - timedelta(days=60)
    assert isinstance(found[0], Off)


@pytest.mark.parametrize(
    "data",
    [
        b"<html>Sign in</html>",
        b"",
        ics(whole("20260401", "", "RRULE:FREQ=SECONDLY")),
        ics(whole("19000101", "", "RRULE:FREQ=DAILY")),
        ics(whole("20260401", "", "RRULE:FREQ=DAILY;INTERVAL=0;BYMONTH=2")),
        ics(whole("20260401", "", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3")),
        ics(*[whole("20260401", "", "RRULE:FREQ=DAILY")] * 201),
        ics(*[whole("19700101", "", "RRULE:FREQ=DAILY")] * 11),
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_calendar(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        days_off(data, TODAY)


@dataclass
class Server:
    """A calendar elsewhere."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_arguments: object) -> None:
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{made.server_port}/secret/basic.ics"
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield told
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_calendar_is_read_and_its_last_good_state_kept(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, server: Server, spring: Any
) -> None:
    ann_row = a_member("ann")
    server.body = ics(whole("20260401", "20260404", "UID:a"), whole("20260501", "", "UID:b"))
    ann = login_as("ann")
    ann.get("/my/absences")
    ann.submit("#calendar-form", url=server.url)
    run_jobs()
    ann.get("/my/absences")
    assert ann.text.count("from your calendar") == 2
    assert "127.0.0.1" in ann.text
    assert "secret" not in ann.html
    assert "secret" not in db.session.get_one(AbsenceCalendar, ann_row.id).sealed
    kept = {row.id for row in db.session.scalars(select(Absence))}
    server.body = ics(whole("20260401", "20260405", "UID:a"))
    _read_again(spring, run_jobs)
    (row,) = db.session.scalars(select(Absence))
    assert row.id in kept
    assert row.ends_at.date() == date(2026, 4, 5)
    for status, body, words in (
        (404, b"", "nobody may read it under this address"),
        (500, b"", "gave no calendar"),
        (200, b"<html>", "no calendar that can be read"),
    ):
        server.status, server.body = status, body
        _read_again(spring, run_jobs)
        ann.get("/my/absences")
        assert words in ann.text
        assert "What it said last still holds." in ann.text
        assert "1 Apr to 4 Apr" in ann.text
    told = db.session.scalars(select(Notification.title).where(Notification.member_id == ann_row.id)).all()
    assert told == ["Your calendar cannot be read any more; what it said last still holds"]
    ann.submit("/my/absences/calendar/removal")
    assert db.session.scalars(select(Absence)).all() == []


def _read_again(spring: Any, run_jobs: RunJobs) -> None:
    spring.shift(timedelta(hours=2))
    read_calendars()
    save()
    run_jobs()


def test_a_server_that_is_not_there(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    a_member("ann")
    ann = login_as("ann")
    ann.get("/my/absences")
    ann.submit("#calendar-form", url=f"http://127.0.0.1:{port}/x.ics")
    run_jobs()
    ann.get("/my/absences")
    assert "could not be reached" in ann.text
    assert run_all


@pytest.mark.parametrize("url", ["ftp://example.org/x.ics", "nonsense", "https://a:b@example.org/x.ics"])
def test_addresses_that_are_none(app: Flask, login_as: LoginAs, url: str) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/my/absences")
    ann.submit("#calendar-form", status=422, url=url)
    assert "must be a public web address" in ann.text
    assert db.session.scalars(select(AbsenceCalendar)).all() == []
