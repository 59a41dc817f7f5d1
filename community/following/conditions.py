"""The table of `rules` as conditions of a statement over threads, for the reader's own lists."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, not_, or_, select, union_all

from community.core.policies import Actor
from community.forum.models import HaveToo, Post, Thread, ThreadTag

from .models import Following, FollowingPreference, Level

Ids = Select[int] | Select[int | None] | CompoundSelect[*tuple[Any, ...]]


def followed(actor: Actor) -> ColumnElement[bool]:
    """Threads that come to tracking or more."""
    by_level = and_(not_(_around(actor, _muted())), _around(actor, _much()))
    return or_(
        Thread.id.in_(_said(actor).where(_much())),
        and_(Thread.id.not_in(_said(actor)), or_(Thread.id.in_(_taking_part(actor)), by_level)),
    )


def wanted(actor: Actor) -> ColumnElement[bool]:
    """Threads that do not come to muted."""
    kept = or_(Thread.id.in_(_said(actor)), Thread.id.in_(_taking_part(actor)))
    muted = Thread.id.in_(_said(actor).where(_muted()))
    return not_(or_(muted, and_(_around(actor, _muted()), not_(kept))))


def _muted() -> ColumnElement[bool]:
    return Following.level == Level.MUTED.value


def _much() -> ColumnElement[bool]:
    return Following.level >= Level.TRACKING.value


def _said(actor: Actor) -> Select[int | None]:
    """Threads with a level of their own."""
    return select(Following.thread_id).where(Following.member_id == actor.id, Following.thread_id.is_not(None))


def _around(actor: Actor, level: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a tag of the thread, or its space, has such a level."""
    own = Following.member_id == actor.id
    tagged = select(ThreadTag.thread_id).join(Following, Following.tag == ThreadTag.tag).where(own, level)
    spaces = select(Following.space_id).where(own, level, Following.space_id.is_not(None))
    return or_(Thread.space_id.in_(spaces), Thread.id.in_(tagged))


def _taking_part(actor: Actor) -> Ids:
    """Threads that the actor began or joined, where they prefer to follow such threads."""
    return union_all(
        _preferring(actor, FollowingPreference.when_asking, select(Thread.id).where(Thread.author_id == actor.id)),
        _preferring(
            actor,
            FollowingPreference.when_joining,
            select(Post.thread_id).where(Post.author_id == actor.id, Post.number > 1, Post.hidden_at.is_(None)),
        ),
        _preferring(
            actor,
            FollowingPreference.when_joining,
            select(HaveToo.thread_id).where(HaveToo.member_id == actor.id),
        ),
    )


def _preferring(actor: Actor, column: Any, part: Select[int]) -> Select[int]:
    chosen = select(column).where(FollowingPreference.member_id == actor.id).scalar_subquery()
    return part.where(func.coalesce(chosen, Level.WATCHING.value) > Level.NORMAL.value)
