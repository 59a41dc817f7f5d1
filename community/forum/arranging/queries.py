"""Reads for arranging threads: where a merged one went, what is tied to one, what was done to it, what can be split."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, and_, or_, select, union_all
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from community.core.policies import Actor

from ..models import Post, Thread, ThreadTie, Tie
from ..policies import can_read_thread
from ..queries import SHOWN_OF_A_MEMBER, thread_for
from .posts import can_be_split_off
from .words import RECORDED

MOST_TO_SPLIT = 300
MOST_TIES = 20
MOST_RECORDED = 200


def successor(actor: Actor, thread_id: int) -> Thread | None:
    """The thread that a merged one went into, where the actor may read it."""
    target_id = db.session.scalar(select(Thread.merged_into_id).where(Thread.id == thread_id))
    return thread_for(actor, target_id) if target_id is not None else None


def joined(thread_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Each thread with all between which posts went by merges and splits, itself among them; whoever asks."""
    groups = {id_: {id_} for id_ in thread_ids}
    fresh = set(groups)
    while fresh:
        edges = [(row[0], row[1]) for row in db.session.execute(_between(fresh))]
        fresh = {id_ for edge in edges for id_ in edge} - groups.keys()
        groups |= {id_: {id_} for id_ in fresh}
        for one, other in edges:
            both = groups[one] | groups[other]
            groups.update(dict.fromkeys(both, both))
    return {id_: frozenset(groups[id_]) for id_ in thread_ids}


def _between(thread_ids: Collection[int]) -> CompoundSelect[int, int]:
    """What was merged into these threads or split from them, and what they were."""
    merged = select(Thread.id, Thread.merged_into_id).where(
        Thread.merged_into_id.is_not(None), or_(Thread.id.in_(thread_ids), Thread.merged_into_id.in_(thread_ids))
    )
    split = select(ThreadTie.thread_id, ThreadTie.other_id).where(
        ThreadTie.kind == Tie.SPLIT, or_(ThreadTie.thread_id.in_(thread_ids), ThreadTie.other_id.in_(thread_ids))
    )
    return union_all(merged, split)


@dataclass(frozen=True)
class Ties:
    """Threads that a thread is tied to, as far as the reader may read them."""

    original: Thread | None = None
    duplicates: Sequence[Thread] = ()
    split_from: Sequence[Thread] = ()
    split_off: Sequence[Thread] = ()


def ties(actor: Actor, thread: Thread) -> Ties:
    """What points at the thread and what it points at; nothing is asked where there is nothing."""
    if not thread.linked:
        return Ties()
    ends = or_(
        and_(ThreadTie.thread_id == thread.id, Thread.id == ThreadTie.other_id),
        and_(ThreadTie.other_id == thread.id, Thread.id == ThreadTie.thread_id),
    )
    rows = db.session.execute(
        select(ThreadTie.kind, ThreadTie.thread_id == thread.id, Thread)
        .join(Thread, ends)
        .options(joinedload(Thread.space, innerjoin=True))
        .order_by(ThreadTie.at.desc(), Thread.id)
        .limit(MOST_TIES)
    )
    found: dict[tuple[str, bool], list[Thread]] = {}
    for kind, points, other in rows:
        if can_read_thread(actor, other):
            found.setdefault((kind, bool(points)), []).append(other)
    return Ties(
        original=next(iter(found.get((Tie.DUPLICATE, True), [])), None),
        duplicates=found.get((Tie.DUPLICATE, False), []),
        split_from=found.get((Tie.SPLIT, True), []),
        split_off=found.get((Tie.SPLIT, False), []),
    )


def divisible(thread: Thread) -> list[Post]:
    """The replies that may become another thread, at most 300, the first ones first."""
    rows = db.session.scalars(
        select(Post)
        .where(Post.thread_id == thread.id, Post.number > 1)
        .order_by(Post.number)
        .limit(MOST_TO_SPLIT)
        .options(joinedload(Post.author, innerjoin=True).load_only(*SHOWN_OF_A_MEMBER))
    )
    return [post for post in rows if can_be_split_off(thread, post)]


@dataclass(frozen=True)
class Recorded:
    """One line of a thread's record. `other_id` is the thread that it names, `by` who did it, "" for nobody."""

    words: str
    reason: str
    by: str
    at: datetime
    other_id: int | None


def record_of(thread: Thread) -> list[Recorded]:
    """What was done to a thread and to those that were merged into it, newest first."""
    merged = db.session.scalars(select(Thread.id).where(Thread.merged_into_id == thread.id))
    subjects = [f"thread:{id_}" for id_ in (thread.id, *merged)]
    rows = db.session.execute(
        select(EventRecord, Member.name)
        .outerjoin(Member, Member.id == EventRecord.actor_id)
        .where(EventRecord.subject.in_(subjects), EventRecord.name.in_(RECORDED))
        .order_by(EventRecord.id.desc())
        .limit(MOST_RECORDED)
    )
    return [_recorded(row, name or "") for row, name in rows]


def _recorded(row: EventRecord, name: str) -> Recorded:
    payload: dict[str, Any] = row.payload
    named = (payload.get(key) for key in ("target_id", "new_thread_id", "other_id"))
    other_id = next((id_ for id_ in named if id_), None)
    return Recorded(str(RECORDED[row.name]), payload.get("reason", ""), name, row.at, other_id)
