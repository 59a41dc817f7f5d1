"""Whoever is silenced or suspended can do nothing for others: no list counts on them, until it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from community import public
from community.accounts.models import Member
from community.core.cache import cache
from community.core.db import db, utcnow
from community.forum import operations as forum
from community.moderation import measures
from community.moderation.models import Measure
from community.spaces.models import Space
from community.superusers.duty import operations
from community.superusers.duty.around import on_duty, roster_of
from community.superusers.duty.operations import Plan
from community.superusers.programme.candidates import candidates
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread

NOON = datetime(2026, 3, 23, 11, tzinfo=UTC)  # Monday, 12:00 in Amsterdam
KINDS = ("silence", "suspend")


@pytest.fixture(autouse=True)
def spring() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def space(app: Flask) -> Space:
    """Ann and Ben are super users; Mia is a manager."""
    found = a_space("workplace")
    for handle in ("ann", "ben"):
        a_member(handle, super_user_in=[found])
    a_member("mia", role="manager")
    return found


def member(handle: str) -> Member:
    return db.session.query(Member).filter_by(handle=handle).one()


def punish(handle: str, kind: str, hours: int = 24) -> Measure:
    until = utcnow() + timedelta(hours=hours)
    who, by = member(handle), member("mia")
    return measures.take(kind, rule="unkind", member_id=who.id, by_id=by.id, words="Because of the tone.", until=until)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_roster_they_are_not_there(space: Space, kind: str) -> None:
    ann, ben = member("ann"), member("ben")
    assert on_duty(space.id, utcnow()) == {ann.id, ben.id}
    assert public.super_users_of([space.id], utcnow()) == {space.id: {ann.id, ben.id}}
    taken = punish("ann", kind)
    assert on_duty(space.id, utcnow()) == {ben.id}
    assert public.super_users_of([space.id], utcnow()) == {space.id: {ben.id}}
    measures.end(taken, by_id=None, how="lifted")
    assert on_duty(space.id, utcnow()) == {ann.id, ben.id}


@pytest.mark.parametrize("kind", KINDS)
def test_their_backup_steps_in_until_it_is_over(space: Space, kind: str) -> None:
    ann, ben = member("ann"), member("ben")
    turn = {"weekday": 0, "begins": 9 * 60, "ends": 18 * 60}
    plan = Plan(member_id=ann.id, backup_id=ben.id, **turn)
    operations.plan(space.id, plan, zone="Europe/Amsterdam", by_id=None)
    assert on_duty(space.id, utcnow()) == {ann.id}
    punish("ann", kind, hours=2)
    assert on_duty(space.id, utcnow()) == {ben.id}
    roster = roster_of(space.id, NOON, NOON + timedelta(hours=4))
    assert roster is not None
    there = [stretch.member_id for duty in roster.duties() for stretch in duty.stretches]
    assert there == ([ben.id, ann.id] if kind == "silence" else [ben.id])
    punish("ben", kind)
    assert on_duty(space.id, utcnow()) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_offers_or_names_them(space: Space, kind: str, login_as: LoginAs) -> None:
    thread = a_thread(space)
    mia = login_as("mia")
    case = "/review/" + str(_a_case(space).id)
    pages = ("/super-users", f"/threads/{thread.id}", case, "/spaces/workplace/roster/turns/new")

    def named() -> dict[str, bool]:
        cache().clear()
        return {path: "Ann" in " ".join([mia.get(path).text, *_options(mia.html)]) for path in pages}

    assert all(named().values()), named()
    taken = punish("ann", kind)
    assert not any(named().values()), named()
    measures.end(taken, by_id=None, how="lifted")
    assert all(named().values()), named()


def _options(html: str) -> list[str]:
    return [part.split("<")[0] for part in html.split("<option")[1:]]


def _a_case(space: Space) -> Any:
    return public.open_case("flag", "thread", a_thread(space).id, rule="spam", space_id=space.id)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_proposes_them_as_super_users(space: Space, kind: str) -> None:
    zoe = a_member("zoe")
    for _number in range(12):
        thread = a_thread(space)
        answer = a_reply(thread, zoe)
        forum.accept(thread, answer, by_id=thread.author_id)
    assert zoe.id in {row["member"] for row in candidates(utcnow())}
    taken = punish("zoe", kind)
    assert zoe.id not in {row["member"] for row in candidates(utcnow())}
    measures.end(taken, by_id=None, how="lifted")
    assert zoe.id in {row["member"] for row in candidates(utcnow())}
