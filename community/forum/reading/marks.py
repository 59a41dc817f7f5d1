"""Read or unread, exact to the post: a mark for each thread that was opened, and a moment for all the others.

A post is unread where it is newer than the floor (`ReadFloor`, or the day the member joined), above the thread's mark,
written by somebody else, and not hidden. So threads that were never opened need no row. What lies above a mark has a
higher number or came later: either alone would be wrong after replies were split off or put together.
"""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, case, delete, exists, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.spaces.models import Space

from ..models import Post, Thread
from ..queries import visible
from ..reactions import own
from .models import EVERYWHERE, ReadFloor, ReadMark, Visit

VISIT_ENDS = timedelta(minutes=30)


@dataclass(frozen=True)
class Shown:
    """How far a page went: the number of its last post, and whether the thread ended there at that moment."""

    number: int
    ends: bool
    at: datetime


_lock = threading.Lock()
_shown: dict[tuple[int, int], Shown] = {}
_here: dict[int, datetime] = {}

own.find_too(
    select(literal("read"), ReadMark.post_number).where(
        ReadMark.thread_id == bindparam("thread_id"), ReadMark.member_id == bindparam("member_id")
    )
)


def _floor(member_id: int | None) -> ScalarSelect[datetime]:
    everywhere = (
        select(ReadFloor.at).where(ReadFloor.member_id == member_id, ReadFloor.space_id == EVERYWHERE).scalar_subquery()
    )
    return select(func.coalesce(everywhere, Member.joined_at)).where(Member.id == member_id).scalar_subquery()


def _unread_post(member_id: int | None) -> ColumnElement[bool]:
    """Posts of `Thread` that the member has not read; for statements that join the two."""
    marked = (
        exists()
        .where(
            ReadMark.member_id == member_id,
            ReadMark.thread_id == Post.thread_id,
            ReadMark.post_number >= Post.number,
            ReadMark.at >= Post.created_at,
        )
        .correlate(Post)
    )
    below = (
        exists()
        .where(ReadFloor.member_id == member_id, ReadFloor.space_id == Thread.space_id, ReadFloor.at >= Post.created_at)
        .correlate(Post, Thread)
    )
    return and_(
        Post.thread_id == Thread.id,
        Post.created_at > _floor(member_id),
        Post.author_id != member_id,
        Post.hidden_at.is_(None),
        ~marked,
        ~below,
    )


def unread(actor: Actor) -> ColumnElement[bool]:
    """Threads that hold something the actor has not read."""
    return and_(_moved_since_read(actor, _floor(actor.id)), exists().where(_unread_post(actor.id)))


def _moved_since_read(actor: Actor, moment: ColumnElement[datetime] | ScalarSelect[datetime]) -> ColumnElement[bool]:
    """What a row of the thread alone can tell: to look at no posts of threads that were read to their end."""
    to_the_end = exists().where(
        ReadMark.member_id == actor.id,
        ReadMark.thread_id == Thread.id,
        ReadMark.post_number > Thread.reply_count,
        ReadMark.at >= Thread.last_activity_at,
    )
    return and_(Thread.last_activity_at > moment, ~to_the_end)


def since_last_visit(actor: Actor) -> ColumnElement[bool]:
    """Threads that hold something unread, written since the actor's last visit ended."""
    begun = case((Visit.seen_at < utcnow() - VISIT_ENDS, Visit.seen_at), else_=Visit.since)
    last = func.coalesce(select(begun).where(Visit.member_id == actor.id).scalar_subquery(), _floor(actor.id))
    return and_(_moved_since_read(actor, last), exists().where(_unread_post(actor.id), Post.created_at > last))


@dataclass(frozen=True)
class News:
    """What a member has not read of a thread: how many posts, and the number of the first."""

    posts: int
    first: int


def news_of(actor: Actor, thread_ids: Iterable[int]) -> dict[int, News]:
    """What the actor has not read of these threads, in one statement; threads that are read are left out."""
    wanted = list(thread_ids)
    if not wanted or not actor.is_member:
        return {}
    rows = db.session.execute(
        select(Post.thread_id, func.count(), func.min(Post.number))
        .join(Thread, Thread.id == Post.thread_id)
        .where(Thread.id.in_(wanted), _unread_post(actor.id))
        .group_by(Post.thread_id)
    )
    return {thread_id: News(posts, first) for thread_id, posts, first in rows}


def first_unread(actor: Actor, thread: Thread) -> Post | None:
    """The first post of a thread that the actor has not read."""
    return db.session.scalar(
        select(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Thread.id == thread.id, _unread_post(actor.id))
        .order_by(Post.number)
        .limit(1)
    )


