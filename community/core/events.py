"""Facts: typed, past tense, recorded with one delivery per subscriber in the same transaction (the outbox)."""

import dataclasses
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base, db, utcnow
from .jobs import Delivery, wake_after_commit

BigId = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every fact carries. Subclasses set `name` as `package.subject.happened` and never rename it."""

    name: ClassVar[str]
    actor_id: int | None = None
    subject: ClassVar[str] = ""


class EventRecord(Base):
    """A fact as stored: at once timeline, audit trail, notification source, points source and outbox."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    subject: Mapped[str] = mapped_column(String(60), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


E = TypeVar("E", bound=Event)

type_by_name: dict[str, type[Event]] = {}
_subscribers: dict[str, list[str]] = {}
_handlers: dict[str, Callable[[Any, "Fact"], None]] = {}


@dataclass(frozen=True)
class Fact:
    """What a subscriber learns beside the event itself: which record it was and when it happened."""

    id: int
    at: datetime


def subscribe(*kinds: type[E]) -> Callable[[Callable[[E, Fact], None]], Callable[[E, Fact], None]]:
    """Let a function react to facts, as a job of its own, after the commit, possibly twice, in any order."""

    def register(handler: Callable[[E, Fact], None]) -> Callable[[E, Fact], None]:
        key = f"{handler.__module__}.{handler.__qualname__}"
        _handlers[key] = handler
        for kind in kinds:
            type_by_name[kind.name] = kind
            listening = _subscribers.setdefault(kind.name, [])
            if key not in listening:
                listening.append(key)
        return handler

    return register


def subscribers() -> dict[str, list[str]]:
    """Who listens to what: event name to handler names."""
    return {name: list(keys) for name, keys in sorted(_subscribers.items())}


def record(event: Event, *, at: datetime | None = None) -> None:
    """Write the fact and one delivery row per subscriber into the present transaction."""
    row = EventRecord(
        name=event.name,
        at=at or utcnow(),
        actor_id=event.actor_id,
        subject=_subject_of(event),
        payload=dataclasses.asdict(event),
    )
    db.session.add(row)
    db.session.flush()
    listening = _subscribers.get(event.name)
    if listening:
        due = [{"handler": handler, "event_id": row.id, "run_at": utcnow()} for handler in listening]
        db.session.execute(insert(Delivery), due)
    wake_after_commit()


def deliver(handler: str, event_id: int) -> None:
    """Hand one recorded fact to one subscriber. Raises `KeyError` when the subscriber is not loaded."""
    row = db.session.get_one(EventRecord, event_id)
    event = restore(row)
    _handlers[handler](event, Fact(row.id, row.at))


def restore(row: EventRecord) -> Event:
    """The typed event of a stored row. Fields that a newer version added take their defaults."""
    kind = type_by_name[row.name]
    known = {f.name: f.type for f in dataclasses.fields(kind)}
    return kind(**{key: _typed(known[key], value) for key, value in row.payload.items() if key in known})


def _typed(annotation: Any, value: Any) -> Any:
    """JSON has no tuples; a field declared as one gets it back."""
    origin = typing.get_origin(annotation)
    if origin is tuple and isinstance(value, list):
        return tuple(value)
    if origin is types.UnionType and isinstance(value, list):
        return tuple(value)
    return value


def _subject_of(event: Event) -> str:
    field = type(event).subject
    return f"{field.removesuffix('_id')}:{getattr(event, field)}" if field else ""
