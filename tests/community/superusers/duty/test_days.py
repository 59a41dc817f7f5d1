"""Days are those of the roster, or of the installation; and who had agreed on a swap hears that its turn is gone."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core import i18n
from community.core.db import db
from community.notifications.models import Notification
from community.superusers.agreements.models import Agreement
from community.superusers.agreements.operations import look_at_agreements
from community.superusers.duty import operations
from community.superusers.duty.agreed import backups_of, hours_of
from community.superusers.duty.models import DutyStandIn, DutySwap
from community.superusers.duty.operations import Day, Plan
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space

MONDAY, DAY = date(2026, 3, 23), timedelta(days=1)
MORNING = datetime(2026, 3, 23, 22, tzinfo=UTC)  # Tuesday, 11:00 in Auckland


@pytest.fixture
def far_east(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation where the day begins half a day before that of UTC."""
    monkeypatch.setattr(i18n, "_default_zone", ["Pacific/Auckland"])


def told(handle: str) -> list[str]:
    wanted = select(Notification.title).join(Member, Member.id == Notification.member_id).where(Member.handle == handle)
    return list(db.session.scalars(wanted.order_by(Notification.id)))


def test_both_hear_that_the_turn_of_their_swap_is_gone(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    space = a_space("workplace")
    ann, ben, _cem = (a_member(name, super_user_in=[space]) for name in ("ann", "ben", "cem"))
    with time_machine.travel(datetime(2026, 3, 20, 11, tzinfo=UTC), tick=False):
        turn = operations.plan(space.id, Plan(0, 540, 780, ann.id), zone="UTC", by_id=None)
        operations.ask(Day(turn, MONDAY), ben.id, by_id=ann.id)
        run_jobs()
        cem = login_as("cem")
        cem.get(f"/spaces/workplace/roster/turns/{turn.id}")
        cem.submit(f"/spaces/workplace/roster/turns/{turn.id}/removal")
        assert db.session.scalars(select(DutySwap)).all() == []
        run_jobs()
        for handle in ("ann", "ben"):
            said = "This swap is void, the turn changed: Workplace, Monday, 23 Mar, 09:00–13:00"
            assert told(handle)[-1] == said
            assert said in login_as(handle).get("/notifications").text


def test_both_hear_that_what_they_had_agreed_on_is_gone(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    """Ann gave Ben two Mondays, one for a Wednesday of his. With the turn goes what is to come, both halves of it."""
    space = a_space("workplace")
    ann, ben, _cem = (a_member(name, super_user_in=[space]) for name in ("ann", "ben", "cem"))
    with time_machine.travel(datetime(2026, 3, 20, 11, tzinfo=UTC), tick=False):
        turn, theirs = (
            operations.plan(space.id, Plan(weekday, 540, 780, member.id), zone="UTC", by_id=None)
            for weekday, member in ((0, ann), (2, ben))
        )
        operations.accept(operations.ask(Day(turn, MONDAY), ben.id, by_id=ann.id))
        back = Day(theirs, MONDAY + 9 * DAY)
        operations.accept(operations.ask(Day(turn, MONDAY + 7 * DAY), ben.id, by_id=ann.id, back=back))
        assert operations.holder_of(theirs, MONDAY + 9 * DAY) == ann.id
        run_jobs()
    with time_machine.travel(datetime(2026, 3, 24, 11, tzinfo=UTC), tick=False):
        cem = login_as("cem")
        cem.get(f"/spaces/workplace/roster/turns/{turn.id}")
        cem.submit(f"/spaces/workplace/roster/turns/{turn.id}/removal")
        run_jobs()
        for handle in ("ann", "ben"):
            void = [title for title in told(handle) if title.startswith("This swap is void")]
            assert len(void) == 1
            assert "Monday, 30 Mar, 09:00–13:00" in void[0]
        assert operations.holder_of(theirs, MONDAY + 9 * DAY) == ben.id


def test_what_was_agreed_for_today_stays_by_the_clocks_of_the_roster(app: Flask, login_as: LoginAs) -> None:
    space = a_space("workplace")
    ann, ben, cem = (a_member(name, super_user_in=[space]) for name in ("ann", "ben", "cem"))
    tuesday = MONDAY + DAY
    with time_machine.travel(MORNING, tick=False):
        turn = operations.plan(space.id, Plan(1, 540, 1380, ann.id), zone="Pacific/Auckland", by_id=None)
        for on in (tuesday, tuesday + 7 * DAY):
            operations.accept(operations.ask(Day(turn, on), ben.id, by_id=ann.id))
        planner = login_as("ben")
        planner.get(f"/spaces/workplace/roster/turns/{turn.id}")
        planner.submit("#turn-form", member=str(cem.id))
        assert db.session.scalars(select(DutyStandIn.on)).all() == [tuesday]
        with time_machine.travel(MORNING + timedelta(hours=24), tick=False):
            assert operations.day_of(turn, tuesday) is None


@pytest.mark.usefixtures("far_east")
def test_an_agreement_holds_by_the_days_of_the_installation(run_jobs: RunJobs) -> None:
    ann, ben = a_member("ann"), a_member("ben")
    days = {"begins_on": MONDAY + DAY, "ends_on": MONDAY + DAY}
    row = Agreement(member_id=ann.id, backup_id=ben.id, hours_a_week=3, state="in_force", **days)
    db.session.add(row)
    db.session.flush()
    for hours, holds in ((-13, False), (0, True), (13, False)):
        at = MORNING + timedelta(hours=hours)
        with time_machine.travel(at, tick=False):
            assert (hours_of(ann.id) > 0, backups_of([ann.id], at) != {}) == (holds, holds)
            look_at_agreements()
            assert (row.state == "in_force") == (hours <= 0)
