"""Which of their news somebody may still read. Titles tell much, so each list and letter asks here, at its time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from community.accounts.loading import actor_for
from community.core.db import db
from community.core.events import EventRecord
from community.core.policies import Actor
from community.forum.models import Post, Thread
from community.forum.queries import threads_by_id

from . import kinds
from .models import Notification
from .places import Facts


@dataclass(frozen=True)
class Readable:
    """Ids of the news, and the threads that some are about."""

    ids: frozenset[int]
    threads: Mapping[int, Thread]


def readable(actor: Actor, rows: Collection[Notification]) -> Readable:
    """What of somebody's own news they may still read: the thread, and what else the kind of news is about.

    A few statements for each kind, however many news there are.
    """
    threads = threads_by_id(actor, {row.thread_id for row in rows if row.thread_id is not None})
    left = [row for row in rows if row.thread_id is None or row.thread_id in threads]
    facts = _payloads([row for row in left if kinds.kind(row.kind).reads is not None])
    allowed = {key: _allowed(actor, key, left, facts) for key in {row.kind for row in left}}
    return Readable(frozenset(row.id for row in left if row.event_id in allowed[row.kind]), threads)


def _allowed(actor: Actor, key: str, rows: Collection[Notification], facts: Facts) -> Collection[int]:
    """Of the news of one kind, which of their facts the actor may read about."""
    mine, reads = {row.event_id for row in rows if row.kind == key}, kinds.kind(key).reads
    return mine if reads is None else reads(actor, {id_: facts[id_] for id_ in mine})


def _payloads(rows: Collection[Notification]) -> Facts:
    if not rows:
        return {}
    wanted = select(EventRecord.id, EventRecord.payload).where(EventRecord.id.in_({row.event_id for row in rows}))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def sendable(member_id: int, rows: Collection[Notification]) -> list[Notification]:
    """Those that may leave by mail or push: still readable, and the post was not taken from view meanwhile."""
    kept = readable(actor_for(member_id), rows).ids
    left = [row for row in rows if row.id in kept]
    posts = {id_: payload.get("post_id") for id_, payload in _payloads([row for row in left if row.thread_id]).items()}
    named = {post_id for post_id in posts.values() if post_id}
    hidden: set[int] = set()
    if named:
        hidden = set(db.session.scalars(select(Post.id).where(Post.id.in_(named), Post.hidden_at.is_not(None))))
    return [row for row in left if posts.get(row.event_id) not in hidden]


def is_sendable(news: Notification) -> bool:
    """The same of one."""
    return bool(sendable(news.member_id, [news]))
