"""Reads of spaces, all through the actor."""

from sqlalchemy import ColumnElement, Select, or_, select, true

from community.core.db import db
from community.core.policies import Actor

from .models import OPEN, Space
from .policies import READ_EVERYWHERE, can_start_in


def readable(actor: Actor) -> ColumnElement[bool]:
    """The query form of `policies.can_read`."""
    if actor.can(READ_EVERYWHERE):
        return true()
    own = actor.member_of | actor.super_user_in
    return or_(Space.visibility == OPEN, Space.id.in_(own)) if own else Space.visibility == OPEN


def spaces_visible_to(actor: Actor) -> Select[Space]:
    """Spaces that the actor may read."""
    return select(Space).where(readable(actor))


def all_visible_to(actor: Actor) -> list[Space]:
    """The readable spaces by name."""
    return list(db.session.scalars(spaces_visible_to(actor).order_by(Space.name)))


def ids_visible_to(actor: Actor) -> frozenset[int]:
    """Ids of the readable spaces."""
    return frozenset(db.session.scalars(select(Space.id).where(readable(actor))))


def startable_by(actor: Actor) -> list[Space]:
    """The spaces in which the actor may begin threads, by name."""
    return [space for space in all_visible_to(actor) if can_start_in(actor, space)]


def by_slug(actor: Actor, slug: str) -> Space | None:
    """A readable space by its slug."""
    return db.session.scalar(spaces_visible_to(actor).where(Space.slug == slug))
