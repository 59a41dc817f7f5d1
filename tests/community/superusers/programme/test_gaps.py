"""Hours at which people ask and nobody is around: counted by hand, marked in words, and by the clocks of the space."""

from datetime import timedelta

from community.core.db import db, utcnow
from community.spaces.models import Space
from community.superusers.duty.models import DutyRoster, DutyTurn
from community.superusers.programme.coverage import coverage, gaps, stretches
from tests.community.superusers.programme.planted import answered, at, last_wednesday, somebody
from tests.community.superusers.programme.test_programme import counted, home  # noqa: F401 - a fixture
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread

WEDNESDAY = 2 * 24


def asked(space: Space, *hours_from_noon: int) -> None:
    asker = a_member()
    for hours in hours_from_noon:
        with at(last_wednesday() + timedelta(hours=hours)):
            a_thread(space, asker)


def test_where_a_roster_is_kept_it_says_who_is_around(
    home: Space,  # noqa: F811 - the fixture
    login_as: LoginAs,
    run_jobs: RunJobs,
) -> None:
    helper = somebody("helper", "Helper")
    db.session.add(DutyRoster(space_id=home.id, zone="UTC"))
    db.session.add(DutyTurn(space_id=home.id, member_id=helper.id, weekday=2, begins=8 * 60, ends=12 * 60))
    asked(home, -1, 0, 1, 1, 5)
    week = coverage(utcnow())[str(home.id)]
    assert {hour: number for hour, number in enumerate(week["asked"]) if number} == {
        WEDNESDAY + 11: 1, WEDNESDAY + 12: 1, WEDNESDAY + 13: 2, WEDNESDAY + 17: 1,
    }  # fmt: skip
    assert [hour - WEDNESDAY for hour, gap in enumerate(gaps(week)) if gap] == [12, 13, 17]
    assert stretches(week) == [(2, 12, 14, 3), (2, 17, 18, 1)]
    mona = counted(login_as("mona"), run_jobs)
    assert "3 hours of the week" in mona.select("section[aria-labelledby=spaces-head]")[0].get_text()
    said = [line.get_text(" ", strip=True) for line in mona.select("#alone li")]
    assert said == ["Wednesday 12:00–14:00 3 questions in 90 days", "Wednesday 17:00–18:00 1 question in 90 days"]
    marked = mona.select("table.heat")[0].select("td.heat__gap")
    assert [cell.get_text(strip=True) for cell in marked] == [
        "1, nobody around",
        "2, nobody around",
        "1, nobody around",
    ]
    table = mona.select("table.heat")[0]
    assert (
        table.caption is not None
        and len(table.select("th[scope=col]")) == 8
        and len(table.select("th[scope=row]")) == 24
    )


def test_without_a_roster_it_is_when_people_were_helped(home: Space) -> None:  # noqa: F811 - the fixture
    answered(home, somebody("asker", "Asker"), somebody("helper", "Helper"), last_wednesday())
    asked(home, 0, 3)
    week = coverage(utcnow())[str(home.id)]
    assert [hour - WEDNESDAY for hour, gap in enumerate(gaps(week)) if gap] == [10, 15]


def test_what_was_counted_before_questions_were_is_shown_without_gaps(
    home: Space,  # noqa: F811 - the fixture
    login_as: LoginAs,
    run_jobs: RunJobs,
) -> None:
    answered(home, somebody("asker", "Asker"), somebody("helper", "Helper"), last_wednesday())
    week = coverage(utcnow())[str(home.id)]
    del week["asked"]
    assert stretches(week) == []
