"""Two people take the same turn at the same moment: one of them has it, and both read the truth."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.superusers.duty import operations
from community.superusers.duty.models import DutyStandIn, DutySwap
from community.superusers.duty.operations import Day, Plan
from tests.conftest import LoginAs
from tests.factories import a_member, a_space
from tests.visit import Visitor


def keys(person: Visitor) -> tuple[str, str]:
    """A visitor's sign-in and form token."""
    person.get("/help")
    cookie = person.client.get_cookie("isthmus")
    assert cookie is not None
    return cookie.value, person.page.csrf_token


def test_one_of_them_wins(app: Flask, login_as: LoginAs) -> None:
    space = a_space("workplace")
    ann, *others = (a_member(f"helper{number}", super_user_in=[space]) for number in range(5))
    day = (utcnow() + timedelta(days=7)).date()
    turn = operations.plan(space.id, Plan(day.weekday(), 540, 780, ann.id), zone="UTC", by_id=None)
    swaps = [operations.ask(Day(turn, day), other.id, by_id=ann.id).id for other in others]
    ready = [(keys(login_as(other.handle)), swap_id) for other, swap_id in zip(others, swaps, strict=True)]
    db.session.commit()
    start = Barrier(len(ready))

    def accept(number: int) -> int:
        (cookie, token), swap_id = ready[number]
        client = app.test_client()
        client.set_cookie("isthmus", cookie)
        start.wait()
        return client.post(f"/my/duty/swaps/{swap_id}/acceptance", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(len(ready)) as pool:
        answers = list(pool.map(lambda number: contextvars.Context().run(accept, number), range(len(ready))))
    db.session.expire_all()
    assert answers == [302] * len(ready)
    holder = db.session.scalars(select(DutyStandIn.member_id)).one()
    replies = {row.asked_id: row.reply for row in db.session.scalars(select(DutySwap))}
    assert sorted(replies.values()) == ["accepted", "gone", "gone", "gone"]
    assert replies[holder] == "accepted"
