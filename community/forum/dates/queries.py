"""Which events a reader finds, and how they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date, format_time, get_timezone, get_timezone_name
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager

from community.core import i18n
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.spaces.models import Space

from .. import queries
from ..models import Thread
from .models import ThreadEvent

SHOWN_IN_SPACE = 5
MOST_IN_CALENDAR = 500
PAST_IN_CALENDAR = timedelta(days=90)


@dataclass(frozen=True)
class Span:
    """From when until when, in words, in one time zone."""

    begins: str
    ends: str
    zone: str


@dataclass(frozen=True)
class Shown:
    """An event on a page: in its own time zone, and in the reader's where the clocks differ."""

    event: ThreadEvent
    there: Span
    here: Span | None

    @property
    def link(self) -> str:
        """The place, where it is an address in the web."""
        place = self.event.place
        return place if place.startswith(("https://", "http://")) and " " not in place else ""


def event_of(thread: Thread) -> Shown | None:
    """The event of a thread; asks nothing where the thread has none."""
    row = db.session.get(ThreadEvent, thread.id) if thread.has_event else None
    return shown(row) if row is not None else None


def shown(event: ThreadEvent) -> Shown:
    """An event in the reader's language."""
    own, mine = event.zone, i18n.zone().key
    there, here = (_span(event.starts_at, event.ends_at, zone) for zone in (own, mine))
    differs = (there.begins, there.ends) != (here.begins, here.ends)
    return Shown(event, there, here if differs and i18n.time_zone() else None)


def _span(starts_at: datetime, ends_at: datetime, zone_name: str) -> Span:
    zone, locale = get_timezone(zone_name), i18n.locale()
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)

    def day(moment: datetime) -> str:
        return str(format_date(moment, "full", locale=locale))

    def time(moment: datetime) -> str:
        return str(format_time(moment, "short", locale=locale, tzinfo=zone))

    ends = time(last) if first.date() == last.date() else f"{day(last)} {time(last)}"
    name = str(get_timezone_name(first, width="long", locale=locale))
    return Span(f"{day(first)} {time(first)}", ends, name if zone_name == "UTC" else f"{name} ({zone_name})")


def upcoming_in(space: Space, actor: Actor) -> list[Shown]:
    """What is to come in a space, soonest first; asks nothing where there is nothing to come."""
    if space.events_until is None or space.events_until <= utcnow():
        return []
    coming = ThreadEvent.ends_at > utcnow(), Thread.space_id == space.id
    rows = _readable(actor, *coming, limit=SHOWN_IN_SPACE)
    return [shown(row) for row in rows]


def for_calendar(actor: Actor, space: Space | None = None) -> Sequence[ThreadEvent]:
    """What the reader may read, in one space or everywhere, from a quarter of a year ago on."""
    narrowed = [Thread.space_id == space.id] if space is not None else []
    return _readable(actor, ThreadEvent.ends_at > utcnow() - PAST_IN_CALENDAR, *narrowed, limit=MOST_IN_CALENDAR)


def _readable(actor: Actor, *conditions: ColumnElement[bool], limit: int) -> Sequence[ThreadEvent]:
    wanted = (
        select(ThreadEvent)
        .join(ThreadEvent.thread)
        .join(Thread.space)
        .where(queries.visible(actor), *conditions)
        .order_by(ThreadEvent.starts_at, ThreadEvent.thread_id)
        .limit(limit)
        .options(contains_eager(ThreadEvent.thread).contains_eager(Thread.space))
    )
    return db.session.scalars(wanted).all()
