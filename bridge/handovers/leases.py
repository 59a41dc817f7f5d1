"""One worker at a time for each hand-over: a lease in its row, renewed with each step, free again once it ran out."""

import contextlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

from sqlalchemy import CursorResult, or_, update

from community.core.db import db, transaction, utcnow

from .models import HandOver

# Longer than any single request to a desk takes, so that nothing is under way any more when a lease is taken over.
LEASE = timedelta(seconds=90)


class LeaseLostError(Exception):
    """Somebody else works on the hand-over now: stop at once, whatever was being done."""


def take(hand_over_id: int) -> str | None:
    """The lease on a hand-over, or None while somebody holds it. In a transaction of its own."""
    lease, now = secrets.token_hex(16), utcnow()
    free = or_(HandOver.lease_until.is_(None), HandOver.lease_until < now)
    with transaction():
        taken = _change(hand_over_id, free, lease=lease)
    return lease if taken else None


@contextlib.contextmanager
def step(hand_over_id: int, lease: str) -> Iterator[HandOver]:
    """One short transaction of whoever holds the lease, which is renewed. Raises `LeaseLostError`."""
    with transaction():
        if not _change(hand_over_id, HandOver.lease == lease, lease=lease):
            raise LeaseLostError(f"hand-over {hand_over_id}")
        yield db.session.get_one(HandOver, hand_over_id)


def lengthen(hand_over: HandOver, requests: int) -> None:
    """Hold the lease, inside a step, while so many more requests are made in one go."""
    hand_over.lease_until = utcnow() + LEASE * (1 + requests)


def give_back(hand_over_id: int, lease: str) -> None:
    """Let others work on the hand-over."""
    with transaction():
        db.session.execute(
            update(HandOver)
            .where(HandOver.id == hand_over_id, HandOver.lease == lease)
            .values(lease="", lease_until=None)
        )


def _change(hand_over_id: int, condition: object, *, lease: str) -> bool:
    result = db.session.execute(
        update(HandOver)
        .where(HandOver.id == hand_over_id, condition)  # type: ignore[arg-type] # a column expression
        .values(lease=lease, lease_until=utcnow() + LEASE)
    )
    return cast("CursorResult[object]", result).rowcount == 1
