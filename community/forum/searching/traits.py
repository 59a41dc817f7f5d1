"""What hits among threads and posts are counted and sorted by: read from the database, through the actor."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from community.core.db import db
from community.core.policies import Actor
from community.core.results import Traits
from community.spaces.models import Space

from .. import queries
from ..models import Kind, Post, State, Thread

_WAITING = (State.OPEN, State.ANSWERED)


def state_of(kind: str, state: str) -> str:
    """The state that a search may ask for; only questions are open or answered."""
    return "" if kind != Kind.QUESTION and state in _WAITING else state


_COLUMNS: tuple[Any, ...] = (
    Post.id,
    Post.thread_id,
    Post.created_at,
    Post.helpful_count,
    Post.author_id,
    Thread.have_too_count,
    Thread.kind,
    Thread.state,
    Thread.tags,
    Space.slug,
    Space.name,
)


def _statement(actor: Actor) -> Select[Any]:
    joined = select(*_COLUMNS).join(Thread, Thread.id == Post.thread_id).join(Space, Space.id == Thread.space_id)
    return joined.where(queries.visible(actor), Post.hidden_at.is_(None))


def _traits(row: Any, votes: int) -> Traits:
    return Traits(
        space=row.slug,
        space_name=row.name,
        kind=row.kind,
        state=state_of(row.kind, row.state),
        tags=tuple(row.tags),
        at=row.created_at,
        votes=votes,
        author_id=row.author_id,
    )


def of_threads(actor: Actor, ids: Iterable[int]) -> dict[int, Traits]:
    """Threads that the actor may read; their votes are of people who have it too or found the question helpful."""
    rows = db.session.execute(_statement(actor).where(Post.thread_id.in_(list(ids)), Post.number == 1))
    return {row.thread_id: _traits(row, row.have_too_count + row.helpful_count) for row in rows}


def of_posts(actor: Actor, ids: Iterable[int]) -> dict[int, Traits]:
    """Replies that the actor may read."""
    rows = db.session.execute(_statement(actor).where(Post.id.in_(list(ids))))
    return {row.id: _traits(row, row.helpful_count) for row in rows}
