"""Taking measures and putting them back. Each kind says how it works and how it is reversed, exactly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Required, TypedDict, Unpack

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, Select, func, select

from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import every

from .events import MeasureEnded, MeasureTaken
from .models import Measure
from .rules import LADDER_FORGETS, next_step

AT_ONCE = 200

Act = Callable[[Measure], dict[str, Any]]
Back = Callable[[Measure, int | None], None]


@dataclass(frozen=True)
class MeasureKind:
    """One kind of measure.

    `act(measure)` has the effect and returns what reversing needs; `back(measure, by_id)` reverses it. Both lock what
    they change. `said` is told to the person concerned; `record` stands in the public log. `lasts` is whether there is
    an end, by the ladder unless one was given; one that `ends_by_itself` is reversed by a job when its time has come.
    """

    key: str
    label: LazyString
    said: LazyString
    act: Act
    back: Back | None
    lasts: bool = False
    ends_by_itself: bool = False
    appealable: bool = True


_kinds: dict[str, MeasureKind] = {}


def register_measure(kind: MeasureKind) -> None:
    """Let moderators take one more kind of measure."""
    _kinds[kind.key] = kind


def measure_kind(key: str) -> MeasureKind:
    """A registered kind. Raises `KeyError` for an unknown one."""
    return _kinds[key]


def label_of(key: str) -> str:
    """What a kind is called; its key where its package is not loaded."""
    return str(_kinds[key].label) if key in _kinds else key


class Against(TypedDict, total=False):
    """Whom and what a measure is against, by which rule, in which words, and until when.

    `about` is in `before` when it acts, for kinds that must know more than whom and what.
    """

    rule: Required[str]
    member_id: Required[int | None]
    by_id: Required[int | None]
    space_id: int | None
    target_kind: str
    target_id: int
    words: str
    removed: str
    until: datetime | None
    case_id: int | None
    act_id: int | None
    about: dict[str, Any] | None


def take(kind: str, **against: Unpack[Against]) -> Measure:
    """Take a measure: it acts, goes on the record, and the person concerned is told by a job."""
    known, member_id = measure_kind(kind), against["member_id"]
    columns = {name: value for name, value in against.items() if name not in ("about", "until")}
    until = against.get("until")
    if known.lasts and until is None and member_id is not None:
        until = utcnow() + next_step(earlier(kind, member_id))
    measure = Measure(kind=kind, until=until, before=against.get("about") or {}, at=utcnow(), **columns)
    db.session.add(measure)
    db.session.flush()
    measure.before = known.act(measure)
    events.record(MeasureTaken(actor_id=against["by_id"], measure_id=measure.id, kind=kind, member_id=member_id))
    return measure


def end(measure: Measure, *, by_id: int | None, how: str) -> bool:
    """Reverse a measure once: everything is put back as it was; False where it ended before or cannot be reversed."""
    measure = db.session.get_one(Measure, measure.id, with_for_update=True, populate_existing=True)
    back = measure_kind(measure.kind).back
    if measure.ended_at is not None or back is None:
        return False
    measure.ended_at, measure.ended_by_id, measure.ended_how = utcnow(), by_id, how
    db.session.flush()
    back(measure, by_id)
    events.record(MeasureEnded(actor_id=by_id, measure_id=measure.id, how=how, member_id=measure.member_id))
    return True


def stand_again(measure: Measure) -> None:
    """One that gave way to another, which is taken back now: it stands as before. The other still has its effect."""
    if measure.ended_how != "replaced":
        return
    measure.ended_at, measure.ended_by_id, measure.ended_how = None, None, ""
    db.session.flush()
    measure_kind(measure.kind).act(measure)


def earlier(kind: str, member_id: int) -> int:
    """How many such measures against a person stand on the record of the last year; reversed ones do not count."""
    since = utcnow() - LADDER_FORGETS
    counted = select(func.count(Measure.id)).where(
        Measure.kind == kind,
        Measure.member_id == member_id,
        Measure.at > since,
        Measure.ended_how.not_in(("appeal", "undone")),
    )
    return db.session.scalar(counted) or 0


def others_standing(measure: Measure) -> list[Measure]:
    """Other measures of the same kind that stand against the same thing, or the same person where it is about one."""
    same = _against(measure.target_kind, measure.target_id)
    about = same if measure.target_kind else Measure.member_id == measure.member_id
    return _standing(_not_ended(measure.kind, about, Measure.id != measure.id).order_by(Measure.id))


def standing_against_person(kind: str, member_id: int) -> list[Measure]:
    """The measures of this kind that stand against a person."""
    return _standing(_not_ended(kind, Measure.member_id == member_id).order_by(Measure.id))


def all_standing_against(target_kind: str, target_id: int, kind: str) -> list[Measure]:
    """The measures of this kind that stand against a thing, the newest first."""
    return _standing(_not_ended(kind, _against(target_kind, target_id)).order_by(Measure.id.desc()))


def standing_against(target_kind: str, target_id: int, kind: str) -> Measure | None:
    """The newest measure of this kind against a thing that nobody and no job has ended."""
    found = _not_ended(kind, _against(target_kind, target_id))
    return db.session.scalar(found.order_by(Measure.id.desc()).limit(1))


def _against(target_kind: str, target_id: int) -> ColumnElement[bool]:
    return (Measure.target_kind == target_kind) & (Measure.target_id == target_id)


def _not_ended(kind: str, *about: ColumnElement[bool]) -> Select[Measure]:
    return select(Measure).where(Measure.kind == kind, Measure.ended_at.is_(None), *about)


def _standing(found: Select[Measure]) -> list[Measure]:
    now = utcnow()
    return [one for one in db.session.scalars(found) if one.stands(now)]


def ran_out(member_id: int) -> list[Measure]:
    """What ends by itself against a person and whose time has come."""
    return list(db.session.scalars(_over().where(Measure.member_id == member_id)))


def _over() -> Select[Measure]:
    kinds = [kind.key for kind in _kinds.values() if kind.ends_by_itself]
    over = select(Measure).where(Measure.kind.in_(kinds), Measure.ended_at.is_(None), Measure.until <= utcnow())
    return over.order_by(Measure.id)


@every(minutes=1)
def end_what_ran_out() -> None:
    """Reverse what was set to end by now; what was only words or a limit in time needs nothing."""
    for measure in db.session.scalars(_over().limit(AT_ONCE)).all():
        end(measure, by_id=None, how="over")


register_measure(MeasureKind("warn", _l("Warning"), _l("You were warned"), lambda _measure: {}, lambda _m, _by: None))
