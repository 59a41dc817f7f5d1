"""Noting which groups a post mentions, and what their members do about it."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from community.accounts.loading import actor_for
from community.core import events
from community.core.db import db, utcnow
from community.forum.models import Post
from community.groups.models import Group
from community.groups.queries import callable_by, members_of

from .events import MentionHandled
from .models import GroupMention, Handling

BEFORE = {
    Handling.TAKEN: (Handling.OPEN,),
    Handling.DONE: (Handling.OPEN, Handling.TAKEN),
    Handling.OPEN: (Handling.TAKEN, Handling.DONE),
}


def called(words: Iterable[str], by_id: int | None) -> list[Group]:
    """Those of the words that are groups which the member may mention."""
    wanted = list(words)
    if by_id is None or not wanted or db.session.scalar(select(Group.id).where(Group.slug.in_(wanted))) is None:
        return []
    return list(callable_by(actor_for(by_id), wanted).values())


def people_called(words: Iterable[str], by_id: int | None) -> set[int | None]:
    """Ids of the members of the groups that are mentioned; who may read the post is asked by whoever tells them."""
    groups = called(words, by_id)
    return set(members_of(group.id for group in groups)) if groups else set()


def note(post: Post, words: Iterable[str], by_id: int | None) -> None:
    """Put a post into the inboxes of the groups that it mentions, once in each."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [
        {"group_id": group.id, "post_id": post.id, "at": utcnow(), "state": Handling.OPEN.value}
        for group in called(words, by_id)
    ]
    if rows:
        db.session.execute(dialect.insert(GroupMention).values(rows).on_conflict_do_nothing())


def handle(mention: GroupMention, after: Handling, *, by_id: int) -> bool:
    """Take it, be done with it, or put it back. Says whether it was still to be had: the first of two wins."""
    before = mention.state
    values = {"state": after.value, "by_id": None if after is Handling.OPEN else by_id}
    from_there = GroupMention.state.in_([state.value for state in BEFORE[after]])
    changed = db.session.scalar(
        update(GroupMention)
        .where(GroupMention.id == mention.id, from_there)
        .values(**values)
        .returning(GroupMention.id)
    )
    if changed is None:
        return False
    fact = MentionHandled(
        actor_id=by_id, group_id=mention.group_id, mention_id=mention.id, before=before, after=after.value
    )
    events.record(fact)
    return True
