"""Messages that an older renderer made."""

from sqlalchemy import func, select

from community.core.db import db
from community.core.markup import RENDERER_VERSION
from community.core.rerendering import Texts, sources

from .models import Message
from .operations import show

_OLD = Message.renderer_version < RENDERER_VERSION


def waiting() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(Message.id)).where(_OLD)) or 0


def renew(after: int, limit: int) -> tuple[int, int] | None:
    """Make the next messages again."""
    statement = select(Message).where(_OLD, Message.id > after).order_by(Message.id).limit(limit)
    messages = list(db.session.scalars(statement.with_for_update(of=Message)))
    for message in messages:
        show(message)
    return (messages[-1].id, len(messages)) if messages else None


def register() -> None:
    """Let `isthmus rerender` know of messages."""
    sources["messages"] = Texts(waiting, renew)
