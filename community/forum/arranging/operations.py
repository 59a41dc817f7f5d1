"""Putting threads where they belong: pinned, moved to another space, named a duplicate of another thread.

Each act is on the record with its reason and can be undone: unpin, move back, withdraw the duplicate.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, CursorResult, delete, exists, or_, select, update

from community.core import events, indexing
from community.core.db import db, insert_once, utcnow
from community.core.jobs import every
from community.spaces.models import Space

from ..events import ThreadMarkedDuplicate, ThreadMoved, ThreadPinned, ThreadUnmarkedDuplicate, ThreadUnpinned
from ..models import HaveToo, Post, RelatedThread, Thread, ThreadTie, Tie

UNPIN_MINUTES = 5


class ArrangingError(Exception):
    """It cannot be done as things are now; `message` says why, to be shown beside the form."""

    def __init__(self, message: str | LazyString) -> None:
        super().__init__(message)
        self.message = message


def locked(*thread_ids: int) -> list[Thread]:
    """The threads as they are now, in the order given, and nobody else changes them until this transaction ends.

    Raises `ArrangingError` where one was merged into another meanwhile.
    """
    db.session.flush()
    rows = db.session.scalars(
        select(Thread)
        .where(Thread.id.in_(thread_ids))
        .order_by(Thread.id)
        .with_for_update(of=Thread)
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    if any(row.merged_into_id is not None for row in found.values()):
        raise ArrangingError(_l("Somebody else merged this thread a moment ago."))
    return [found[id_] for id_ in thread_ids]


def pin(thread: Thread, *, by_id: int, reason: str, until: datetime | None = None) -> None:
    """Show the thread first in its space, until a moment where one is given."""
    thread.pinned, thread.pinned_until = True, until
    thread.touch()
    told = until.isoformat() if until else ""
    events.record(ThreadPinned(actor_id=by_id, thread_id=thread.id, reason=reason, until=told))


def unpin(thread: Thread, *, by_id: int | None) -> None:
    """Let the thread stand among the others again."""
    if not thread.pinned:
        return
    thread.pinned, thread.pinned_until = False, None
    thread.touch()
    events.record(ThreadUnpinned(actor_id=by_id, thread_id=thread.id))


@every(minutes=UNPIN_MINUTES)
def unpin_what_is_over() -> None:
    """Threads whose time at the top is over stand among the others again, a few minutes late at most."""
    over = select(Thread).where(Thread.pinned, Thread.pinned_until <= utcnow()).with_for_update(skip_locked=True)
    for thread in db.session.scalars(over):
        unpin(thread, by_id=None)


def move(thread: Thread, space: Space, *, by_id: int, reason: str) -> None:
    """Put the thread into another space; from now on those who read that one read it."""
    (thread,) = locked(thread.id)
    before = thread.space_id
    if before == space.id:
        return
    thread.space_id = space.id
    thread.pinned, thread.pinned_until = False, None
    thread.touch()
    touch_showing(thread)
    count_threads({before: -1, space.id: +1})
    events.record(
        ThreadMoved(actor_id=by_id, thread_id=thread.id, from_space_id=before, to_space_id=space.id, reason=reason)
    )
    db.session.flush()
    db.session.expire(thread, ["space"])
    indexing.mark("thread", thread.id)
    indexing.mark("post", *_replies(thread.id))


def count_threads(changes: dict[int, int]) -> None:
    """Change how many threads spaces have, always in the same order, so that two at once never wait for each other."""
    for space_id, change in sorted(changes.items()):
        counted = update(Space).where(Space.id == space_id).values(thread_count=Space.thread_count + change)
        db.session.execute(counted)


def _replies(thread_id: int) -> Iterable[int]:
    return db.session.scalars(select(Post.id).where(Post.thread_id == thread_id, Post.number > 1))


def mark_duplicate(thread: Thread, other: Thread, *, by_id: int, reason: str) -> None:
    """Close a thread as asking what another asks. Who has it too, and its author, have the other one too.

    Raises `ArrangingError` where one of them is hidden, or is a duplicate already.
    """
    if thread.id == other.id:
        raise ArrangingError(_l("This is the thread itself."))
    thread, other = locked(thread.id, other.id)
    if thread.hidden_at is not None or other.hidden_at is not None:
        raise ArrangingError(_l("One of the two threads is hidden."))
    if original_of(thread.id) is not None:
        raise ArrangingError(_l("This thread is closed as a duplicate already."))
    if original_of(other.id) is not None:
        raise ArrangingError(_l("That thread is a duplicate itself. Choose the one that it leads to."))
    db.session.add(
        ThreadTie(thread_id=thread.id, other_id=other.id, kind=Tie.DUPLICATE.value, reopens=thread.closed_at is None)
    )
    thread.linked = other.linked = True
    thread.closed_at = thread.closed_at or utcnow()
    thread.settle()
    moved = _bring_along(thread, other)
    events.record(
        ThreadMarkedDuplicate(actor_id=by_id, thread_id=thread.id, other_id=other.id, moved=tuple(moved), reason=reason)
    )
    indexing.mark("thread", thread.id, other.id)


def _bring_along(thread: Thread, other: Thread) -> list[int]:
    """Count the people of a duplicate at the other thread; whom that was new to."""
    having = db.session.scalars(select(HaveToo.member_id).where(HaveToo.thread_id == thread.id))
    wanted = sorted({thread.author_id, *having} - {other.author_id})
    new = [id_ for id_ in wanted if insert_once(HaveToo, thread_id=other.id, member_id=id_, via_id=thread.id)]
    other.have_too_count = Thread.have_too_count + len(new)
    other.touch()
    return new


def original_of(thread_id: int) -> ThreadTie | None:
    """How the thread is tied to the one that it is a duplicate of."""
    wanted = select(ThreadTie).where(ThreadTie.thread_id == thread_id, ThreadTie.kind == Tie.DUPLICATE)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def unmark_duplicate(thread: Thread, *, by_id: int) -> None:
    """It is no duplicate after all: people who came along by it go, and it opens again where it was open before."""
    tie = original_of(thread.id)
    if tie is None:
        return
    thread, other = locked(thread.id, tie.other_id)
    tie = original_of(thread.id)
    if tie is None:
        return
    came = (HaveToo.thread_id == other.id, HaveToo.via_id == thread.id)
    gone = cast(CursorResult[Any], db.session.execute(delete(HaveToo).where(*came))).rowcount
    other.have_too_count = Thread.have_too_count - gone
    if tie.reopens:
        thread.closed_at = None
    db.session.delete(tie)
    relink(thread, other)
    thread.settle()
    events.record(ThreadUnmarkedDuplicate(actor_id=by_id, thread_id=thread.id, other_id=other.id))
    indexing.mark("thread", thread.id, other.id)


def relink(*threads: Thread) -> None:
    """Find again whether something points at the threads, or they at something."""
    db.session.flush()
    for thread in threads:
        tied = or_(ThreadTie.thread_id == thread.id, ThreadTie.other_id == thread.id)
        thread.linked = bool(db.session.scalar(select(exists().where(tied))))
        thread.touch()


def touch_tied(thread: Thread) -> None:
    """Who may read the thread, or its title, is another: pages that show a link to it are other pages now."""
    if not thread.linked:
        return
    ends = (
        select(ThreadTie.other_id)
        .where(ThreadTie.thread_id == thread.id)
        .union(select(ThreadTie.thread_id).where(ThreadTie.other_id == thread.id))
    )
    tied = sorted(db.session.scalars(ends))
    db.session.execute(update(Thread).where(Thread.id.in_(tied)).values(version=Thread.version + 1))


def touch_showing(thread: Thread) -> None:
    """Who may read the thread is another: so are pages that link to it, also where it stands among the related."""
    touch_tied(thread)
    touch_beside(Thread.id == thread.id)


def touch_beside(others: ColumnElement[bool]) -> None:
    """Pages on which some of these threads stand among the related are other pages now."""
    beside = select(RelatedThread.thread_id).join(Thread, Thread.id == RelatedThread.other_id).where(others)
    ids = sorted(set(db.session.scalars(beside)))
    if ids:
        db.session.execute(update(Thread).where(Thread.id.in_(ids)).values(version=Thread.version + 1))
