"""Broken rules, read through the actor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.moderation.models import Case, CaseState
from community.superusers.moments import MONTH, cut

from .models import KIND, Deviation
from .policies import REVIEW_DEVIATIONS, can_read

A_PAGE = 25
WAITS = "waits"
MONTHS = 24


@dataclass(frozen=True)
class Wanted:
    """What of the list is asked for; empty means all. `month` is written 2026-11."""

    rule: str = ""
    outcome: str = ""
    month: str = ""


@dataclass(frozen=True)
class Counts:
    """How many there are, by rule, by outcome and by month, the months newest first."""

    total: int
    rules: Sequence[tuple[str, int]]
    outcomes: Sequence[tuple[str, int]]
    months: Sequence[tuple[str, int]]


def _readable(actor: Actor) -> ColumnElement[bool]:
    if actor.can(REVIEW_DEVIATIONS):
        return true()
    return or_(Deviation.member_id == actor.id, Deviation.by_id == actor.id)


def _month() -> ColumnElement[str]:
    return cut(Deviation.at, MONTH)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.rule:
        found.append(Deviation.rule == wanted.rule)
    if wanted.outcome:
        found.append(Deviation.outcome == ("" if wanted.outcome == WAITS else wanted.outcome))
    if wanted.month:
        found.append(_month() == wanted.month)
    return found


def page_of(actor: Actor, wanted: Wanted, number: int) -> Page[Deviation]:
    """A page of those that the actor may read, newest first."""
    conditions = [_readable(actor), *_narrowed(wanted)]
    total = db.session.scalar(select(func.count(Deviation.id)).where(*conditions)) or 0
    rows = db.session.scalars(
        select(Deviation)
        .where(*conditions)
        .order_by(Deviation.at.desc(), Deviation.id.desc())
        .offset((number - 1) * A_PAGE)
        .limit(A_PAGE)
        .options(joinedload(Deviation.by), joinedload(Deviation.space))
    ).all()
    return Page(rows, number, A_PAGE, total)


def counts(actor: Actor) -> Counts:
    """What the actor may read, counted, whatever the filter."""
    outcomes = _counted(actor, Deviation.outcome)
    return Counts(
        total=sum(number for _key, number in outcomes),
        rules=sorted(_counted(actor, Deviation.rule), key=lambda row: -row[1]),
        outcomes=[(key or WAITS, number) for key, number in sorted(outcomes)],
        months=sorted(_counted(actor, _month()), reverse=True)[:MONTHS],
    )


def _counted(actor: Actor, by: Any) -> list[tuple[str, int]]:
    rows = db.session.execute(select(by, func.count(Deviation.id)).where(_readable(actor)).group_by(by))
    return [(str(key), int(number)) for key, number in rows]


def deviation_for(actor: Actor, deviation_id: int) -> Deviation | None:
    """One that the actor may read."""
    found = db.session.get(Deviation, deviation_id)
    return found if found is not None and can_read(actor, found) else None


def readable_among(actor: Actor, deviation_ids: Collection[int]) -> set[int]:
    """Those of them that the actor may read."""
    return set(db.session.scalars(select(Deviation.id).where(Deviation.id.in_(deviation_ids), _readable(actor))))


def has_own(actor: Actor) -> bool:
    """Whether the actor ever recorded or did one."""
    own = or_(Deviation.member_id == actor.id, Deviation.by_id == actor.id)
    return db.session.scalar(select(Deviation.id).where(own).limit(1)) is not None


def waiting_case_of(deviation: Deviation) -> int | None:
    """The id of the case in which it waits for a look."""
    waits = (Case.kind == KIND, Case.target_kind == KIND, Case.target_id == deviation.id)
    return db.session.scalar(select(Case.id).where(*waits, Case.state != CaseState.DECIDED))
