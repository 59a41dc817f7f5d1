"""Saying when something happens, saying it anew, and calling it off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import case, or_, select, update

from community.core import events
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.spaces.models import Space

from ..events import ThreadMoved
from ..models import Kind, Thread
from ..policies import ANNOUNCE
from .events import DateCancelled, DateSet
from .models import ThreadEvent


@dataclass(frozen=True)
class When:
    """From when until when, in which time zone it is shown, and a place or a link."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str = ""


def can_set(actor: Actor, thread: Thread) -> bool:
    """Whoever may announce says when what is announced happens, while it is in view; also where that was merged to."""
    announced = thread.kind == Kind.ANNOUNCEMENT or thread.has_event
    return announced and thread.hidden_at is None and actor.can(ANNOUNCE)


def set_date(thread: Thread, when: When, *, by_id: int | None) -> None:
    """Say when it happens, for the first time or anew; what was called off happens again. The same again is no change.

    The announcement's page and its space know of it by a field of their own, so that others cost nothing.
    """
    row = _locked(thread.id)
    if row is not None and when_of(row) == when and row.cancelled_at is None:
        return
    if row is None:
        values = vars(when) | {"uid": str(uuid4()), "sequence": 0}
        db.session.add(ThreadEvent(thread_id=thread.id, changed_at=utcnow(), **values))
        thread.has_event = True
    else:
        row.starts_at, row.ends_at, row.zone, row.place = when.starts_at, when.ends_at, when.zone, when.place
        row.cancelled_at = None
        _count(row)
    _tell_space(thread.space_id, when.ends_at)
    thread.touch()
    events.record(DateSet(actor_id=by_id, thread_id=thread.id, changed=row is not None))


def when_of(row: ThreadEvent) -> When:
    """What holds."""
    return When(row.starts_at, row.ends_at, row.zone, row.place)


def cancel(thread: Thread, *, by_id: int | None) -> None:
    """Call it off: it stays where it is and says so, for those who have it in their calendars."""
    row = _locked(thread.id)
    if row is None or row.cancelled_at is not None:
        return
    row.cancelled_at = utcnow()
    _count(row)
    thread.touch()
    events.record(DateCancelled(actor_id=by_id, thread_id=thread.id))


def move(source: Thread, target: Thread) -> None:
    """Take the event of a thread into another one, the same event in calendars; one that is there already stays."""
    row = _locked(source.id)
    if row is None or target.has_event:
        return
    _count(row)
    row.thread_id = target.id
    source.has_event, target.has_event = False, True
    _tell_space(target.space_id, row.ends_at)
    target.touch()


def _count(row: ThreadEvent) -> None:
    row.sequence += 1
    row.changed_at = utcnow()


def _locked(thread_id: int) -> ThreadEvent | None:
    """The event, for one change at a time, so that each raises its number."""
    found = select(ThreadEvent).where(ThreadEvent.thread_id == thread_id).with_for_update()
    return db.session.scalar(found.execution_options(populate_existing=True))


def _tell_space(space_id: int, ends_at: datetime) -> None:
    """Until when the space may have something to come."""
    sooner = or_(Space.events_until.is_(None), Space.events_until < ends_at)
    later = case((sooner, ends_at), else_=Space.events_until)
    db.session.execute(update(Space).where(Space.id == space_id).values(events_until=later))


@subscribe(ThreadMoved)
def tell_new_space(event: ThreadMoved, _fact: Fact) -> None:
    """The space that a thread came to knows of its event."""
    row = db.session.get(ThreadEvent, event.thread_id)
    if row is not None:
        _tell_space(event.to_space_id, row.ends_at)
