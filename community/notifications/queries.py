"""The inbox: a person's own news, without what they may no longer read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.forum.queries import threads_by_id

from . import kinds
from .models import Notification

A_PAGE = 30


@dataclass(frozen=True)
class Item:
    """One piece of news as its receiver sees it. `title` and `url` are empty once it may not be read."""

    id: int
    sentence: str
    title: str
    url: str
    icon: str
    at: datetime
    unread: bool


def inbox(actor: Actor, number: int, *, somebody: str) -> Page[Item]:
    """One page, unread first, then newest first. `somebody` is said where nobody in particular did it."""
    own = Notification.member_id == actor.id, Notification.listed
    total = db.session.scalar(select(func.count(Notification.id)).where(*own)) or 0
    rows = list(
        db.session.scalars(
            select(Notification)
            .where(*own)
            .order_by(Notification.read_at.is_not(None), Notification.at.desc(), Notification.id.desc())
            .limit(A_PAGE)
            .offset((number - 1) * A_PAGE)
            .options(joinedload(Notification.actor))
        )
    )
    readable = threads_by_id(actor, {row.thread_id for row in rows if row.thread_id is not None})
    items = [_item(row, somebody, shown=row.thread_id is None or row.thread_id in readable) for row in rows]
    return Page(items, number, A_PAGE, total)


def _item(row: Notification, somebody: str, *, shown: bool) -> Item:
    kind = kinds.kind(row.kind)
    return Item(
        id=row.id,
        sentence=kind.say(row.actor.name if row.actor else somebody),
        title=row.title if shown else "",
        url=row.url if shown else "",
        icon=kind.icon,
        at=row.at,
        unread=row.read_at is None,
    )


def own(actor: Actor, notification_id: int) -> Notification | None:
    """One of the actor's own."""
    return db.session.scalar(
        select(Notification).where(Notification.id == notification_id, Notification.member_id == actor.id)
    )
