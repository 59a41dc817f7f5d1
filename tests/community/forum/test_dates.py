"""When something happens: typed in one time zone, read in others, and taken into calendars."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from community.accounts.models import Grant
from community.core.db import db
from community.core.events import EventRecord
from community.forum import operations as forum
from community.forum.arranging import operations as arranging
from community.forum.dates import operations as dates
from community.forum.dates.models import ThreadEvent
from community.forum.models import Thread
from community.spaces.models import Space
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TYPED = {"event_starts": "2026-03-28T22:00", "event_ends": "2026-03-29T04:00", "event_zone": "Europe/Amsterdam"}

pytestmark = pytest.mark.usefixtures("spring")


@pytest.fixture
def spring() -> Any:
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def news(title: str = "Maintenance of the mail servers", space: Space | None = None, **when: Any) -> Thread:
    agent = a_member(role="agent")
    thread = a_thread(space, agent, kind="announcement", title=title)
    if when:
        dates.set_date(thread, dates.When(**{"zone": "Europe/Amsterdam", **when}), by_id=agent.id)
    return thread


def at(text: str, zone: ZoneInfo = AMSTERDAM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def parsed(app: Flask, path: str) -> list[Any]:
    """The events of a calendar, as a program without a sign-in reads it."""
    return parsed_of(app.test_client().get(path))


def parsed_of(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def ask(staff: Visitor, status: int | None = None, **typed: str) -> None:
    staff.get("/ask")
    body = "Mail will not arrive while the servers are replaced."
    staff.submit(
        "#ask-form", status=status, **{"kind": "announcement", "title": "Maintenance of mail", "body": body, **typed}
    )


def test_news_say_when_something_happens_and_calendars_read_it(app: Flask, login_as: LoginAs) -> None:
    a_space("workplace")
    a_member("sue", role="agent")
    sue = login_as("sue")
    ask(sue, **TYPED, event_place="Room 4")
    thread = db.session.scalars(select(Thread)).one()
    assert "Saturday" in sue.text
    assert "Room 4" in sue.text
    assert "2026-03-28T21:00:00+00:00" in sue.html
    (entry,) = parsed(app, f"/threads/{thread.id}/event.ics")
    assert entry.start == at("2026-03-28T22:00")
    assert entry.end == at("2026-03-29T04:00")
    assert entry.end - entry.start == timedelta(hours=5)  # of that night's six hours by the clock one is left out
    assert (entry["summary"], entry["location"], entry["status"]) == ("Maintenance of mail", "Room 4", "CONFIRMED")
    assert entry["url"] == f"http://localhost/threads/{thread.id}"
    assert (int(entry["sequence"]), entry.decoded("dtstamp").utcoffset()) == (0, timedelta(0))
    (same,) = parsed(app, "/spaces/workplace/calendar.ics")
    assert same["uid"] == entry["uid"]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-03-29T01:30", "2026-03-29T03:30", ("2026-03-29T00:30", "2026-03-29T01:30")),
        ("2026-10-25T01:30", "2026-10-25T03:30", ("2026-10-24T23:30", "2026-10-25T02:30")),
        ("2026-10-25T02:30", "2026-10-25T04:00", ("2026-10-25T00:30", "2026-10-25T03:00")),  # the first of two
        ("2026-07-01T10:00", "", ("2026-07-01T08:00", "2026-07-01T09:00")),
    ],
)
def test_days_on_which_the_clocks_change(
    app: Flask, login_as: LoginAs, starts: str, ends: str, expected: tuple[str, str]
) -> None:
    a_member("sue", role="agent")
    thread = news()
    sue = login_as("sue")
    sue.get(f"/threads/{thread.id}/event")
    sue.submit("main form", event_starts=starts, event_ends=ends, event_zone="Europe/Amsterdam")
    (entry,) = parsed(app, f"/threads/{thread.id}/event.ics")
    assert (entry.start, entry.end) == tuple(at(text, ZoneInfo("UTC")) for text in expected)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"event_starts": "2026-03-29T02:30"}, "the clocks are put forward"),
        ({"event_starts": "", "event_ends": "2026-03-29T04:00"}, "Say when it begins"),
        ({"event_starts": "", "event_place": "Room 4"}, "Say when it begins"),
        ({"event_starts": "2026-03-29T05:00", "event_ends": "2026-03-29T05:00"}, "It ends after it begins"),
        ({"event_starts": "2026-03-29T05:00", "event_ends": "2026-06-29T05:00"}, "at most a month later"),
        ({"event_starts": "1026-03-29T05:00"}, "Choose a day of this century"),
        ({"event_starts": "2026-03-29T05:00", "kind": "question"}, "Only news have a date"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(app: Flask, login_as: LoginAs, typed: dict[str, str], words: str) -> None:
    a_space("workplace")
    a_member("sue", role="agent")
    sue = login_as("sue")
    ask(sue, 422, event_zone="Europe/Amsterdam", **typed)
    assert words in sue.text
    assert db.session.scalar(select(ThreadEvent.thread_id)) is None


def test_members_are_not_offered_a_date_and_cannot_set_one(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    thread = news()
    question = a_thread()
    ann = login_as("ann")
    ann.get("/ask")
    assert not ann.select("#event-fields")
    a_member("sue", role="agent")
    for handle, id_ in (("ann", thread.id), ("sue", question.id)):
        login_as(handle).post(f"/threads/{id_}/event", TYPED, status=404)
        login_as(handle).post(f"/threads/{id_}/event/cancellation", status=404)
    ann.get(f"/threads/{thread.id}/event.ics", status=404)


def test_a_change_raises_the_number_and_a_cancelled_one_stays(app: Flask, login_as: LoginAs) -> None:
    a_member("sue", role="agent")
    thread = news(starts_at=at("2026-03-20T10:00"), ends_at=at("2026-03-20T11:00"))
    path, sue = f"/threads/{thread.id}/event.ics", login_as("sue")
    before = thread.version
    (first,) = parsed(app, path)
    sue.get(f"/threads/{thread.id}/event")
    sue.submit("main form")  # as it was
    assert int(parsed(app, path)[0]["sequence"]) == 0
    sue.get(f"/threads/{thread.id}/event")
    sue.submit("main form", event_place="https://meet.example/halden")
    assert thread.version > before
    assert sue.select('a[href="https://meet.example/halden"]')
    sue.get(f"/threads/{thread.id}/event")
    sue.submit(f"/threads/{thread.id}/event/cancellation")
    assert "Called off" in sue.text
    sue.post(f"/threads/{thread.id}/event/cancellation")
    (last,) = parsed(app, path)
    assert (last["uid"], int(last["sequence"]), last["status"]) == (first["uid"], 2, "CANCELLED")
    assert last["location"] == "https://meet.example/halden"
    sue.get(f"/threads/{thread.id}/event")
    sue.submit("main form")
    (again,) = parsed(app, path)
    assert (int(again["sequence"]), again["status"]) == (3, "CONFIRMED")
    told = select(EventRecord.name).where(EventRecord.name.startswith("forum.thread.date")).order_by(EventRecord.id)
    assert [name.rpartition("_")[2] for name in db.session.scalars(told)] == ["set", "set", "cancelled", "set"]


def test_chinese_is_folded_between_characters(app: Flask) -> None:
    title = "系统维护公告：本周六晚上二十二点至次日凌晨四点，邮件、网盘和视频会议服务器将停机更换，请提前保存文件；谢谢"
    place = "上海市浦东新区世纪大道100号，三楼会议室；请走东门\\电梯"
    thread = news(title, starts_at=at("2026-03-20T10:00"), ends_at=at("2026-03-20T11:00"), place=place)
    db.session.commit()
    (entry,) = parsed(app, f"/threads/{thread.id}/event.ics")
    assert (str(entry["summary"]), str(entry["location"])) == (title, place)


def test_readers_elsewhere_see_their_own_clock_too(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    li, ann = a_member("li", language="zh-Hans"), a_member("ann")
    li.time_zone, ann.time_zone = "Asia/Shanghai", "Europe/Berlin"
    thread = news(starts_at=at("2026-03-20T22:00"), ends_at=at("2026-03-20T23:00"))
    shanghai = login_as("li").get(f"/threads/{thread.id}").text
    assert "05:00" in shanghai  # the next morning
    assert "22:00" in shanghai
    login = login_as("ann")
    login.get(f"/threads/{thread.id}")
    assert "On your clock" not in login.text
    visitor.get(f"/threads/{thread.id}")
    assert "On your clock" not in visitor.text


def test_calendars_hold_only_what_their_reader_may_read(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    ann = a_member("ann", member_of=[inner])
    when = {"starts_at": at("2026-03-20T22:00"), "ends_at": at("2026-03-20T23:00")}
    secret = news("Gallium gathering", inner, **when)
    hidden = news("Hidden gathering", a_space("open"), **when)
    shown = news("Open gathering", hidden.space, **when)
    forum.hide_post(hidden.posts[0], by_id=ann.id, reason="A mistake")
    login = login_as("ann")
    login.get("/feeds/own")
    login.submit("/feeds/own")
    calendar = next(code.text for code in login.select("#addresses code") if code.text.endswith("calendar.ics"))
    path = calendar.removeprefix("http://localhost")
    answer = app.test_client().get(path)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {str(entry["summary"]) for entry in parsed_of(answer)} == {secret.title, shown.title}
    client = app.test_client()
    assert client.get("/spaces/inner/calendar.ics").status_code == 404
    assert client.get(f"/threads/{secret.id}/event.ics").status_code == 404
    assert [str(entry["summary"]) for entry in parsed(app, "/spaces/open/calendar.ics")] == [shown.title]
    db.session.execute(Grant.__table__.delete())
    db.session.commit()
    assert {str(entry["summary"]) for entry in parsed(app, path)} == {shown.title}
    assert client.get("/feeds/own/nonsense/calendar.ics").status_code == 404


def test_a_space_shows_what_is_to_come_and_costs_nothing_without(
    app: Flask, visitor: Visitor, spring: time_machine.Traveller, count_statements: CountStatements, run_jobs: RunJobs
) -> None:
    space, other = a_space("workplace"), a_space("elsewhere")
    thread = news("Spring cleaning", space, starts_at=at("2026-03-20T22:00"), ends_at=at("2026-03-20T23:00"))
    run_jobs()
    visitor.get("/spaces/workplace")
    with count_statements() as with_event:
        visitor.get("/spaces/workplace")
    assert "To come" in visitor.text
    with count_statements() as without:
        visitor.get("/spaces/elsewhere")
    assert "To come" not in visitor.text
    assert len(with_event) - len(without) >= 1
    assert not [sql for sql in without if "thread_event" in sql]
    arranging.move(thread, other, by_id=thread.author_id, reason="It belongs there")
    run_jobs()
    visitor.get("/spaces/elsewhere")
    assert "Spring cleaning" in visitor.select("aside")[0].text
    spring.move_to(NOON + timedelta(days=40))
    visitor.get("/spaces/elsewhere")
    assert "To come" not in visitor.text
