"""The inbox: a person's own news, gathered by what they are about, without what they may no longer read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor

from . import kinds
from .models import Notification
from .reading import Readable, readable

A_PAGE = 30

_UNREAD = Notification.read_at.is_(None)


@dataclass(frozen=True)
class Item:
    """News of one kind about one thing, as their receiver sees them; `id` is that of the newest.

    `title` and `url` are empty once it may not be read.
    """

    id: int
    sentence: str
    title: str
    url: str
    icon: str
    at: datetime
    unread: bool
    language: str = ""


def inbox(actor: Actor, number: int, *, somebody: str) -> Page[Item]:
    """One page, unread first, then newest first. `somebody` is said where nobody in particular did it."""
    groups = _groups(actor, number)
    leading = {group.first_unread or group.newest for group in groups} | {group.newest for group in groups}
    rows = db.session.scalars(
        select(Notification).where(Notification.id.in_(leading)).options(joinedload(Notification.actor))
    ).all()
    by_id = {row.id: row for row in rows}
    known = readable(actor, rows)
    items = [_item(group, by_id, somebody, known) for group in groups]
    return Page(items, number, A_PAGE, groups[0].groups if groups else 0)


def _about() -> tuple[ColumnElement[Any], ...]:
    """News of one kind in one thread are one entry; others stand alone, or with those of their title."""
    together = and_(Notification.thread_id.is_(None), Notification.kind.in_(kinds.gathered()))
    alone = case((together, 0), else_=-Notification.event_id)
    return func.coalesce(Notification.thread_id, alone), case((together, Notification.title), else_="")


def _groups(actor: Actor, number: int) -> Sequence[Row[Any]]:
    """What is counted of each entry: of those that are unread, else of all, how many news by how many people."""
    unread = func.count(case((_UNREAD, 1)))
    people = func.count(func.distinct(Notification.actor_id))
    people_unread = func.count(func.distinct(case((_UNREAD, Notification.actor_id))))
    return db.session.execute(
        select(
            func.max(Notification.id).label("newest"),
            func.min(case((_UNREAD, Notification.id))).label("first_unread"),
            unread.label("unread"),
            case((unread > 0, unread), else_=func.count()).label("news"),
            case((unread > 0, people_unread), else_=people).label("people"),
            func.count().over().label("groups"),
        )
        .where(Notification.member_id == actor.id, Notification.listed)
        .group_by(Notification.kind, *_about())
        .order_by(case((unread > 0, 0), else_=1), func.max(Notification.at).desc(), func.max(Notification.id).desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()


def _item(group: Row[Any], by_id: dict[int, Notification], somebody: str, known: Readable) -> Item:
    newest, first = by_id[group.newest], by_id[group.first_unread or group.newest]
    kind, shown = kinds.kind(newest.kind), newest.id in known.ids
    thread = known.threads.get(newest.thread_id or 0)
    name = newest.actor.name if newest.actor else somebody
    return Item(
        id=newest.id,
        sentence=kind.say(name) if group.news == 1 else kind.say_together(name, group.news, group.people),
        title=newest.title if shown else "",
        url=first.url if shown and first.id in known.ids else "",
        icon=kind.icon,
        at=newest.at,
        unread=group.unread > 0,
        language=thread.language if shown and thread is not None else "",
    )


def own(actor: Actor, notification_id: int) -> Notification | None:
    """One of the actor's own."""
    return db.session.scalar(
        select(Notification).where(Notification.id == notification_id, Notification.member_id == actor.id)
    )
