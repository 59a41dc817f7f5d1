"""Mail by a person's own clock: digests, quiet hours, absence, a limit for each day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.jobs import enqueue
from community.forum import operations as forum
from community.forum.models import Thread
from community.notifications.models import Notification
from community.notifications.planning import Plan, count_one, row_of
from community.notifications.sending import send_digests
from tests.community.notifications.conftest import ONE_CLICK, path_in, plain
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.servers import Mailbox

pytestmark = pytest.mark.usefixtures("mailing")
OSLO, SHANGHAI, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday noon in UTC, until it is moved."""
    with time_machine.travel(MONDAY_NOON, tick=False) as traveller:
        yield traveller


def chosen(member: Member, **choices: object) -> None:
    row = row_of(member.id)
    for name, value in choices.items():
        setattr(row, name, value)
    db.session.flush()


def look(run_jobs: RunJobs) -> None:
    """The timetable's turn, and all that follows from it."""
    enqueue(send_digests)
    run_jobs()


def a_thread_of(member: Member, title: str = "The printer is silent") -> Thread:
    return a_thread(author=member, title=title)


def test_a_daily_digest_comes_at_the_person_s_hour_in_their_language(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller
) -> None:
    li = a_member("li", language="zh-Hans")
    li.time_zone = "Asia/Shanghai"
    chosen(li, rhythm="daily", hour=8)
    first, second = a_thread_of(li), a_thread_of(li, "VPN drops again")
    bob = a_member("bob", name="Bob Lind")
    for text in ("Is it plugged in?", "And the cable?"):
        a_reply(first, bob, text)
    a_reply(second, bob, "Restart it.")
    run_jobs()
    clock.move_to(datetime(2026, 11, 24, 7, 59, tzinfo=SHANGHAI))
    look(run_jobs)
    assert smtp.to(li.email) == []
    clock.move_to(datetime(2026, 11, 24, 8, 1, tzinfo=SHANGHAI))
    for _again in range(2):
        look(run_jobs)
    (mail,) = smtp.to(li.email)
    words = plain(mail)
    assert words.index("VPN drops again") < words.index("The printer is silent")
    assert words.index("Is it plugged in?") < words.index("And the cable?")
    assert '<html lang="zh-Hans">' in mail.get_body(("html",)).get_content()
    assert "3" in mail["Subject"]


def test_a_weekly_digest_comes_on_its_day(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller
) -> None:
    ann = a_member("ann")
    chosen(ann, rhythm="weekly", weekday=4, hour=17)
    a_reply(a_thread_of(ann))
    run_jobs()
    for day in range(24, 28):
        clock.move_to(datetime(2026, 11, day, 16, 50, tzinfo=UTC))
        look(run_jobs)
        assert smtp.to(ann.email) == []
    clock.move_to(datetime(2026, 11, 27, 17, 0, tzinfo=UTC))
    look(run_jobs)
    assert len(smtp.to(ann.email)) == 1


def test_what_is_beyond_the_day_s_number_comes_in_the_next_digest(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller
) -> None:
    ann = a_member("ann")
    chosen(ann, most_a_day=2, hour=6)
    thread = a_thread_of(ann)
    for number in range(5):
        a_reply(thread, body=f"Attempt {number}")
    run_jobs()
    assert len(smtp.to(ann.email)) == 2
    clock.move_to(datetime(2026, 11, 24, 6, 5, tzinfo=UTC))
    look(run_jobs)
    *_others, digest = smtp.to(ann.email)
    assert ["Attempt 2" in plain(digest), "Attempt 4" in plain(digest), "Attempt 1" in plain(digest)] == [
        True,
        True,
        False,
    ]
    a_reply(thread, body="A new day")
    run_jobs()
    assert len(smtp.to(ann.email)) == 4


def test_the_last_mail_of_the_day_is_counted_once(app: Flask) -> None:
    ann = a_member("ann")
    chosen(ann, most_a_day=3)
    today = MONDAY_NOON.date()
    assert [count_one(ann.id, today) for _number in range(5)] == [True, True, True, False, False]
    assert count_one(ann.id, today + timedelta(days=1))


def test_quiet_hours_end_before_mail_comes(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller
) -> None:
    ann = a_member("ann")
    ann.time_zone = "Europe/Oslo"
    chosen(ann, quiet_from=22, quiet_until=7)
    thread = a_thread_of(ann)
    clock.move_to(datetime(2026, 11, 23, 23, 30, tzinfo=OSLO))
    a_reply(thread)
    run_jobs()
    clock.move_to(datetime(2026, 11, 24, 6, 59, tzinfo=OSLO))
    run_jobs()
    assert smtp.to(ann.email) == []
    clock.move_to(datetime(2026, 11, 24, 7, 0, tzinfo=OSLO))
    run_jobs()
    assert len(smtp.to(ann.email)) == 1


