"""Watched threads: finding them, and letting the rules look again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, column, func, literal, select, table, update

from community.core.db import UtcDateTime, db, insert_once, utcnow

from .evidence import WAITING_STATES
from .models import ThreadWatch

MOST_AT_ONCE = 100
# Older threads are left in peace when rules begin to look.
YOUNGEST = timedelta(days=90)

_thread = table(
    "thread",
    *(column(name) for name in ("id", "space_id", "author_id", "kind", "state")),
    column("created_at", UtcDateTime()),
)


def _waiting() -> ColumnElement[bool]:
    return _thread.c.state.in_(sorted(WAITING_STATES)) & (_thread.c.kind != "announcement")


def watch_of(thread_id: int, *, lock: bool = False) -> ThreadWatch | None:
    """The watch of a thread, locked until this transaction ends where asked."""
    statement = select(ThreadWatch).where(ThreadWatch.thread_id == thread_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


def watched(thread_id: int, space_id: int) -> ThreadWatch:
    """The watch of a thread, made where there is none, locked until this transaction ends."""
    present = watch_of(thread_id, lock=True)
    if present is None:
        insert_once(ThreadWatch, thread_id=thread_id, space_id=space_id, next_look_at=utcnow(), **_empty())
        present = watch_of(thread_id, lock=True)
    if present is None:
        raise LookupError(f"thread {thread_id} cannot be watched")
    present.space_id = space_id
    return present


def _empty() -> dict[str, object]:
    empty = dict.fromkeys(("held_reason", "dismissed_reason", "proposed_class", "proposed_reason", "promoted_rule"), "")
    return {**empty, "noticed": {}, "verdicts": [], "suggested_by": "", "version": 1}


def due(now: datetime) -> list[ThreadWatch]:
    """Watches whose time has come, the longest due first, locked; those that another worker has are left to it."""
    statement = select(ThreadWatch).where(ThreadWatch.next_look_at <= now).order_by(ThreadWatch.next_look_at)
    return list(db.session.scalars(statement.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)))


def unwatched(now: datetime) -> list[tuple[int, int]]:
    """Young threads that wait and that nobody watches yet: ids with the space, newest first."""
    rows = db.session.execute(
        select(_thread.c.id, _thread.c.space_id)
        .outerjoin(ThreadWatch, ThreadWatch.thread_id == _thread.c.id)
        .where(ThreadWatch.id.is_(None), _waiting(), _thread.c.created_at > now - YOUNGEST)
        .order_by(_thread.c.id.desc())
        .limit(MOST_AT_ONCE)
    )
    return [(row.id, row.space_id) for row in rows]


def adopt(now: datetime) -> int:
    """Watch threads that came without a fact, such as imported ones; how many."""
    found = unwatched(now)
    for thread_id, space_id in found:
        insert_once(ThreadWatch, thread_id=thread_id, space_id=space_id, next_look_at=now, **_empty())
    return len(found)


def look_again(space_id: int | None, now: datetime) -> None:
    """Rules or hours have changed: look at every thread that waits, in one space or everywhere."""
    _look_again(now, *([ThreadWatch.space_id == space_id] if space_id else []))


def look_again_at_those_of(author_ids: Collection[int], now: datetime) -> None:
    """What is known of these authors has changed: look at their threads that wait."""
    theirs = select(_thread.c.id).where(_thread.c.author_id.in_(author_ids))
    _look_again(now, ThreadWatch.thread_id.in_(theirs))


def _look_again(now: datetime, *wanted: ColumnElement[bool]) -> None:
    waiting = select(_thread.c.id).where(_waiting())
    db.session.execute(
        update(ThreadWatch).where(ThreadWatch.thread_id.in_(waiting), *wanted).values(next_look_at=now),
        execution_options={"synchronize_session": False},
    )


def promoted_since(moment: datetime, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """How many threads each rule, by key and where it was made, took to the desk since a moment."""
    if not places:
        return {}
    rows = db.session.execute(
        select(ThreadWatch.promoted_rule, ThreadWatch.promoted_space_id, func.count(literal(1)))
        .where(ThreadWatch.promoted_at >= moment, ThreadWatch.promoted_rule.in_({key for key, _place in places}))
        .group_by(ThreadWatch.promoted_rule, ThreadWatch.promoted_space_id)
    )
    counts = {(key, place): number for key, place, number in rows}
    return {place: counts.get(place, 0) for place in places}
