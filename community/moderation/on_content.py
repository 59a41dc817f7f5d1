"""Measures on content: taken from view or closed, and put back exactly as it was."""

from typing import Any

from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.forum import operations
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
    thread = _thread(measure)
    was_closed = thread.closed_at is not None
    if not was_closed:
        operations.close(thread, by_id=measure.by_id, reason=kept_reason(measure))
    standing = others_standing(measure)
    return dict(standing[0].before) if standing else {"closed": was_closed}


def _unlock(measure: Measure, by_id: int | None) -> None:
    thread = _thread(measure)
    if not measure.before.get("closed") and thread.closed_at is not None and not others_standing(measure):
        operations.reopen(thread, by_id=by_id)


register_measure(MeasureKind("hide", _l("Taken from view"), _l("What you wrote was taken from view"), _hide, _show))
register_measure(
    MeasureKind("lock", _l("Thread closed"), _l("Your thread was closed"), _lock, _unlock, ends_by_itself=True)
)
