"""When people are away: one truth for everybody who asks, whoever keeps the days.

Each package that keeps such days gives them here as a statement; they are always read together, in one statement.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from flask import current_app
from sqlalchemy import ColumnElement, SelectBase, Subquery, false, null, or_, select, type_coerce, union_all

from community.core.db import UtcDateTime, db

from .models import Member

Away = Mapping[int, date]
Find = Callable[[set[int]], Away]
Span = tuple[datetime, datetime]

_sources: dict[str, SelectBase] = {}


def add_source(name: str, spans: SelectBase) -> None:
    """Give days: a statement with `member_id`, `starts_at` (None: long ago), `ends_at` and `shown`, in this order."""
    _sources[name] = spans


def can_take_part(moment: datetime) -> ColumnElement[bool]:
    """The members whom others can count on: neither suspended nor silenced at the moment. Absences are not asked."""
    return Member.suspended_at.is_(None) & or_(Member.silenced_until.is_(None), Member.silenced_until <= moment)


def takes_part(member: Member, moment: datetime) -> bool:
    """The same of one member."""
    silenced = member.silenced_until is not None and member.silenced_until > moment
    return member.suspended_at is None and not silenced


def spans() -> Subquery:
    """Everybody's absences, whoever keeps them, as columns of the four names above."""
    return union_all(*(_sources[name] for name in sorted(_sources))).subquery()


def absences_of(member_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[Span]]:
    """When members are away between two moments, whether they tell others or not; by their begin, in one statement."""
    wanted = set(member_ids)
    if not wanted or not _sources:
        return {}
    each = spans()
    begun = or_(each.c.starts_at.is_(None), each.c.starts_at < until)
    rows = db.session.execute(
        select(each.c.member_id, each.c.starts_at, each.c.ends_at).where(
            each.c.member_id.in_(wanted), each.c.ends_at > since, begun
        )
    )
    found: dict[int, list[Span]] = {}
    for member_id, starts_at, ends_at in rows:
        found.setdefault(member_id, []).append((starts_at or since, ends_at))
    return {member_id: sorted(own) for member_id, own in found.items()}


def away_of(member_ids: Iterable[int]) -> Away:
    """Those of the members who are away now and let others know: the day, their own, on which they are back."""
    find: Find | None = current_app.extensions.get("isthmus.away")
    wanted = set(member_ids)
    return find(wanted) if find is not None and wanted else {}


# Whoever is silenced can do nothing for others until it is over, and why is told to nobody.
add_source(
    "silence",
    select(
        Member.id.label("member_id"),
        type_coerce(null(), UtcDateTime()).label("starts_at"),
        Member.silenced_until.label("ends_at"),
        false().label("shown"),
    ).where(Member.silenced_until.is_not(None)),
)
