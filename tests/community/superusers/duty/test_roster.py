"""The roster of a space: turns, swaps, backups, over changes of the clocks, and as calendars."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from community.accounts.models import Grant, Member
from community.core.db import db
from community.notifications.models import MemberMail, Notification
from community.spaces.models import Space
from community.superusers.agreements.models import Agreement, AgreementState
from community.superusers.duty import absences, operations
from community.superusers.duty.around import on_duty, on_duty_in, roster_of
from community.superusers.duty.models import DutyRoster, DutyStandIn, DutySwap, DutyTurn
from community.superusers.duty.operations import Day, Plan, TakenError
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

NOON = datetime(2026, 3, 23, 11, tzinfo=UTC)  # Monday, 12:00 in Amsterdam
MONDAY, SUNDAY = date(2026, 3, 23), date(2026, 3, 29)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def spring() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class Crew:
    """A space with super users Ann, Ben and Cem."""

    def __init__(self, zone: str = "Europe/Amsterdam") -> None:
        self.space = a_space("workplace")
        self.zone = zone
        self.ann, self.ben, self.cem = (a_member(name, super_user_in=[self.space]) for name in ("ann", "ben", "cem"))

    def turn(self, member: Member, backup: Member | None = None, **other: int) -> DutyTurn:
        """From nine to one on Mondays, unless said otherwise."""
        values = {"weekday": 0, "begins": 9 * 60, "ends": 13 * 60} | other
        wanted = Plan(member_id=member.id, backup_id=backup.id if backup else None, **values)
        return operations.plan(self.space.id, wanted, zone=self.zone, by_id=None)


@pytest.fixture
def crew(app: Flask) -> Crew:
    return Crew()


def told(handle: str) -> list[str]:
    wanted = select(Notification.title).join(Member, Member.id == Notification.member_id).where(Member.handle == handle)
    return list(db.session.scalars(wanted.order_by(Notification.id)))


def test_a_turn_is_planned_and_shown(crew: Crew, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = login_as("ann")
    ann.get("/spaces/workplace/roster")
    assert "No turns are planned." in ann.text
    ann.get("/spaces/workplace/roster/turns/new")
    typed = {"weekday": "0", "begins": "09:00", "ends": "13:00", "member": str(crew.ben.id)}
    ann.submit("#turn-form", status=422, backup=str(crew.ben.id), **typed)
    assert "Choose somebody else as the backup." in ann.text
    ann.submit("#turn-form", backup=str(crew.ann.id), **typed)
    assert "09:00–13:00 · Ben" in ann.text
    assert "backup: Ann" in ann.text
    run_jobs()
    assert told("ben") == ["You have a turn in Workplace: every Monday, 09:00–13:00"]
    assert told("ann") == []  # she planned it herself
    turn = db.session.scalars(select(DutyTurn)).one()
    ann.get(f"/spaces/workplace/roster/turns/{turn.id}")
    ann.submit("#turn-form", ends="00:00", member=str(crew.cem.id))
    assert "09:00–24:00 · Cem" in ann.text
    ann.get(f"/spaces/workplace/roster/turns/{turn.id}")
    ann.submit(f"/spaces/workplace/roster/turns/{turn.id}/removal")
    assert "No turns are planned." in ann.text


def test_others_do_not_see_or_plan_it(crew: Crew, login_as: LoginAs, visitor: Visitor) -> None:
    turn = crew.turn(crew.ann)
    far = a_space("far")
    a_member("mia")
    a_member("far", super_user_in=[far])
    a_member("sue", role="agent")
    for handle, status in (("mia", 404), ("far", 404), ("sue", 200), ("ann", 200)):
        who = login_as(handle)
        who.get("/spaces/workplace/roster", status=status)
        who.get(f"/spaces/workplace/roster/turns/{turn.id}", status=200 if handle == "ann" else 404)
        who.get("/spaces/workplace/roster.ics", status=status)
    login_as("ann").get("/spaces/far/roster", status=404)
    boss = a_member("boss", role="manager")
    assert boss.id
    login_as("boss").get(f"/spaces/far/roster/turns/{turn.id}", status=404)


def test_who_is_there_now(crew: Crew, spring: Any) -> None:
    assert on_duty(crew.space.id, NOON) == {crew.ann.id, crew.ben.id, crew.cem.id}
    crew.turn(crew.ann)
    crew.turn(crew.ben, begins=12 * 60, ends=14 * 60)
    crew.turn(crew.cem, weekday=6, begins=22 * 60, ends=2 * 60)
    assert on_duty(crew.space.id, NOON) == {crew.ann.id, crew.ben.id}
    assert on_duty(crew.space.id, NOON + timedelta(hours=1)) == {crew.ben.id}
    assert on_duty(crew.space.id, NOON + timedelta(hours=2)) == set()
    night = datetime(2026, 3, 23, 0, 30, tzinfo=UTC)  # Sunday's turn lasts into Monday
    assert on_duty(crew.space.id, night) == {crew.cem.id}
    other = a_space("other")
    assert on_duty_in([crew.space.id, other.id], NOON) == {crew.space.id: {crew.ann.id, crew.ben.id}}


def test_backups_step_in_by_themselves(crew: Crew, login_as: LoginAs) -> None:
    crew.turn(crew.ann, crew.ben)
    absences.enter(crew.ann, MONDAY, MONDAY, shown=False)
    assert on_duty(crew.space.id, NOON) == {crew.ben.id}
    assert on_duty(crew.space.id, NOON + 7 * DAY - timedelta(hours=1)) == {crew.ann.id}  # summer time by then
    page = login_as("cem")
    page.get("/spaces/workplace/roster")
    assert "Ben stands in for Ann" in page.text
    absences.enter(crew.ben, MONDAY, MONDAY, shown=True)
    assert on_duty(crew.space.id, NOON) == set()
    page.get("/spaces/workplace/roster")
    assert "Nobody is there." in page.text


def test_then_the_one_whom_the_agreement_names(crew: Crew) -> None:
    crew.turn(crew.ann, crew.ben)
    for member in (crew.ann, crew.ben):
        absences.enter(member, MONDAY, MONDAY, shown=False)
    dates = {"begins_on": MONDAY, "ends_on": MONDAY + 90 * DAY}
    agreed = Agreement(member_id=crew.ann.id, backup_id=crew.cem.id, hours_a_week=3, state="waiting", **dates)
    db.session.add(agreed)
    db.session.flush()
    assert on_duty(crew.space.id, NOON) == set()
    agreed.state = AgreementState.IN_FORCE.value
    db.session.flush()
    assert on_duty(crew.space.id, NOON) == {crew.cem.id}


def test_part_of_a_turn(crew: Crew) -> None:
    crew.turn(crew.ann, crew.ben)
    mail = MemberMail(member_id=crew.ann.id, away_until=NOON - timedelta(minutes=30))
    db.session.add(mail)
    db.session.flush()
    roster = roster_of(crew.space.id, NOON, NOON + DAY)
    assert roster is not None
    (duty,) = roster.duties()
    back, hour = NOON - timedelta(minutes=30), timedelta(hours=1)
    assert [(part.member_id, part.starts_at, part.ends_at, part.instead_of) for part in duty.stretches] == [
        (crew.ben.id, NOON - 3 * hour, back, crew.ann.id),
        (crew.ann.id, back, NOON + hour, None),
    ]


def test_whose_right_ended_is_not_there(crew: Crew) -> None:
    crew.turn(crew.ann, crew.ben)
    grant = db.session.scalars(select(Grant).where(Grant.member_id == crew.ann.id)).one()
    grant.until = NOON
    db.session.flush()
    assert on_duty(crew.space.id, NOON - timedelta(minutes=1)) == {crew.ann.id}
    assert on_duty(crew.space.id, NOON) == {crew.ben.id}
    crew.ben.suspended_at = NOON
    db.session.flush()
    assert on_duty(crew.space.id, NOON) == set()


def test_where_ones_right_ended_one_reads_nothing_more(crew: Crew, login_as: LoginAs) -> None:
    turn = crew.turn(crew.ann, crew.ben)
    other = a_space("other")
    db.session.add(Grant(member_id=crew.ann.id, space_id=other.id, kind="super_user"))
    ann, path = login_as("ann"), f"/my/duty/turns/{turn.id}/{NOON.date() + 7 * DAY}"
    assert crew.space.name in ann.get("/my/duty").text
    ann.get(path)
    here = select(Grant).where(Grant.member_id == crew.ann.id, Grant.space_id == crew.space.id)
    db.session.scalars(here).one().until = NOON
    ann.get("/my/duty")
    assert crew.space.name not in ann.select("main")[0].get_text()
    ann.get(path, status=404)


def test_a_swap_changes_nothing_until_it_is_accepted(crew: Crew, login_as: LoginAs, run_jobs: RunJobs) -> None:
    turn = crew.turn(crew.ann)
    theirs = crew.turn(crew.ben, weekday=2)
    ann, ben = login_as("ann"), login_as("ben")
    ann.get(f"/my/duty/turns/{turn.id}/2026-03-30")
    ann.submit("#swap-form", asked=str(crew.ben.id), back=f"{theirs.id}:2026-03-25", words="Dentist")
    later = datetime(2026, 3, 30, 9, tzinfo=UTC)
    assert on_duty(crew.space.id, later) == {crew.ann.id}
    run_jobs()
    assert "ann asks you to take a turn: Workplace, Monday, 30 Mar, 09:00–13:00".lower() in told("ben")[-1].lower()
    ben.get("/my/duty")
    assert "in return for Wednesday, 25 Mar" in ben.text
    assert "Dentist" in ben.text
    swap = db.session.scalars(select(DutySwap)).one()
    ann.post(f"/my/duty/swaps/{swap.id}/acceptance", status=404)
    ben.post(f"/my/duty/swaps/{swap.id}/withdrawal", status=404)
    login_as("cem").post(f"/my/duty/swaps/{swap.id}/acceptance", status=404)
    ben.get("/my/duty")
    ben.submit(f"/my/duty/swaps/{swap.id}/acceptance")
    assert "The turn is yours now." in ben.text
    assert on_duty(crew.space.id, later) == {crew.ben.id}
    assert on_duty(crew.space.id, datetime(2026, 3, 25, 9, tzinfo=UTC)) == {crew.ann.id}
    assert on_duty(crew.space.id, later + 7 * DAY) == {crew.ann.id}  # that day only
    run_jobs()
    assert told("ann")[-1].startswith("Ben takes the turn of Ann")
    assert told("ben")[-1].startswith("Ben takes the turn of Ann")


def test_a_no_and_a_withdrawal_leave_all_as_it_was(crew: Crew, login_as: LoginAs, run_jobs: RunJobs) -> None:
    turn = crew.turn(crew.ann)
    first = operations.ask(Day(turn, MONDAY), crew.ben.id, by_id=crew.ann.id)
    second = operations.ask(Day(turn, MONDAY), crew.cem.id, by_id=crew.ann.id)
    assert operations.ask(Day(turn, MONDAY), crew.cem.id, by_id=crew.ann.id).id == second.id
    login_as("ben").post(f"/my/duty/swaps/{first.id}/refusal")
    login_as("ann").post(f"/my/duty/swaps/{second.id}/withdrawal")
    late = login_as("cem")
    late.post(f"/my/duty/swaps/{second.id}/acceptance")
    late.get("/my/duty")
    run_jobs()
    assert on_duty(crew.space.id, NOON) == {crew.ann.id}
    assert told("ann")[-1].startswith("Ben cannot take your turn")
    assert told("cem")[-1].startswith("You are not asked any more")


def test_of_two_who_accept_one_wins(crew: Crew, login_as: LoginAs, run_jobs: RunJobs) -> None:
    turn = crew.turn(crew.ann)
    first = operations.ask(Day(turn, MONDAY), crew.ben.id, by_id=crew.ann.id)
    second = operations.ask(Day(turn, MONDAY), crew.cem.id, by_id=crew.ann.id)
    ids = first.id, second.id
    ben, cem = login_as("ben"), login_as("cem")
    ben.get("/my/duty")
    cem.get("/my/duty")
    ben.submit(f"/my/duty/swaps/{ids[0]}/acceptance")
    cem.submit(f"/my/duty/swaps/{ids[1]}/acceptance")
    assert "somebody else's by now" in cem.text
    assert on_duty(crew.space.id, NOON) == {crew.ben.id}
    run_jobs()
    assert told("cem")[-1].startswith("This swap is void")


def test_only_ones_own_turn_is_given_and_only_to_who_may_help(crew: Crew) -> None:
    turn, mia = crew.turn(crew.ann), a_member("mia")
    for asked, by, on in (
        (mia, crew.ann, MONDAY),
        (crew.ann, crew.ann, MONDAY),
        (crew.ben, crew.cem, MONDAY),
        (crew.ben, crew.ann, MONDAY - 7 * DAY),
        (crew.ben, crew.ann, MONDAY + DAY),
        (crew.ben, crew.ann, MONDAY + 70 * 7 * DAY),
    ):
        with pytest.raises(TakenError):
            operations.ask(Day(turn, on), asked.id, by_id=by.id)
    theirs = crew.turn(crew.cem, weekday=2)
    with pytest.raises(TakenError):
        operations.ask(Day(turn, MONDAY), crew.ben.id, by_id=crew.ann.id, back=Day(theirs, MONDAY + 2 * DAY))


def test_a_turn_that_changes_makes_swaps_void(crew: Crew, run_jobs: RunJobs) -> None:
    turn = crew.turn(crew.ann)
    done = operations.ask(Day(turn, MONDAY + 7 * DAY), crew.ben.id, by_id=crew.ann.id)
    operations.accept(done)
    operations.ask(Day(turn, MONDAY), crew.cem.id, by_id=crew.ann.id)
    operations.change(turn, Plan(0, 540, 780, crew.cem.id), by_id=None)
    assert db.session.scalars(select(DutyStandIn)).all() == []
    run_jobs()
    assert told("ann")[-1].startswith("This swap is void")
    operations.change(turn, Plan(0, 540, 780, crew.cem.id), by_id=None)
    operations.remove(turn)
    run_jobs()
    assert db.session.scalars(select(DutySwap)).all() == []


def entries_of(visitor: Visitor | Any, path: str) -> list[Any]:
    answer = visitor.client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    assert len({str(entry["uid"]) for entry in found}) == len(found)
    return list(found)


@pytest.mark.parametrize(
    ("zone", "begins", "ends", "day", "expected"),
    [
        ("Europe/Amsterdam", 60, 240, SUNDAY, ("2026-03-29T00:00", "2026-03-29T02:00")),  # one hour is left out
        ("Europe/Amsterdam", 150, 240, SUNDAY, ("2026-03-29T01:00", "2026-03-29T02:00")),  # 02:30 is not there
        ("Europe/Amsterdam", 60, 240, date(2026, 10, 25), ("2026-10-24T23:00", "2026-10-25T03:00")),  # one is twice
        ("Europe/Amsterdam", 150, 240, date(2026, 10, 25), ("2026-10-25T00:30", "2026-10-25T03:00")),
        ("Asia/Shanghai", 540, 780, SUNDAY, ("2026-03-29T01:00", "2026-03-29T05:00")),
        ("Asia/Shanghai", 540, 780, date(2026, 10, 25), ("2026-10-25T01:00", "2026-10-25T05:00")),
    ],
)
def test_calendars_agree_with_the_roster_when_clocks_change(
    app: Flask, login_as: LoginAs, spring: Any, zone: str, begins: int, ends: int, day: date, expected: tuple[str, str]
) -> None:
    spring.move_to(datetime.combine(day, datetime.min.time(), UTC) - 3 * DAY)
    crew = Crew(zone)
    crew.turn(crew.ann, weekday=6, begins=begins, ends=ends)
    ann = login_as("ann")
    ann.get("/feeds/own")
    ann.submit("/feeds/own")
    addresses = [row.text.removeprefix("http://localhost") for row in ann.select("#addresses code")]
    feeds = [address for address in addresses if address.endswith("duty.ics")]
    assert len(feeds) == 2
    for address in feeds:
        found = entries_of(Visitor(app), address)
        wanted = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in expected]
        there = [entry for entry in found if entry.start == wanted[0]]
        assert [(entry.start, entry.end) for entry in there] == [tuple(wanted)]
        roster = roster_of(crew.space.id, wanted[0], wanted[1])
        assert roster is not None
        assert [(each.occurrence.starts_at, each.occurrence.ends_at) for each in roster.duties()] == [tuple(wanted)]
    minute = timedelta(minutes=1)
    assert on_duty(crew.space.id, wanted[0]) == on_duty(crew.space.id, wanted[1] - minute) == {crew.ann.id}
    assert on_duty(crew.space.id, wanted[0] - minute) == on_duty(crew.space.id, wanted[1]) == set()


def test_the_feed_knows_swaps_and_backups(crew: Crew, app: Flask, login_as: LoginAs) -> None:
    turn = crew.turn(crew.ann, crew.cem)
    operations.accept(operations.ask(Day(turn, MONDAY), crew.ben.id, by_id=crew.ann.id))
    absences.enter(crew.ann, MONDAY + 7 * DAY, MONDAY + 7 * DAY, shown=False)
    boss = login_as("ben")
    summaries = [str(entry["summary"]) for entry in entries_of(boss, "/spaces/workplace/roster.ics")]
    assert summaries[4:7] == ["Workplace: Ben", "Workplace: Cem", "Workplace: Ann"]
    Visitor(app).get("/feeds/own/wrong/duty.ics", status=404)


def test_turns_that_follow_each_other_leave_no_gap(crew: Crew) -> None:
    crew.turn(crew.ann, weekday=6, begins=0, ends=150)
    crew.turn(crew.ben, weekday=6, begins=150, ends=170)
    crew.turn(crew.cem, weekday=6, begins=170, ends=1440)
    for day in (SUNDAY, date(2026, 10, 25), date(2026, 7, 5)):
        start = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=1)
        for minutes in range(0, 22 * 60, 10):
            assert len(on_duty(crew.space.id, start + timedelta(minutes=minutes))) == 1


def test_threads_show_who_is_around(
    crew: Crew, login_as: LoginAs, visitor: Visitor, count_statements: CountStatements, spring: Any
) -> None:
    crew.turn(crew.ann, crew.ben)
    path = f"/threads/{a_thread(crew.space, crew.cem).id}"
    reader = login_as("cem")
    for page in (path, "/spaces/workplace"):
        reader.get(page)
        assert "On duty now" in reader.text
        visitor.get(page)
        assert "On duty now" not in visitor.text
    with count_statements() as sql:
        assert reader.client.get(path).status_code == 200
    assert len(sql) <= 8
    absences.enter(crew.ann, MONDAY, MONDAY, shown=False)
    reader.get("/spaces/workplace/roster")
    db.session.commit()
    reader.get(path)
    spring.shift(timedelta(hours=3))
    reader.get(path)
    assert "Nobody is on duty at this hour." in reader.text


def test_the_week_and_the_time_zone(crew: Crew, login_as: LoginAs) -> None:
    crew.turn(crew.ann)
    crew.turn(crew.ben, weekday=6)
    ann = login_as("ann")
    ann.get("/spaces/workplace/roster", week="2026-10-22")
    assert "19 Oct to 25 Oct" in ann.text
    assert "Europe/Amsterdam" in ann.text
    ann.get("/spaces/workplace/roster", week="nonsense")
    assert "23 Mar to 29 Mar" in ann.text
    ann.submit("#zone-form", zone="Asia/Shanghai")
    assert "Asia/Shanghai" in ann.text
    assert db.session.get_one(DutyRoster, crew.space.id).zone == "Asia/Shanghai"
    assert isinstance(crew.space, Space)
    ann.post("/spaces/workplace/roster/zone", {"zone": "Mars/North"}, status=400)
    ann.get("/spaces/workplace/manage")
    assert "On duty now:" in ann.text or "Nobody is on duty at this hour." in ann.text
