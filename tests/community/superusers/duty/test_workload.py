"""One's own page of duty, and who is to be asked how they are: told to the programme's owners alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import at_time, db, utcnow
from community.forum import operations as forum
from community.notifications.models import Notification
from community.spaces.models import Space
from community.superusers.agreements.models import Agreement
from community.superusers.duty import absences
from community.superusers.duty.models import DutyConcern, DutyHours
from community.superusers.duty.workload import look_after_people
from tests.conftest import LoginAs, RunJobs, save
from tests.factories import a_member, a_reply, a_space, a_thread

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def summer() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def answers(space: Space, member: Member, number: int, *, days_ago: int = 5) -> None:
    """So many answers of a member to questions of others."""
    with at_time(utcnow() - days_ago * DAY):
        for _one in range(number):
            a_reply(a_thread(space, a_member()), member, f"Answer {member.handle}")


def look(run_jobs: RunJobs) -> None:
    look_after_people()
    save()
    run_jobs()


def told(handle: str) -> list[str]:
    wanted = select(Notification.title).join(Member, Member.id == Notification.member_id)
    wanted = wanted.where(Member.handle == handle, Notification.kind == "check-on")
    return list(db.session.scalars(wanted.order_by(Notification.id)))


def test_my_last_month(app: Flask, login_as: LoginAs) -> None:
    space = a_space("workplace")
    ann_row = a_member("ann", super_user_in=[space])
    answers(space, ann_row, 2)
    answers(space, ann_row, 3, days_ago=40)
    own = a_thread(space, ann_row)
    a_reply(own, ann_row)
    asker = a_member("asker")
    thread = a_thread(space, asker)
    forum.accept(thread, a_reply(thread, ann_row), by_id=asker.id)
    ann = login_as("ann")
    ann.get("/my/duty")
    assert "Answers given 3" in ann.text
    assert "Accepted 1" in ann.text
    assert "as you wrote it down" in ann.text
    for minutes in (15, 30, 60):
        ann.submit(f"/my/duty/hours/{minutes}")
    assert "1 h 45 min" in ann.text
    last = db.session.scalars(select(DutyHours.id).order_by(DutyHours.id.desc())).first()
    ann.submit(f"/my/duty/hours/{last}/removal")
    assert "Time I gave 45 min" in ann.text.replace("0 h ", "")
    ann.post("/my/duty/hours/7", status=404)
    dates = {"begins_on": NOON.date(), "ends_on": NOON.date() + 90 * DAY}
    db.session.add(Agreement(member_id=ann_row.id, hours_a_week=3.5, state="in_force", **dates))
    ann.get("/my/duty")
    assert "agreed: 15 h" in ann.text
    for _tap in range(25):
        ann.post("/my/duty/hours/60")
    ann.get("/my/duty")
    assert sum(db.session.scalars(select(DutyHours.minutes))) <= 24 * 60
    a_member("mia")
    login_as("mia").get("/my/duty", status=404)


def test_who_carries_much_is_told_to_owners_alone(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    space = a_space("workplace")
    ann, ben, boss = a_member("ann", super_user_in=[space]), a_member("ben", super_user_in=[space]), "boss"
    a_member(boss, role="manager")
    a_member("sue", role="agent")
    answers(space, ann, 10)
    answers(space, ben, 4)
    for _other in range(10):
        answers(space, a_member(), 2)
    look(run_jobs)
    assert told(boss) == []  # ten of 34 are less than thirty in a hundred
    answers(space, ann, 2)
    look(run_jobs)
    look(run_jobs)
    assert told(boss) == ["Check on Ann: carries much of what is answered in Workplace"]
    owner = login_as(boss)
    owner.get("/programme/check-on")
    assert "12 of 36 answers in 30 days" in owner.text
    words = ("carries much", "check on", "12 of 36")
    for reader in ("ann", "ben", "sue"):
        page = login_as(reader)
        page.get("/programme/check-on", status=404)
        for path in (
            "/people/ann",
            "/people",
            "/spaces/workplace",
            "/my/duty",
            "/notifications",
            "/spaces/workplace/manage",
        ):
            answer = page.client.get(path, follow_redirects=True)
            if answer.status_code == 200:
                assert not [word for word in words if word in answer.text.lower()], (reader, path)
        assert told(reader) == []


def test_once_a_month_and_person(app: Flask, run_jobs: RunJobs, summer: Any) -> None:
    space, far = a_space("workplace"), a_space("far")
    ann = a_member("ann", super_user_in=[space])
    a_member("boss", role="manager")
    for place in (space, far):
        answers(place, ann, 12)
    look(run_jobs)
    assert len(told("boss")) == 1
    summer.shift(20 * DAY)
    look(run_jobs)
    assert len(told("boss")) == 2
    assert [row.month for row in db.session.scalars(select(DutyConcern))] == ["2026-06", "2026-07"]


def test_after_somebody_spoke_with_them_it_rests_for_sixty_days(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, summer: Any
) -> None:
    space = a_space("workplace")
    ann = a_member("ann", super_user_in=[space])
    a_member("boss", name="Bo Boss", role="manager")
    a_member("sue", role="agent")
    answers(space, ann, 12)
    look(run_jobs)
    row = db.session.scalars(select(DutyConcern)).one()
    boss, talk = login_as("boss"), f"/programme/check-on/{row.id}/talk"
    boss.get("/programme")
    (said,) = boss.select("#concerns li")
    assert "Ann" in said.get_text() and "12 of 12 answers" in said.get_text() and "still a joy" in said.get_text()
    for handle in ("ann", "sue"):
        who = login_as(handle)
        who.post(talk, status=404)
        who.get("/programme", status=404)
    boss.get("/programme")
    boss.submit(talk)
    assert boss.page.path == "/programme" and "left in peace for 60 days" in boss.text
    assert not boss.select("#concerns li") and "Bo Boss" in boss.select("#resting + ul")[0].get_text()
    assert (row.spoken_at, row.spoken_by_id) == (utcnow(), boss_id())

    for days, expected in ((40, 1), (19, 1), (2, 2)):
        summer.shift(days * DAY)
        answers(space, ann, 12)
        look(run_jobs)
        assert len(told("boss")) == expected, days
    boss = login_as("boss")
    boss.get("/programme/check-on")
    assert len(boss.select("#concerns li")) == 1 and not boss.select("#resting")
    boss.post("/programme/check-on/999/talk", status=404)


def boss_id() -> int:
    return db.session.scalars(select(Member.id).where(Member.handle == "boss")).one()


def test_nobody_reads_what_is_said_of_themselves(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    space = a_space("workplace")
    ann = a_member("ann", super_user_in=[space])
    answers(space, ann, 12)
    look(run_jobs)
    ann.role = "manager"
    who = login_as("ann")
    for path in ("/programme", "/programme/check-on"):
        who.get(path)
        assert "of 12 answers" not in who.text and not who.select("#concerns")
    who.post(f"/programme/check-on/{db.session.scalars(select(DutyConcern.id)).one()}/talk", status=404)


@pytest.mark.parametrize(("lately", "expected"), [(3, 1), (4, 0)])
def test_who_fades(app: Flask, run_jobs: RunJobs, lately: int, expected: int) -> None:
    space = a_space("workplace")
    ann = a_member("ann", super_user_in=[space])
    a_member("boss", role="manager")
    answers(space, ann, 18, days_ago=60)
    answers(space, ann, lately)
    look(run_jobs)
    assert len(told("boss")) == expected


def test_who_said_that_they_are_away_does_not_fade(app: Flask, run_jobs: RunJobs) -> None:
    space = a_space("workplace")
    ann = a_member("ann", super_user_in=[space])
    a_member("boss", role="manager")
    answers(space, ann, 18, days_ago=60)
    absences.enter(ann, NOON.date() - 20 * DAY, NOON.date() - DAY, shown=False)
    look(run_jobs)
    assert told("boss") == []


def test_staff_and_people_without_a_role(app: Flask, run_jobs: RunJobs) -> None:
    space = a_space("workplace")
    agent, member = a_member("sue", role="agent"), a_member("mia")
    a_member("root", role="admin")
    answers(space, agent, 12)
    answers(space, member, 10, days_ago=60)
    look(run_jobs)
    assert told("root") == []
