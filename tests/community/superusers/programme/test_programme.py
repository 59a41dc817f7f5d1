"""The programme of super users at a glance: every number counted by hand, for its owner alone."""

from datetime import timedelta

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.spaces.models import Space
from community.superusers.agreements.models import Agreement
from community.superusers.appointing.evidence import evidence_of
from community.superusers.appointing.models import Appointment
from community.superusers.duty.models import DutyRoster, DutyTurn
from community.superusers.inner.gatherings.models import Gathering, GatheringGuest
from community.superusers.programme import counting
from community.superusers.programme.candidates import candidates
from community.superusers.programme.coverage import coverage, hours_of
from community.superusers.programme.loads import bus_factors, loads, sizes
from community.superusers.programme.members import members
from community.superusers.programme.models import ProgrammeCount
from community.superusers.programme.rules import target_size
from community.superusers.programme.weeks import week_of
from tests.community.superusers.programme.planted import (
    answered,
    flagged,
    helpful,
    helps,
    last_wednesday,
    somebody,
    warned,
)
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.visit import Visitor


@pytest.fixture
def home(app: Flask) -> Space:
    a_member("mona", name="Mona Reed", role="manager")
    return a_space("home", name="Home")


def counted(visitor: Visitor, run_jobs: RunJobs) -> Visitor:
    """Asked for on the page, and done."""
    visitor.get("/programme")
    visitor.submit("/programme/count")
    assert "Being counted" in visitor.text
    run_jobs()
    visitor.get("/programme")
    return visitor


def plant_candidates(home: Space) -> dict[str, Member]:
    """Cleo meets every rule, Cato is near and has everything against him, Nils is too far, Sam is one already."""
    asker = somebody("asker", "Asker")
    people = {name: somebody(name, name.title()) for name in ("cleo", "cato", "nils", "sam")}
    noon = last_wednesday()
    for name, accepted, rated in (("cleo", 20, 12), ("cato", 10, 5), ("nils", 9, 9), ("sam", 11, 11)):
        posts = [answered(home, asker, people[name], noon - timedelta(hours=n)) for n in range(accepted)]
        helpful(posts[:rated], asker)
    old = answered(home, asker, people["nils"], noon - timedelta(days=200))
    assert old.thread.solution_id == old.id
    flagged(people["cleo"], ["upheld"] * 4 + ["rejected"])
    flagged(people["cato"], ["upheld"] * 3 + ["rejected"] * 2)
    warned(people["cato"])
    warned(people["cleo"], ended_how="appeal")
    helps(people["sam"], home)
    return people


def test_candidates_are_found_with_their_evidence(home: Space, login_as: LoginAs, run_jobs: RunJobs) -> None:
    people = plant_candidates(home)
    found = {row["member"]: row["figures"] for row in candidates(utcnow())}
    assert found == {people["cleo"].id: [20, 20, 12, 4, 5, 0], people["cato"].id: [10, 10, 5, 3, 5, 1]}
    for member_id, figures in found.items():
        evidence = evidence_of(member_id, [home.id])
        assert figures == list(vars(evidence).values()), "the pages of appointments say the same"

    mona = counted(login_as("mona"), run_jobs)
    rows = [row.get_text(" ", strip=True) for row in mona.select("section[aria-labelledby=candidates-head] .row")]
    assert len(rows) == 2
    assert "Cleo" in rows[0] and "Meets every rule" in rows[0] and "20" in rows[0] and "12 of 20" in rows[0]
    assert "Cato" in rows[1] and "4 rules not met" in rows[1] and "3 of 5" in rows[1]
    link = next(link["href"] for link in mona.select(".row__n a") if "cleo" in str(link["href"]))
    mona.get(str(link))
    assert mona.select("input[name=handle]")[0]["value"] == "cleo"


