"""What a group is asked, as far as the reader may read it."""

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.forum.models import Post, Thread
from community.forum.policies import SEE_HIDDEN
from community.forum.queries import visible
from community.groups.models import Group

from .models import GroupMention, Handling

A_PAGE = 25


def _readable(actor: Actor, group: Group) -> Select[GroupMention]:
    shown = true() if actor.can(SEE_HIDDEN) else or_(Post.hidden_at.is_(None), Thread.space_id.in_(actor.leads_in))
    return (
        select(GroupMention)
        .join(GroupMention.post)
        .join(Post.thread)
        .join(Thread.space)
        .where(GroupMention.group_id == group.id, visible(actor), shown)
    )


def inbox(actor: Actor, group: Group, state: Handling, number: int) -> Page[GroupMention]:
    """One page of what mentions the group and is in that state, newest first."""
    wanted = _readable(actor, group).where(GroupMention.state == state.value)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = db.session.scalars(
        wanted.order_by(GroupMention.at.desc(), GroupMention.id.desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
        .options(
            contains_eager(GroupMention.post).contains_eager(Post.thread).contains_eager(Thread.space),
            contains_eager(GroupMention.post).joinedload(Post.author),
            joinedload(GroupMention.by),
        )
    )
    return Page(list(rows), number, A_PAGE, total)


def counts(actor: Actor, group: Group) -> dict[str, int]:
    """How many there are in each state."""
    readable = _readable(actor, group).with_only_columns(GroupMention.state, func.count(GroupMention.id))
    found: dict[str, int] = {row[0]: row[1] for row in db.session.execute(readable.group_by(GroupMention.state))}
    return {state.value: found.get(state.value, 0) for state in Handling}


def mention_for(actor: Actor, group: Group, mention_id: int) -> GroupMention | None:
    """One of them."""
    return db.session.scalar(_readable(actor, group).where(GroupMention.id == mention_id))