def test_nothing_comes_while_one_is_away_and_all_in_one_afterwards(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller
) -> None:
    ann = a_member("ann")
    chosen(ann, away_until=datetime(2026, 11, 27, tzinfo=UTC), hour=9)
    thread = a_thread_of(ann)
    for day in (23, 24, 25):
        clock.move_to(datetime(2026, 11, day, 13, tzinfo=UTC))
        a_reply(thread)
        look(run_jobs)
    clock.move_to(datetime(2026, 11, 26, 23, 50, tzinfo=UTC))
    look(run_jobs)
    assert smtp.to(ann.email) == []
    clock.move_to(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    look(run_jobs)
    a_reply(thread)
    run_jobs()
    assert len(smtp.to(ann.email)) == 2


def test_a_digest_leaves_out_what_may_not_be_read_any_more(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller
) -> None:
    ann, eve = a_member("ann"), a_member("eve")
    secret, shown = a_thread(title="A suspicious letter", body="See this, @eve"), a_thread_of(eve)
    chosen(eve, rhythm="daily")
    a_reply(shown)
    run_jobs()
    forum.restrict(secret, by_id=ann.id)
    clock.shift(timedelta(days=1))
    look(run_jobs)
    (mail,) = smtp.to(eve.email)
    assert "suspicious" not in str(mail)


def test_an_empty_digest_is_not_sent(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller
) -> None:
    eve = a_member("eve")
    chosen(eve, rhythm="daily")
    thread = a_thread(body="See this, @eve")
    run_jobs()
    forum.restrict(thread, by_id=None)
    clock.shift(timedelta(days=1))
    look(run_jobs)
    assert smtp.to(eve.email) == []


def test_one_click_ends_digests(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    chosen(ann, rhythm="daily")
    thread = a_thread_of(ann)
    a_reply(thread)
    run_jobs()
    clock.shift(timedelta(days=1))
    look(run_jobs)
    (mail,) = smtp.to(ann.email)
    assert app.test_client().post(path_in(mail["List-Unsubscribe"]), data=ONE_CLICK).status_code == 200
    a_reply(thread)
    run_jobs()
    clock.shift(timedelta(days=2))
    look(run_jobs)
    assert len(smtp.to(ann.email)) == 1
    assert ann.unread == 2


def test_the_page_keeps_what_was_chosen(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    ann.time_zone = "Europe/Oslo"
    visitor = login_as("ann")
    visitor.get("/notifications/preferences")
    visitor.submit(
        "#mail-form",
        rhythm="weekly",
        hour="17",
        weekday="4",
        most_a_day="5",
        quiet_from="22",
        quiet_until="7",
        away_until="2026-12-24",
    )
    assert "Your choices are saved" in visitor.text
    assert visitor.select("#away_until")[0]["value"] == "2026-12-24"
    row = row_of(ann.id)
    assert (row.rhythm, row.hour, row.weekday, row.most_a_day, row.quiet_from, row.quiet_until) == (
        "weekly",
        17,
        4,
        5,
        22,
        7,
    )
    assert row.away_until == datetime(2026, 12, 24, tzinfo=OSLO)
    visitor.post("/notifications/mail", {"rhythm": "daily", "hour": "1", "weekday": "0", "most_a_day": "0"}, status=422)
    assert "A number from 1 to 200." in visitor.text
    assert row_of(ann.id).most_a_day == 5


def test_another_rhythm_moves_what_waits(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, clock: time_machine.Traveller, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    chosen(ann, rhythm="weekly", weekday=6)
    a_reply(a_thread_of(ann))
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications/preferences")
    visitor.submit("#mail-form", rhythm="daily", hour="13")
    clock.move_to(datetime(2026, 11, 23, 13, 1, tzinfo=UTC))
    look(run_jobs)
    assert len(smtp.to(ann.email)) == 1
    assert db.session.scalars(select(Notification.mailing)).all() == ["sent"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=OSLO), datetime(2026, 3, 29, 3, tzinfo=OSLO)),  # 02:00 does not exist
        (datetime(2026, 10, 24, 12, tzinfo=OSLO), datetime(2026, 10, 25, 2, tzinfo=OSLO)),  # 02:00 comes twice
        (datetime(2026, 11, 23, 2, tzinfo=OSLO), datetime(2026, 11, 24, 2, tzinfo=OSLO)),
        (datetime(2026, 11, 23, 1, 59, tzinfo=OSLO), datetime(2026, 11, 23, 2, tzinfo=OSLO)),
    ],
)
def test_hours_are_those_of_the_person_also_when_clocks_change(now: datetime, expected: datetime) -> None:
    assert Plan(OSLO, rhythm="daily", hour=2).next_digest(now) == expected.astimezone(UTC)


@pytest.mark.parametrize(
    ("begin", "end", "hour", "quiet"),
    [(22, 7, 23, True), (22, 7, 6, True), (22, 7, 7, False), (9, 17, 12, True), (9, 17, 17, False), (9, 9, 9, False)],
)
def test_quiet_hours_may_go_over_midnight(begin: int, end: int, hour: int, quiet: bool) -> None:
    plan = Plan(NEW_YORK, quiet_from=begin, quiet_until=end)
    ends = plan.quiet_ends(datetime(2026, 11, 23, hour, 30, tzinfo=NEW_YORK))
    assert (ends is not None) == quiet
    assert ends is None or ends.astimezone(NEW_YORK).hour == end