def test_members_terms_and_shares(home: Space, login_as: LoginAs, run_jobs: RunJobs) -> None:
    far, noon = a_space("far", name="Far"), last_wednesday()
    asker, sue, sam = somebody("asker", "Asker"), somebody("sue", "Sue Marsh"), somebody("sam", "Sam Hill")
    helps(sue, home, utcnow() + timedelta(days=60))
    helps(sam, home, utcnow() + timedelta(days=91))
    helps(sam, far)
    helps(somebody("gone", "Gone"), far, utcnow() - timedelta(minutes=1))
    for n in range(12):
        answered(home, asker, sue, noon - timedelta(hours=n), accepted=n < 3)
    for n in range(8):
        answered(home, asker, sam, noon - timedelta(hours=n), accepted=n < 2)
    answered(home, asker, sam, noon - timedelta(days=100))
    for _number in range(3):
        answered(home, asker, a_member(), noon)
    rows = {(row["member"], row["space"]): row for row in members(utcnow())}
    assert set(rows) == {(sue.id, home.id), (sam.id, home.id), (sam.id, far.id)}
    assert rows[sam.id, far.id]["last"] is None and rows[sue.id, home.id]["last"] == noon.isoformat()
    shares = loads(utcnow())[str(home.id)]
    assert shares[:2] == [[sue.id, 12, 23], [sam.id, 8, 23]] and len(shares) == 5
    # 3, 2 and three times 1 of 8 accepted answers: two people gave 5 of them.
    assert bus_factors(utcnow())[str(home.id)] == [2, 8]

    mona = counted(login_as("mona"), run_jobs)
    assert "Sue Marsh 52 % · too much" in mona.text
    assert "Sam Hill 35 %" in mona.text and "Sam Hill 35 % · too much" not in mona.text
    ending = mona.select("#ending + ul")[0].get_text(" ", strip=True)
    assert "Sue Marsh" in ending and "Sam Hill" not in ending
    assert "2 people" in mona.text and "8 accepted answers" in mona.text


def test_the_bus_factor_of_one_and_of_equals(home: Space) -> None:
    asker, one, noon = somebody("asker", "Asker"), somebody("one", "One"), last_wednesday()
    far = a_space("far")
    for _number in range(2):
        answered(home, asker, one, noon)
    answered(home, asker, a_member(), noon)
    answered(home, asker, a_member(), noon)
    for _number in range(5):
        answered(far, asker, a_member(), noon)
    assert bus_factors(utcnow()) == {str(home.id): [1, 4], str(far.id): [3, 5]}


def test_how_many_there_should_be(home: Space) -> None:
    assert [target_size(*each) for each in ((0, 0), (2000, 0), (2001, 0), (100_000, 0), (0, 150), (0, 151))] == [
        2, 2, 3, 100, 3, 4,
    ]  # fmt: skip
    asker = somebody("asker", "Asker")
    for _number in range(8):
        answered(home, asker, asker, last_wednesday())
    found = sizes(utcnow())
    assert (found["members"], found["super_users"], found["target"]) == (2, 0, 2)
    assert found["questions"] == {str(home.id): 8}


def test_hours_by_the_clocks_of_the_space(home: Space, login_as: LoginAs, run_jobs: RunJobs) -> None:
    asker, helper, noon = somebody("asker", "Asker"), somebody("helper", "Helper"), last_wednesday()
    db.session.add(DutyRoster(space_id=home.id, zone="Asia/Shanghai"))
    row = {"space_id": home.id, "member_id": helper.id}
    db.session.add(DutyTurn(weekday=6, begins=22 * 60, ends=2 * 60, **row))
    db.session.add(DutyTurn(weekday=6, begins=22 * 60 + 30, ends=23 * 60, **row))
    for minutes in (0, 59, 60):
        answered(home, asker, helper, noon + timedelta(minutes=minutes))
    again = answered(home, asker, helper, noon - timedelta(days=1))
    db.session.flush()
    answered(home, asker, helper, noon - timedelta(days=100))
    assert again.number == 2
    found = coverage(utcnow())[str(home.id)]
    wednesday = 2 * 24 + 20  # noon in London of winter is eight in the evening in Shanghai
    assert {hour: number for hour, number in enumerate(found["actual"]) if number} == {
        wednesday: 2, wednesday + 1: 1, wednesday - 24: 1,
    }  # fmt: skip
    assert {hour: number for hour, number in enumerate(found["planned"]) if number} == {166: 2, 167: 1, 0: 1, 1: 1}
    mona = counted(login_as("mona"), run_jobs)
    assert "By the clocks of Asia/Shanghai" in mona.text and "In 164 of the week's 168 hours" in mona.text
    tables = mona.select("table.heat")
    assert [len(table.select("tbody td")) for table in tables] == [168, 168, 168]
    assert tables[2].select("tbody tr")[20].select("td")[2].get_text() == "2"


def test_hours_of_a_turn() -> None:
    assert list(hours_of(0, 9 * 60, 10 * 60)) == [9]
    assert list(hours_of(0, 9 * 60 + 59, 10 * 60 + 1)) == [9, 10]
    assert list(hours_of(6, 23 * 60, 60)) == [0, 167]


