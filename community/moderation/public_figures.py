"""What everybody may know of the measures in a space: kinds, rules and numbers, never who or what it was about."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select

from community.core.db import db, utcnow
from community.core.paging import Page
from community.core.policies import Actor
from community.forum.models import Post, Thread

from .models import Appeal, Case, Flag, FlagState, Measure
from .policies import REVIEW

A_PAGE = 50
MONTHS = 12
# From so many on nobody is recognised in a number.
FEWEST = 3


@dataclass(frozen=True)
class Line:
    """One measure as everybody sees it."""

    kind: str
    rule: str
    day: datetime
    by_person: bool
    ended_how: str


@dataclass
class Month:
    """The figures of one month. Numbers below three are not shown exactly."""

    first: date
    flags: int = 0
    upheld: int = 0
    rejected: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    appeals: int = 0
    reversed: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def median_hours(self) -> float | None:
        """How long a decision took in the middle case; nothing for fewer than three."""
        return median(self.hours) if len(self.hours) >= FEWEST else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.flags or self.kinds or self.appeals or self.hours)


MonthOf = Callable[[datetime | None], Month | None]


def log(space_id: int, actor: Actor, number: int) -> Page[Line]:
    """A page of the measures of a space, newest first."""
    found = _public(space_id, actor)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = db.session.scalars(found.order_by(Measure.id.desc()).offset((number - 1) * A_PAGE).limit(A_PAGE))
    return Page([_line(row) for row in rows], number, A_PAGE, total)


def _line(row: Measure) -> Line:
    return Line(row.kind, row.rule, row.at, row.by_id is not None, row.ended_how)


def _public(space_id: int, actor: Actor) -> Select[Measure]:
    """Measures of a space without those about what only staff or an organisation reads, but for who moderates all."""
    found = select(Measure).where(Measure.space_id == space_id)
    return found if actor.can(REVIEW) else found.where(_about_open_content())


def _about_open_content() -> ColumnElement[bool]:
    inner = or_(Thread.restricted.is_(True), Thread.organisation_id.is_not(None))
    threads = select(Thread.id).where(inner)
    posts = select(Post.id).join(Thread, Thread.id == Post.thread_id).where(inner)
    of_thread = (Measure.target_kind == "thread") & Measure.target_id.in_(threads)
    of_post = (Measure.target_kind == "post") & Measure.target_id.in_(posts)
    staff_only = Measure.case_id.in_(select(Case.id).where(Case.staff_only.is_(True)))
    return ~of_thread & ~of_post & func.coalesce(~staff_only, True)


def months(space_id: int, actor: Actor, zone: ZoneInfo) -> list[Month]:
    """The last twelve months, the present one first, up to the first in which anything happened."""
    found = _begin(utcnow().astimezone(zone).date())
    since = datetime.combine(found[-1].first, datetime.min.time(), zone)
    by_first = {month.first: month for month in found}

    def of(moment: datetime | None) -> Month | None:
        return by_first.get(moment.astimezone(zone).date().replace(day=1)) if moment and moment >= since else None

    everything = actor.can(REVIEW)
    _count_cases(space_id, everything, since, of)
    for row in db.session.scalars(_public(space_id, actor).where(Measure.at >= since)):
        if (month := of(row.at)) is not None:
            month.kinds[row.kind] += 1
    _count_appeals(space_id, actor, of)
    while len(found) > 1 and found[-1].is_empty:
        found.pop()
    return found


def _begin(today: date) -> list[Month]:
    first, found = today.replace(day=1), []
    for _number in range(MONTHS):
        found.append(Month(first))
        first = (
            first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
        )
    return found


def _count_cases(space_id: int, everything: bool, since: datetime, of: MonthOf) -> None:
    open_to_all = [] if everything else [Case.staff_only.is_(False)]
    flags = select(Flag.at, Flag.state).join(Flag.case).where(Case.space_id == space_id, Flag.at >= since, *open_to_all)
    for at, state in db.session.execute(flags.where(Flag.state != FlagState.WITHDRAWN)):
        month = of(at)
        if month is not None:
            month.flags += 1
            month.upheld += state == FlagState.UPHELD
            month.rejected += state == FlagState.REJECTED
    decided = select(Case.opened_at, Case.decided_at).where(
        Case.space_id == space_id, Case.decided_at >= since, Case.decided_by_id.is_not(None), *open_to_all
    )
    for opened, ended in db.session.execute(decided):
        month = of(ended)
        if month is not None and ended is not None:
            month.hours.append((ended - opened).total_seconds() / 3600)


def _count_appeals(space_id: int, actor: Actor, of: MonthOf) -> None:
    concerned = _public(space_id, actor).with_only_columns(Measure.id)
    for at, outcome in db.session.execute(select(Appeal.at, Appeal.outcome).where(Appeal.measure_id.in_(concerned))):
        month = of(at)
        if month is not None:
            month.appeals += 1
            month.reversed += outcome == "reversed"


def kinds_in(found: Iterable[Month]) -> Sequence[str]:
    """The kinds of measures that were taken in any of these months."""
    return sorted({kind for month in found for kind in month.kinds})
