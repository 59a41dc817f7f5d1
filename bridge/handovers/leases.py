"""Who works on what: one worker at a time for each hand-over, and for each desk no more hand-overs than it may have.

The lease stands in the hand-over's row, is renewed with each step, and is free again once it ran out. Leases that hold
are what is under way at a desk. Nobody who has locked a desk's row waits for a hand-over's.
"""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, Select, and_, func, or_, select, update

from community.core.db import db, transaction, utcnow

from . import circuit
from .models import HandOver, ServiceDesk

# Longer than any single request to a desk takes, so that nothing is under way any more when a lease is taken over.
LEASE = timedelta(seconds=90)


class LeaseLostError(Exception):
    """Somebody else works on the hand-over now: stop at once, whatever was being done."""


@dataclass(frozen=True)
class Lease:
    """The right to work on a hand-over, for whoever knows its word."""

    hand_over_id: int
    word: str


def take(desk_id: int) -> Lease | None:
    """The lease on the hand-over that waits longest in the line at a desk; None where none waits, or the desk has no
    room for another. In a transaction of its own.
    """
    with transaction():
        desk = circuit.locked(desk_id)
        if desk is None or not room_at(desk):
            return None
        # One that is locked is being changed; whoever changes it asks for it again.
        first = db.session.scalars(_line(desk_id).limit(1).with_for_update(skip_locked=True, key_share=True)).first()
        if first is None:
            return None
        word = secrets.token_hex(16)
        _change(HandOver.id == first, lease=word, lease_until=utcnow() + LEASE, next_try_at=None)
        return Lease(first, word)


def room_at(desk: ServiceDesk) -> int:
    """How many more hand-overs may be under way at a desk now; after silence only one, until the desk answered it."""
    if not circuit.is_closed(desk):
        return 0
    held = select(func.count(HandOver.id)).where(HandOver.desk_id == desk.id, HandOver.lease_until >= utcnow())
    return max(0, (1 if desk.failures else desk.at_once) - (db.session.scalar(held) or 0))


def in_line(desk_id: int, *, most: int) -> int:
    """How many hand-overs wait for a place at a desk, counted up to `most`."""
    return len(db.session.scalars(_line(desk_id).limit(most)).all())


def _line(desk_id: int) -> Select[int]:
    now = utcnow()
    free = or_(HandOver.lease_until.is_(None), HandOver.lease_until < now)
    waits = HandOver.desk_id == desk_id, HandOver.next_try_at <= now
    return select(HandOver.id).where(*waits, free).order_by(HandOver.next_try_at, HandOver.id)


@contextlib.contextmanager
def step(lease: Lease) -> Iterator[HandOver]:
    """One short transaction of whoever holds the lease, which is renewed. Raises `LeaseLostError`."""
    with transaction():
        if not _change(_held(lease), lease_until=utcnow() + LEASE):
            raise LeaseLostError(f"hand-over {lease.hand_over_id}")
        yield db.session.get_one(HandOver, lease.hand_over_id)


def lengthen(hand_over: HandOver, requests: int) -> None:
    """Hold the lease, inside a step, while so many more requests are made in one go."""
    hand_over.lease_until = utcnow() + LEASE * (1 + requests)


def give_back(lease: Lease) -> None:
    """Let others work on the hand-over after this transaction."""
    _change(_held(lease), lease="", lease_until=None)


def _held(lease: Lease) -> ColumnElement[bool]:
    return and_(HandOver.id == lease.hand_over_id, HandOver.lease == lease.word)


def _change(which: ColumnElement[bool], **values: object) -> bool:
    result = db.session.execute(update(HandOver).where(which).values(**values))
    return cast("CursorResult[object]", result).rowcount == 1
