"""Measures on people: silenced or suspended until a set time, and free again at once when that is taken back."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from community.accounts import suspending
from community.accounts.models import Member
from community.core.db import db

from .measures import MeasureKind, others_standing, register_measure
from .models import Measure

NO_END = timedelta(days=36500)


def _member(measure: Measure) -> Member:
    db.session.flush()
    return db.session.get_one(Member, measure.member_id, with_for_update={"of": Member}, populate_existing=True)


def _end_of(measures: list[Measure]) -> datetime | None:
    """The latest end of several measures; None where there is none."""
    return max((one.until or one.at + NO_END for one in measures), default=None)


def _silence(measure: Measure) -> dict[str, Any]:
    _member(measure).silenced_until = _end_of([measure, *others_standing(measure)])
    return {}


def _unsilence(measure: Measure, _by_id: int | None) -> None:
    _member(measure).silenced_until = _end_of(others_standing(measure))


def _suspend(measure: Measure) -> dict[str, Any]:
    suspending.suspend(_member(measure), by_id=measure.by_id)
    return {}


def _reinstate(measure: Measure, by_id: int | None) -> None:
    member = _member(measure)
    if not others_standing(measure):
        suspending.reinstate(member, by_id=by_id)


def is_endless(measure: Measure) -> bool:
    """Whether no end was set that anybody would wait for."""
    return measure.until is None or measure.until - measure.at > NO_END / 2


register_measure(
    MeasureKind(
        "silence", _l("Silenced"), _l("You may read, and write nothing, for a while"), _silence, _unsilence, lasts=True
    )
)
register_measure(
    MeasureKind(
        "suspend",
        _l("Suspended"),
        _l("Your account is suspended for a while"),
        _suspend,
        _reinstate,
        lasts=True,
        ends_by_itself=True,
    )
)