def up_to(thread: Thread, number: int) -> Shown:
    """The thread was shown up to this post, as far as it goes at all."""
    end = thread.reply_count + 1
    return Shown(max(1, min(number, end)), number >= end, utcnow())


def note(actor: Actor, thread: Thread, number: int) -> None:
    """Remember up to which post a page went, until `flush`: a reader's script says so sooner, by its own request."""
    if actor.id is None:
        return
    with _lock:
        _here[actor.id] = utcnow()
        known, shown = _shown.get((actor.id, thread.id)), up_to(thread, number)
        if known is None or shown.ends or shown.number > known.number:
            _shown[actor.id, thread.id] = shown


def note_visit(actor: Actor) -> None:
    """Remember that somebody is here, until `flush`."""
    if actor.id is not None:
        with _lock:
            _here[actor.id] = utcnow()


def flush() -> None:
    """Bring what was noted to the database, within the present transaction; what is gone meanwhile is left out."""
    with _lock:
        shown, here = dict(_shown), dict(_here)
        _shown.clear()
        _here.clear()
    members = _known(Member.id, here)
    threads = _known(Thread.id, {thread_id for _member_id, thread_id in shown})
    for (member_id, thread_id), seen in sorted(shown.items(), key=lambda item: item[0]):
        if member_id in members and thread_id in threads:
            mark(member_id, thread_id, seen)
    for member_id in sorted(members):
        _visited(member_id, here[member_id])


def _known(column: InstrumentedAttribute[int], ids: Collection[int]) -> set[int]:
    return set(db.session.scalars(select(column).where(column.in_(ids)))) if ids else set()


def _insert(table: type[DeclarativeBase]) -> Any:
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(table)


def mark(member_id: int, thread_id: int, shown: Shown) -> None:
    """Move a mark to where a page ended: up, or to the thread's present end. The database decides between two."""
    row = _insert(ReadMark).values(member_id=member_id, thread_id=thread_id, post_number=shown.number, at=shown.at)
    higher = ReadMark.post_number < row.excluded.post_number
    wins = or_(higher, ReadMark.at <= row.excluded.at) if shown.ends else higher
    moved = {"post_number": row.excluded.post_number, "at": row.excluded.at}
    db.session.execute(row.on_conflict_do_update(index_elements=["member_id", "thread_id"], set_=moved, where=wins))


def _visited(member_id: int, at: datetime) -> None:
    row = _insert(Visit).values(member_id=member_id, since=_floor(member_id), seen_at=at)
    ended = case((Visit.seen_at < at - VISIT_ENDS, Visit.seen_at), else_=Visit.since)
    moved = {"since": ended, "seen_at": row.excluded.seen_at}
    later = Visit.seen_at <= row.excluded.seen_at
    db.session.execute(row.on_conflict_do_update(index_elements=["member_id"], set_=moved, where=later))


def mark_all(member_id: int, until: datetime, *, space_id: int = EVERYWHERE) -> None:
    """Everything written until then is read, in a space or everywhere; marks that say no more are dropped."""
    row = _insert(ReadFloor).values(member_id=member_id, space_id=space_id, at=until)
    later = ReadFloor.at < row.excluded.at
    keys = ["member_id", "space_id"]
    db.session.execute(row.on_conflict_do_update(index_elements=keys, set_={"at": row.excluded.at}, where=later))
    within = select(Thread.id).where(Thread.last_activity_at <= until)
    if space_id != EVERYWHERE:
        within = within.where(Thread.space_id == space_id)
    spent = delete(ReadMark).where(ReadMark.member_id == member_id, ReadMark.thread_id.in_(within))
    db.session.execute(spent, execution_options={"synchronize_session": False})


def mark_these(actor: Actor, until: datetime, conditions: Iterable[ColumnElement[bool]]) -> None:
    """Mark the unread threads under these conditions up to what was written until then, in one statement."""
    last = select(func.max(Post.number)).where(Post.thread_id == Thread.id, Post.created_at <= until).scalar_subquery()
    threads = (
        select(literal(actor.id), Thread.id, last, literal(until, type_=ReadMark.at.type))
        .join(Space, Space.id == Thread.space_id)
        .where(visible(actor), unread(actor), Thread.created_at <= until, *conditions)
    )
    row = _insert(ReadMark).from_select(["member_id", "thread_id", "post_number", "at"], threads)
    moved = {"post_number": row.excluded.post_number, "at": row.excluded.at}
    higher = ReadMark.post_number < row.excluded.post_number
    db.session.execute(row.on_conflict_do_update(index_elements=["member_id", "thread_id"], set_=moved, where=higher))
