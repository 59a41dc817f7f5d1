"""Counting the programme, every night and when somebody asks; step by step, so that its page says how far it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from community.core.db import db, transaction, utcnow
from community.core.jobs import enqueue, every, outside_job

from .agreed import agreements
from .candidates import candidates
from .coverage import coverage
from .gathered import gathered
from .loads import bus_factors, loads, sizes
from .members import beginners, members
from .models import ProgrammeCount
from .rules import COUNT_STANDS

STEPS: dict[str, Callable[[datetime], Any]] = {
    "sizes": sizes,
    "members": members,
    "beginners": beginners,
    "candidates": candidates,
    "loads": loads,
    "bus": bus_factors,
    "coverage": coverage,
    "gatherings": gathered,
    "agreements": agreements,
}


def ask(*, by_id: int | None) -> ProgrammeCount:
    """Have it counted in the background; the count that is under way, where there is one."""
    running = under_way()
    if running is not None:
        return running
    made = ProgrammeCount(asked_at=utcnow(), asked_by_id=by_id, total=len(STEPS))
    db.session.add(made)
    db.session.flush()
    enqueue(count, count_id=made.id)
    return made


def under_way() -> ProgrammeCount | None:
    """The count that did not end yet, unless it was given up."""
    since = utcnow() - COUNT_STANDS
    wanted = select(ProgrammeCount).where(ProgrammeCount.finished_at.is_(None), ProgrammeCount.asked_at > since)
    return db.session.scalar(wanted.order_by(ProgrammeCount.id.desc()).limit(1))


def latest() -> ProgrammeCount | None:
    """The last one that ended."""
    wanted = select(ProgrammeCount).where(ProgrammeCount.finished_at.is_not(None))
    return db.session.scalar(wanted.order_by(ProgrammeCount.id.desc()).limit(1))


@every(hours=24)
def every_night() -> None:
    """Count once a day."""
    ask(by_id=None)


@outside_job
def count(count_id: int) -> None:
    """Count in short transactions of their own, noting each step; twice does no harm."""
    with transaction(read_only=True):
        found = db.session.get(ProgrammeCount, count_id)
        if found is None or found.finished_at is not None:
            return
    now, result = utcnow(), dict[str, Any]()
    for number, (key, step) in enumerate(STEPS.items()):
        with transaction():
            db.session.get_one(ProgrammeCount, count_id).done = number
        with transaction(read_only=True):
            result[key] = step(now)
    with transaction():
        done = db.session.get_one(ProgrammeCount, count_id)
        done.result, done.done, done.finished_at = result, len(STEPS), utcnow()
        db.session.execute(delete(ProgrammeCount).where(ProgrammeCount.id < count_id))
