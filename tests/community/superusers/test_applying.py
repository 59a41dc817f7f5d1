"""Applying where others had said something meanwhile, terms that two end at once, and what the list costs."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.moderation.models import Case
from community.superusers.appointing.models import Appointment, Nomination
from tests.community.moderation.gates.test_at_once import at_once
from tests.community.superusers.conftest import Programme
from tests.community.superusers.test_appointing import REASON, accepted, apply, grant_of, told
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member

OWN = "I answer here every day and like it."


def nominated(login_as: LoginAs, programme: Programme) -> Appointment:
    for member in programme.regulars[:3]:
        who = login_as(member.handle)
        who.get("/super-users/nominate", space="home")
        who.submit("#nominate", handle="ann", reason=REASON)
    return db.session.scalars(select(Appointment).order_by(Appointment.id.desc()).limit(1)).one()


def test_whoever_was_nominated_applies_and_learns_nothing(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    proposed = nominated(login_as, programme)
    ann = login_as("ann")
    found = apply(ann, programme)
    assert (found.way, found.state, found.reason, proposed.state) == ("applied", "proposed", OWN, "ended")
    assert [one.reason for one in found.nominations] == [REASON] * 3
    ann.get(f"/appointments/{found.id}")
    assert OWN in ann.text and REASON not in ann.text and "nominated" not in ann.text
    ann.get(f"/appointments/{proposed.id}", status=404)
    ann.get("/super-users")
    assert f"/appointments/{found.id}" in ann.links() and f"/appointments/{proposed.id}" not in ann.links()
    (case,) = db.session.scalars(select(Case).where(Case.state != "decided"))
    mia = login_as("mia")
    mia.get(f"/review/{case.id}")
    assert OWN in mia.text and REASON in mia.text
    mia.submit(f"/review/{case.id}/decision", button="offer")
    run_jobs()
    assert told("appointment") == [("ann", "You are asked to be a super user. Will you?")]
    ann.get("/super-users/apply", space="home")
    ann.submit("#apply", reason=OWN, status=422)


def test_of_what_was_withdrawn_before_its_first_day_nobody_is_thanked(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    found = accepted(programme, login_as, begins=(utcnow() + timedelta(days=9)).date().isoformat())
    a_member("max", role="manager")
    login_as("max").post(f"/appointments/{found.id}/end")
    run_jobs()
    assert [title for who, title in told("appointment") if who == "ann"] == [
        "You are asked to be a super user. Will you?",
        "Your appointment as a super user was ended before its first day",
    ]


def test_a_term_that_several_end_and_pause_at_once_ends_once(
    app: Flask, programme: Programme, login_as: LoginAs
) -> None:
    found = accepted(programme, login_as)
    ann, path = login_as("ann"), f"/appointments/{found.id}"
    requests = [(login_as("mia"), f"{path}/end", {}), (ann, f"{path}/pause", {}), (ann, f"{path}/end", {})]
    answers = at_once(app, [*requests, (ann, f"{path}/pause", {"to": "off"}), *requests])
    assert set(answers) <= {302, 404}
    assert (found.state, grant_of(programme.ann)) == ("ended", None)
    of_it = select(EventRecord).where(EventRecord.subject == f"appointment:{found.id}").order_by(EventRecord.id)
    done = [row.payload["what"] for row in db.session.scalars(of_it).all()]
    assert done.count("ended") == 1 and done[-1] == "ended"
    assert done.count("paused") - done.count("resumed") in (0, 1)


def test_ten_nominations_that_wait_cost_what_one_does(
    programme: Programme, login_as: LoginAs, count_statements: CountStatements
) -> None:
    mia = login_as("mia")

    def wait(number: int) -> None:
        for _each in range(number):
            said = {"member_id": a_member().id, "by_id": a_member().id, "space_id": programme.home.id}
            db.session.add(Nomination(reason=REASON, at=utcnow(), **said))

    wait(1)
    mia.get("/appointments")
    with count_statements() as one:
        mia.get("/appointments")
    wait(9)
    with count_statements() as ten:
        mia.get("/appointments")
    assert mia.text.count(REASON) == 10
    assert len(ten) == len(one)
