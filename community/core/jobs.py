"""Jobs live in our own database, beside what caused them; huey only wakes the worker and keeps the timetable.

A delivery is claimed with a lease, run in a transaction of its own, and marked done in that same transaction: what it
changes in the database happens once. What it does outside must bear being done twice. A job that asks other servers is
declared with `@outside_job`: it runs in no transaction, so that nothing is held while it waits, and opens short ones.

A worker has any number of threads. Quick jobs are claimed many at once and go first; those that ask other servers are
claimed one by one, so that several are under way at once and a slow server holds up no quick job.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec

from flask import Flask, current_app
from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base, after_commit, db, transaction, utcnow

P = ParamSpec("P")

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=5)
KEEP_DONE = timedelta(days=14)


class Delivery(Base):
    """One thing to be done once: a fact for one subscriber, or a job with arguments of its own."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "handler"),
        UniqueConstraint("unique_key"),
        Index("ix_delivery_due", "state", "run_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    handler: Mapped[str] = mapped_column(String(160))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(10), default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True)
class Timetable:
    """A function run again and again, at least `every` apart."""

    run: Callable[[], None]
    every: timedelta


_jobs: dict[str, Callable[..., None]] = {}
_outside: set[str] = set()
timetables: dict[str, Timetable] = {}


def _key(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def job(function: Callable[P, None]) -> Callable[P, None]:
    """Declare a function that `enqueue` may name."""
    _jobs[_key(function)] = function
    return function


def outside_job(function: Callable[P, None]) -> Callable[P, None]:
    """Declare a job that asks other servers: it runs in no transaction, opens short ones, and may be run twice."""
    _outside.add(_key(function))
    return job(function)


def every(**period: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare a job that the worker runs again and again: `@every(minutes=5)`; at least one minute."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        timetables[_key(function)] = Timetable(function, timedelta(**period))
        return job(function)

    return register


def enqueue_timetables() -> None:
    """Enqueue each timetable's present turn; however many workers ask, a turn is enqueued once."""
    now = utcnow()
    for key, timetable in timetables.items():
        turn = int(now.timestamp() // timetable.every.total_seconds())
        enqueue(timetable.run, unique_key=f"{key}@{turn}")


def enqueue(
    function: Callable[..., None], *, run_at: datetime | None = None, unique_key: str | None = None, **args: Any
) -> None:
    """Have a declared job done after this transaction commits. With a key already known, nothing is added."""
    if unique_key and db.session.scalar(select(Delivery.id).where(Delivery.unique_key == unique_key)):
        return
    key = _key(function)
    if key not in _jobs:
        raise LookupError(f"{key} is not declared with @job")
    db.session.add(Delivery(handler=key, args=args, run_at=run_at or utcnow(), unique_key=unique_key))
    wake_after_commit()


def wake_after_commit() -> None:
    """Tell the worker, once this transaction has committed, that there is something to do."""
    after_commit(_wake)


def _wake() -> None:
    waker: Callable[[], None] | None = current_app.extensions.get("isthmus.wake")
    if waker is not None:
        waker()


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker does; `attempts` tells whether another one has claimed it since."""

    delivery_id: int
    attempts: int


def run_due(app: Flask, *, limit: int = 100, alone: bool = False) -> int:
    """Run what is due: at most `limit` quick jobs, oldest first, then one that asks others; the number that was tried.

    Unless it is to work `alone`, another worker is woken where there is more.
    """
    with app.app_context():
        claimed, more = _claim(limit)
        if more and not alone:
            _wake()
    for claim in claimed:
        _run(app, claim)
    return len(claimed)


def run_all(app: Flask) -> int:
    """Run until nothing is due any more; the number that was tried. Another worker is woken once: it wakes the next."""
    total = 0
    while ran := run_due(app, alone=total > 0):
        total += ran
    return total


def _claim(limit: int) -> tuple[list[Claim], bool]:
    """What is to be done now, and whether that leaves something for others."""
    now = utcnow()
    due = (
        select(Delivery.id, Delivery.attempts)
        .where(
            Delivery.run_at <= now,
            or_(Delivery.state == "due", (Delivery.state == "running") & (Delivery.lease_until < now)),
        )
        .order_by(Delivery.run_at, Delivery.id)
        .with_for_update(skip_locked=True)
    )
    with transaction():
        quick = db.session.execute(due.where(Delivery.handler.not_in(_outside)).limit(limit)).all()
        slow = db.session.execute(due.where(Delivery.handler.in_(_outside)).limit(2)).all()
        claimed = [Claim(row.id, row.attempts + 1) for row in (*quick, *slow[:1])]
        if claimed:
            db.session.execute(
                update(Delivery)
                .where(Delivery.id.in_([claim.delivery_id for claim in claimed]))
                .values(state="running", lease_until=now + LEASE, attempts=Delivery.attempts + 1)
            )
        return claimed, len(quick) == limit or len(slow) > 1


def _run(app: Flask, claim: Claim) -> None:
    """Each in contexts of its own, so that no job speaks the language of the one before."""
    try:
        with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
            _do_outside(claim)
            with transaction():
                if (delivery := _ours(claim)) is not None:
                    _do(app, delivery)
    except Exception as error:
        log.exception("delivery %s failed", claim.delivery_id)
        with app.app_context(), transaction():
            if (delivery := _ours(claim)) is not None:
                _note_failure(delivery, error)


def _ours(claim: Claim) -> Delivery | None:
    """The delivery, which nobody else touches until this transaction ends; None where the lease ran out and another
    worker has claimed it since.
    """
    delivery = db.session.get_one(Delivery, claim.delivery_id, with_for_update=True)
    return delivery if delivery.attempts == claim.attempts else None


def _do_outside(claim: Claim) -> None:
    with transaction(read_only=True):
        delivery = db.session.get_one(Delivery, claim.delivery_id)
        handler, args = delivery.handler, dict(delivery.args)
        ours = delivery.attempts == claim.attempts
    if ours and handler in _outside:
        _jobs[handler](**args)


def _do(app: Flask, delivery: Delivery) -> None:
    """The work, where it was not done outside, and the mark that it is done."""
    if delivery.event_id is not None:
        app.extensions["isthmus.deliver"](delivery.handler, delivery.event_id)
    elif delivery.handler not in _outside:
        _jobs[delivery.handler](**delivery.args)
    delivery.state, delivery.finished_at, delivery.error = "done", utcnow(), ""


def _note_failure(delivery: Delivery, error: Exception) -> None:
    delivery.error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = "dead"
        return
    delivery.state = "due"
    delivery.run_at = utcnow() + back_off(delivery.attempts)


def back_off(attempts: int) -> timedelta:
    """How long to wait after the n-th failure: 10 s doubled each time, at most 1 h, with up to 25 % jitter."""
    seconds = min(3600, 10 * 2 ** (attempts - 1))
    return timedelta(seconds=seconds * (1 + random.random() / 4))  # noqa: S311 - spreads load, guards nothing


def dead() -> list[Delivery]:
    """Deliveries that were given up, newest first, at most 200."""
    return list(
        db.session.scalars(select(Delivery).where(Delivery.state == "dead").order_by(Delivery.id.desc()).limit(200))
    )


def retry(delivery: Delivery) -> None:
    """Try a dead delivery again from the start."""
    delivery.state, delivery.attempts, delivery.run_at = "due", 0, utcnow()
    wake_after_commit()


def waiting(function: Callable[..., None], **args: int) -> int:
    """How many deliveries of a job with these arguments are due and not begun."""
    same = [Delivery.args[name].as_integer() == value for name, value in args.items()]
    due = Delivery.state == "due", Delivery.run_at <= utcnow(), Delivery.handler == _key(function)
    return db.session.scalar(select(func.count(Delivery.id)).where(*due, *same)) or 0


def backlog() -> dict[str, int]:
    """How many deliveries are in each state."""
    rows = db.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {row[0]: row[1] for row in rows}


@every(hours=6)
def forget_done() -> None:
    """Done deliveries are kept for a fortnight, so that an operator can look back; then they go."""
    old = utcnow() - KEEP_DONE
    db.session.execute(delete(Delivery).where(Delivery.state == "done", Delivery.finished_at < old))