def test_a_week_says_in_words_what_its_colours_mean(app: Flask) -> None:
    with app.test_request_context():
        few = week_of([0] * 165 + [1, 2, 4])
        assert few.legend == [(0, "0"), (1, "1"), (2, "2"), (3, "3"), (4, "4")]
        many = week_of([0] * 164 + [1, 25, 50, 100])
        assert [cell.level for _hour, cells in many.rows[20:] for cell in cells[6:]] == [1, 2, 3, 4]
        assert many.legend == [(0, "0"), (1, "1–24"), (2, "25–49"), (3, "50–74"), (4, "75–100")]
        assert week_of([0] * 168).legend == [(0, "0")]


def test_agreements_gatherings_and_people_on_the_way(home: Space, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue, new, now = somebody("sue", "Sue Marsh"), somebody("new", "Nina New"), utcnow()
    helps(sue, home)
    for days, state in ((90, "in_force"), (91, "in_force"), (10, "draft")):
        row = {"begins_on": now.date(), "ends_on": (now + timedelta(days=days)).date(), "state": state}
        db.session.add(Agreement(member_id=sue.id, hours_a_week=2.5, areas=str(days), **row))
    db.session.add(Appointment(member_id=new.id, way="appointed", state="offered"))
    for title, days, called_off in (("Autumn", 5, None), ("Summer", -20, None), ("Never", 6, now)):
        starts = now + timedelta(days=days)
        made = Gathering(
            title=title, agenda="a", agenda_html="a", starts_at=starts, ends_at=starts + timedelta(hours=1),
            zone="UTC", by_id=sue.id, uid=title, cancelled_at=called_off,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        past = days < 0
        db.session.add(GatheringGuest(gathering_id=made.id, member_id=sue.id, answer="yes", attended=past or None))
        absent = False if past else None
        db.session.add(GatheringGuest(gathering_id=made.id, member_id=new.id, answer="", attended=absent))
    mona = counted(login_as("mona"), run_jobs)
    assert len(mona.select("#agreements + ul li")) == 1
    assert "Asked, no answer yet" in mona.select("#beginners + ul")[0].get_text()
    assert "1 come, 0 perhaps, 0 do not, of 2" in mona.text and "1 of 2 were there" in mona.text
    assert "Never" not in mona.text.split("Gatherings")[-1]


def test_nobody_but_managers_sees_it(home: Space, login_as: LoginAs, visitor: Visitor) -> None:
    a_member("sue", super_user_in=[home])
    a_member("agent", role="agent")
    a_member("ann")
    for handle in ("sue", "agent", "ann"):
        person = login_as(handle)
        person.get("/programme", status=404)
        person.post("/programme/count", {}, status=404)
        person.get("/")
        assert "/programme" not in person.html
    assert visitor.client.get("/programme").status_code == 302
    assert db.session.query(ProgrammeCount).count() == 0


def test_it_is_counted_once_at_a_time_and_every_night(home: Space, login_as: LoginAs, run_jobs: RunJobs) -> None:
    first = counting.ask(by_id=None)
    assert counting.ask(by_id=None) is first
    run_jobs()
    assert (first.done, first.total) == (len(counting.STEPS), len(counting.STEPS)) and first.finished_at is not None
    counting.every_night()
    second = counting.under_way()
    assert second is not None and second.id != first.id
    run_jobs()
    assert db.session.query(ProgrammeCount).count() == 1
    stuck = counting.ask(by_id=None)
    stuck.asked_at -= timedelta(minutes=16)
    db.session.flush()
    assert counting.under_way() is None


def test_the_page_asks_little_however_many_there_are(
    home: Space, login_as: LoginAs, run_jobs: RunJobs, count_statements: CountStatements
) -> None:
    plant_candidates(home)
    mona = counted(login_as("mona"), run_jobs)
    with count_statements() as sql:
        mona.get("/programme")
    assert len(sql) <= 12, sql
    with count_statements() as few:
        for step in counting.STEPS.values():
            step(utcnow())
    for number in range(3):
        place = a_space(f"more-{number}")
        helper, asker = a_member(), a_member()
        helps(helper, place)
        for hours in range(11):
            answered(place, asker, a_member() if hours < 1 else helper, last_wednesday() - timedelta(hours=hours))
    with count_statements() as many:
        for step in counting.STEPS.values():
            step(utcnow())
    assert len(many) == len(few) <= 30
