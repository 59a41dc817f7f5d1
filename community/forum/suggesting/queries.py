"""Suggested edits, read through the actor."""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.core.policies import Actor

from ..models import Post, Thread
from ..policies import EDIT_ANY
from ..queries import visible
from .models import Outcome, SuggestedEdit

MOST = 100


def _readable(actor: Actor) -> Select[SuggestedEdit]:
    return (
        select(SuggestedEdit)
        .join(SuggestedEdit.post)
        .join(Post.thread)
        .join(Thread.space)
        .where(visible(actor), Post.hidden_at.is_(None))
        .options(
            contains_eager(SuggestedEdit.post).contains_eager(Post.thread).contains_eager(Thread.space),
            joinedload(SuggestedEdit.member),
        )
    )


def _decided_by(actor: Actor) -> ColumnElement[bool]:
    """The query form of `suggesting_policies.can_decide`, for lists."""
    if not actor.is_member:
        return false()
    anywhere = actor.can(EDIT_ANY)
    in_space = true() if anywhere else Thread.space_id.in_(actor.leads_in)
    return or_(in_space, and_(Post.author_id == actor.id, Thread.closed_at.is_(None)))


def suggestion_for(actor: Actor, suggestion_id: int) -> SuggestedEdit | None:
    """A suggestion to a post that the actor may read."""
    return db.session.scalar(_readable(actor).where(SuggestedEdit.id == suggestion_id))


def waiting_for(actor: Actor, *, post_id: int | None = None) -> list[SuggestedEdit]:
    """What waits for the actor to decide, the longest wait first, at most a hundred."""
    wanted = _readable(actor).where(SuggestedEdit.state == Outcome.OPEN, _decided_by(actor))
    if post_id is not None:
        wanted = wanted.where(SuggestedEdit.post_id == post_id)
    return list(db.session.scalars(wanted.order_by(SuggestedEdit.id).limit(MOST)))


def own_of(actor: Actor) -> list[SuggestedEdit]:
    """What the actor proposed, newest first, at most a hundred."""
    wanted = _readable(actor).where(SuggestedEdit.member_id == actor.id)
    return list(db.session.scalars(wanted.order_by(SuggestedEdit.id.desc()).limit(MOST)))
