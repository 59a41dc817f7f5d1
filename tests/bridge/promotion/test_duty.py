"""Nobody on duty: whatever the roster says, questions that wait too long reach the service desk."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.promotion.duty import look_when_nobody_is_there
from bridge.promotion.listing import Narrowed, suggestions
from bridge.promotion.models import ThreadWatch
from community import public
from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.cache import cache
from community.core.db import at_time, db
from community.forum.models import Thread
from community.spaces.models import Space
from community.superusers.duty import absences, operations
from community.superusers.duty.operations import Plan
from tests.bridge.promotion.acts import HOUR, NOW, hours, jobs_at, pass_time
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread

DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def _forget(app: Flask) -> None:
    cache().clear()


def questions(spaces: list[Space]) -> list[Thread]:
    with at_time(NOW):
        made = [a_thread(space, title=f"Printer {space.slug} {number}") for space in spaces for number in range(3)]
        jobs_at(NOW)
    return made


def suggested() -> set[int]:
    """What staff see in their list."""
    agent = a_member(role="agent")
    db.session.flush()
    actor = actor_for(agent.id)
    assert actor is not None
    return {row.thread.id for row in suggestions(actor, Narrowed(), 1).rows}


def at(moment: datetime) -> None:
    """It is this moment, and the timetables have their turns."""
    with at_time(moment):
        look_when_nobody_is_there()
    pass_time(moment)


def away(*members: Member) -> None:
    for member in members:
        absences.enter(member, NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=5), shown=False)


def test_without_super_users_every_overdue_question_reaches_staff(app: Flask) -> None:
    hours()
    made = questions([a_space("one"), a_space("two")])
    at(NOW + 7 * HOUR)
    assert suggested() == set()
    at(NOW + 9 * HOUR)
    assert suggested() == {thread.id for thread in made}


def test_with_all_away_every_overdue_question_reaches_staff(app: Flask) -> None:
    hours()
    planned, free = a_space("planned"), a_space("free")
    ann, ben = (a_member(name, super_user_in=[planned, free]) for name in ("ann", "ben"))
    for day in range(7):
        operations.plan(planned.id, Plan(day, 0, 1440, ann.id, ben.id), zone="UTC", by_id=None)
    made = questions([planned, free])
    at(NOW + 9 * HOUR)
    assert suggested() == set()
    away(ann)
    at(NOW + 10 * HOUR)
    assert suggested() == set()
    away(ben)
    at(NOW + 11 * HOUR)
    assert suggested() == {thread.id for thread in made}


def test_when_the_last_turn_ends_what_waits_is_looked_at(app: Flask) -> None:
    hours()
    space = a_space("planned")
    ann = a_member("ann", super_user_in=[space])
    operations.plan(space.id, Plan(NOW.weekday(), 8 * 60, 20 * 60, ann.id), zone="UTC", by_id=None)
    (first, *_rest) = questions([space])
    at(NOW + 9 * HOUR)
    assert suggested() == set()
    at(NOW + 10 * HOUR + timedelta(minutes=5))
    assert first.id in suggested()


def test_even_with_somebody_on_duty_nothing_waits_for_ever(app: Flask) -> None:
    hours()
    space = a_space("planned")
    ann = a_member("ann", super_user_in=[space])
    for day in range(7):
        operations.plan(space.id, Plan(day, 0, 1440, ann.id), zone="UTC", by_id=None)
    made = questions([space])
    at(NOW + 25 * HOUR)
    assert suggested() == {thread.id for thread in made}


def test_who_leads_sees_what_is_about_to_go(app: Flask, login_as: LoginAs) -> None:
    space = a_space("planned")
    a_member("ann", super_user_in=[space])
    thread = a_thread(space, title="The lift is stuck")
    watch = db.session.scalar(select(ThreadWatch).where(ThreadWatch.thread_id == thread.id))
    if watch is None:
        watch = ThreadWatch(thread_id=thread.id, space_id=space.id)
        db.session.add(watch)
    watch.due_at = NOW + 3650 * DAY
    page = login_as("ann")
    page.get("/my/duty")
    assert "The lift is stuck" in page.text
    assert public.on_duty(space.id, NOW)
