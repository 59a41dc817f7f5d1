"""Measures on content: taken from view or closed, and put back exactly as it was."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.core.db import db
from community.core.events import EventRecord
from community.forum import operations
from community.forum.arranging import operations as arranging
from community.forum.events import ThreadClosed, ThreadReopened
from community.forum.models import Thread

from .measures import MeasureKind, others_standing, register_measure
from .models import Measure
from .targets import target_kind
from .words import kept_reason


def _hide(measure: Measure) -> dict[str, Any]:
    kind = target_kind(measure.target_kind)
    if kind is None or kind.hide is None:
        raise LookupError(f"{measure.target_kind} cannot be taken from view")
    before = kind.hide(measure.target_id, kept_reason(measure), measure.by_id)
    standing = others_standing(measure)
    return dict(standing[0].before) if standing else before


def _show(measure: Measure, by_id: int | None) -> None:
    """Not while another measure keeps it from view."""
    kind = target_kind(measure.target_kind)
    if kind is not None and kind.show is not None and not others_standing(measure):
        kind.show(measure.target_id, measure.before, by_id)


def _thread(measure: Measure) -> Thread:
    db.session.flush()
    return db.session.get_one(Thread, measure.target_id, with_for_update={"of": Thread}, populate_existing=True)


def _lock(measure: Measure) -> dict[str, Any]:
    """A duplicate that would open again by being none any more stays closed while this stands."""
    thread, tie = _thread(measure), arranging.original_of(measure.target_id)
    was_closed = thread.closed_at is not None and not (tie is not None and tie.reopens)
    if thread.closed_at is None:
        operations.close(thread, by_id=measure.by_id, reason=kept_reason(measure))
    if tie is not None:
        tie.reopens = False
    standing = others_standing(measure)
    return dict(standing[0].before) if standing else {"closed": was_closed, "since": _last_said(thread)}


def _unlock(measure: Measure, by_id: int | None) -> None:
    """Open again, if it is closed as this left it; what became a duplicate meanwhile opens when it is none any more."""
    thread = _thread(measure)
    gone_on = thread.closed_at is None or thread.merged_into_id is not None
    if measure.before.get("closed") or gone_on or others_standing(measure):
        return
    if measure.before.get("since") != _last_said(thread):
        return
    tie = arranging.original_of(thread.id)
    if tie is not None:
        tie.reopens = True
    else:
        operations.reopen(thread, by_id=by_id)


def _last_said(thread: Thread) -> int:
    """The last fact that says whether the thread takes replies; 0 where nobody ever said so."""
    db.session.flush()
    said = EventRecord.name.in_((ThreadClosed.name, ThreadReopened.name))
    last = select(func.max(EventRecord.id)).where(EventRecord.subject == f"thread:{thread.id}", said)
    return db.session.scalar(last) or 0


register_measure(MeasureKind("hide", _l("Taken from view"), _l("What you wrote was taken from view"), _hide, _show))
register_measure(
    MeasureKind("lock", _l("Thread closed"), _l("Your thread was closed"), _lock, _unlock, ends_by_itself=True)
)
