"""Choosing levels."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, select, update

from community.core.db import db, insert_once

from .models import Following, FollowingPreference, Level


@dataclass(frozen=True)
class Target:
    """What is followed: the column that names it, and its value there."""

    column: str
    value: int | str

    @property
    def values(self) -> dict[str, Any]:
        """As values of a row."""
        return {self.column: self.value}

    @property
    def matches(self) -> Any:
        """As a condition."""
        return getattr(Following, self.column) == self.value


def thread(thread_id: int) -> Target:
    """A thread."""
    return Target("thread_id", thread_id)


def tag(name: str) -> Target:
    """A tag, by its main name."""
    return Target("tag", name)


def space(space_id: int) -> Target:
    """A space."""
    return Target("space_id", space_id)


def person(member_id: int) -> Target:
    """A person."""
    return Target("person_id", member_id)


def choose(member_id: int, target: Target, level: Level) -> None:
    """Follow at this level from now on; sent twice, or by two requests at once, it is the same."""
    if level is Level.NORMAL and target.column != "thread_id":
        db.session.execute(delete(Following).where(Following.member_id == member_id, target.matches))
    elif not insert_once(Following, member_id=member_id, level=level.value, **target.values):
        db.session.execute(
            update(Following).where(Following.member_id == member_id, target.matches).values(level=level.value)
        )


def prefer(member_id: int, *, when_asking: Level, when_joining: Level) -> None:
    """What happens by itself from now on, also in threads that were begun or joined before."""
    db.session.merge(
        FollowingPreference(member_id=member_id, when_asking=when_asking.value, when_joining=when_joining.value)
    )


def move_thread(source_id: int, target_id: int, author_id: int) -> None:
    """A thread went into another one, begun by `author_id`. Who chose a level for both keeps the one of the other.

    Whoever began the other one goes on hearing of it, though they muted what came to it.
    """
    already = select(Following.member_id).where(Following.thread_id == target_id).scalar_subquery()
    deaf = and_(Following.member_id == author_id, Following.level == Level.MUTED.value)
    kept = {"synchronize_session": False}
    db.session.execute(
        update(Following)
        .where(Following.thread_id == source_id, Following.member_id.not_in(already), ~deaf)
        .values(thread_id=target_id),
        execution_options=kept,
    )
    db.session.execute(delete(Following).where(Following.thread_id == source_id), execution_options=kept)


def move_tag(old: str, new: str) -> None:
    """A tag has another name now. Who chose a level for both keeps the one of `new`."""
    already = select(Following.member_id).where(Following.tag == new).scalar_subquery()
    kept = {"synchronize_session": False}
    db.session.execute(
        update(Following).where(Following.tag == old, Following.member_id.not_in(already)).values(tag=new),
        execution_options=kept,
    )
    db.session.execute(delete(Following).where(Following.tag == old), execution_options=kept)
