"""Offers that nobody answers, and decisions on candidates that are taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from community.core.db import db
from community.core.events import EventRecord
from community.moderation.models import Case
from community.notifications.models import Notification
from community.superusers.appointing.models import OFFER_LASTS, OFFER_REMINDED_AFTER, Appointment
from community.superusers.appointing.time import look_at_offers
from tests.community.superusers.conftest import Programme
from tests.community.superusers.test_appointing import (
    REASON,
    apply,
    appointed,
    grant_of,
    the_appointment,
    told,
)
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

SECOND = timedelta(seconds=1)
BEGIN = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def look(run_jobs: RunJobs) -> None:
    look_at_offers()
    db.session.commit()
    run_jobs()


def test_an_offer_is_reminded_of_once_and_ends_by_itself(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs, clock: Any
) -> None:
    found = appointed(programme, login_as)
    run_jobs()
    clock.move_to(BEGIN + OFFER_REMINDED_AFTER - SECOND)
    look(run_jobs)
    assert len(told("appointment")) == 1
    clock.move_to(BEGIN + OFFER_REMINDED_AFTER)
    look(run_jobs)
    look(run_jobs)
    said = [title for who, title in told("appointment") if who == "ann"]
    assert said[1:] == ["You are asked to be a super user. The offer waits until 1 Jul"]
    login_as("mia").post(f"/appointments/{found.id}/offer", status=404)

    clock.move_to(BEGIN + OFFER_LASTS - SECOND)
    look(run_jobs)
    ann = login_as("ann")
    ann.get(f"/appointments/{found.id}")
    assert ann.select("#answer")
    clock.move_to(BEGIN + OFFER_LASTS)
    ann.get(f"/appointments/{found.id}")
    assert not ann.select("#answer") and "Ended" in ann.text
    ann.post(f"/appointments/{found.id}/answer", {"to": "yes"}, status=404)
    look(run_jobs)
    look(run_jobs)
    assert (found.state, found.ended_how) == ("ended", "expired")
    lately = [(who, title) for who, title in told("appointment") if "without" in title or "did not answer" in title]
    assert sorted(lately) == [
        ("ann", "You were asked to be a super user. The offer has ended without an answer"),
        ("mia", "Ann did not answer the offer. You can ask once more"),
    ]


def test_an_offer_that_ended_is_made_again_in_one_click(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs, clock: Any
) -> None:
    found = appointed(programme, login_as)
    clock.move_to(BEGIN + OFFER_LASTS)
    look(run_jobs)
    for stranger in ("ann", "rob"):
        login_as(stranger).post(f"/appointments/{found.id}/offer", status=404)
    mia = login_as("mia")
    mia.get(f"/appointments/{found.id}")
    assert "nobody answered in time" in mia.text
    mia.submit(f"/appointments/{found.id}/offer")
    mia.post(f"/appointments/{found.id}/offer", status=404)
    run_jobs()
    ann = login_as("ann")
    ann.get(f"/appointments/{found.id}")
    ann.submit("#answer form", button="yes")
    held = grant_of(programme.ann)
    assert held is not None and held.until == found.ends_at == datetime(2027, 7, 1, 12, tzinfo=UTC)


def test_an_offer_that_ended_frees_the_space_and_is_not_made_again_beside_another(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs, clock: Any
) -> None:
    before = appointed(programme, login_as, begins="2026-06-20", ends="2026-12-31")
    clock.move_to(BEGIN + OFFER_LASTS + SECOND)
    after = appointed(programme, login_as)
    assert after.id != before.id
    mia = login_as("mia")
    mia.get(f"/appointments/{before.id}")
    mia.submit(f"/appointments/{before.id}/offer")
    assert "are being asked" in mia.text
    look(run_jobs)
    assert (before.state, after.state) == ("ended", "offered")
    login_as("ann").post(f"/appointments/{after.id}/answer", {"to": "no"})
    mia.post(f"/appointments/{before.id}/offer")
    assert (before.state, before.begins_at, before.ends_at) == ("offered", None, None)


def proposed(programme: Programme, login_as: LoginAs, way: str) -> Case:
    """Ann applies, or three members nominate her."""
    if way == "applied":
        apply(login_as("ann"), programme)
    else:
        for member in programme.regulars[:3]:
            who = login_as(member.handle)
            who.get("/super-users/nominate", space="home")
            who.submit("#nominate", handle="ann", reason=REASON)
    return db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def decided(who: Visitor, case: Case, decision: str) -> None:
    who.get(f"/review/{case.id}")
    who.submit(f"/review/{case.id}/decision", button=decision, words="Words for the person.")
    who.get(f"/review/{case.id}")


def undone(appointment: Appointment) -> list[str]:
    facts = select(EventRecord.payload).where(EventRecord.subject == f"appointment:{appointment.id}")
    return [row["how"] for row in db.session.scalars(facts) if row["what"] == "undone"]


@pytest.mark.parametrize("way", ["applied", "nominated"])
def test_an_appointment_is_taken_back_with_its_rights_at_once(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs, way: str
) -> None:
    case = proposed(programme, login_as, way)
    mia, ann = login_as("mia"), login_as("ann")
    a_member("max", role="manager")
    decided(mia, case, "offer")
    found = the_appointment()
    ann.get(f"/appointments/{found.id}")
    ann.submit("#answer form", button="yes")
    run_jobs()
    ann.get("/spaces/home/manage")
    for other in ("max", "ann", "rob"):
        login_as(other).post(f"/review/{case.id}/undoing", status=404)
    ann.get("/spaces/home/manage")
    mia.submit(f"/review/{case.id}/undoing")
    assert "The decision is taken back." in mia.text
    ann.get("/spaces/home/manage", status=404)
    ann.get("/inner", status=404)
    assert grant_of(programme.ann) is None
    mia.post(f"/review/{case.id}/undoing", status=404)
    run_jobs()
    assert undone(found) == ["held"]
    said = [title for who, title in told("appointment") if who == "ann" and "taken back" in title]
    assert said == [
        "Your appointment as a super user was taken back, and with it its rights; it is looked at again",
    ]
    ann.get(f"/appointments/{found.id}")
    assert (found.state, case.state, found.begins_at, found.ends_at) == ("proposed", "open", None, None)
    decided(mia, case, "offer")
    ann.get(f"/appointments/{found.id}")
    ann.submit("#answer form", button="yes")
    ann.get("/spaces/home/manage")


def test_an_offer_and_a_refusal_are_taken_back(programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    case = proposed(programme, login_as, "applied")
    mia = login_as("mia")
    decided(mia, case, "offer")
    mia.submit(f"/review/{case.id}/undoing")
    ann = login_as("ann")
    found = the_appointment()
    ann.post(f"/appointments/{found.id}/answer", {"to": "yes"}, status=404)
    decided(mia, case, "not_now")
    mia.submit(f"/review/{case.id}/undoing")
    run_jobs()
    assert undone(found) == ["offered", "refused"]
    ann.get(f"/appointments/{found.id}")
    assert "Words for the person." not in ann.text and "The decision was taken back" in ann.text
    titles = [title for who, title in told("appointment") if who == "ann"]
    assert "You are not asked to be a super user any more; it is looked at again" in titles
    assert "Your application as a super user is looked at again" in titles


def test_what_became_of_it_meanwhile_stands(programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    case = proposed(programme, login_as, "applied")
    mia, ann = login_as("mia"), login_as("ann")
    decided(mia, case, "offer")
    found = the_appointment()
    ann.post(f"/appointments/{found.id}/answer", {"to": "no"})
    mia.get(f"/review/{case.id}")
    assert not mia.select('form[action$="/undoing"]')
    mia.post(f"/review/{case.id}/undoing", status=404)
    assert (found.state, case.state) == ("declined", "decided")
    later = proposed(programme, login_as, "applied")
    decided(mia, later, "not_now")
    proposed(programme, login_as, "applied")
    mia.post(f"/review/{later.id}/undoing", status=404)
    assert db.session.scalar(select(func.count(Notification.id)).where(Notification.title.contains("again"))) == 0
