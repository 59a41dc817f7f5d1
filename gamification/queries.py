"""What pages show of standings, read through whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import distinct, func, select

from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.public import ThreadSnapshot, threads_visible_to

from .models import LedgerEntry
from .rules import HELPED, HELPFUL, PUBLISHED, RULE_LIMITED, RULES, SOLVED, Source

PAGE = 30
LATELY = 5
HELPS = (SOLVED, HELPFUL, PUBLISHED, HELPED)


@dataclass(frozen=True)
class Line:
    """An entry of the ledger in words, with its thread where the reader may see it."""

    entry: LedgerEntry
    reason: str
    thread: ThreadSnapshot | None


def points_by_source(member_id: int) -> dict[Source, int]:
    """How many points came from where; limits are taken off where they apply."""
    rows = db.session.execute(
        select(LedgerEntry.rule, func.sum(LedgerEntry.points))
        .where(LedgerEntry.member_id == member_id)
        .group_by(LedgerEntry.rule)
    )
    totals = dict.fromkeys(Source, 0)
    for rule, points in rows:
        totals[RULES[RULE_LIMITED.get(rule, rule)].source] += int(points)
    return totals


def lines(actor: Actor, member_id: int, number: int) -> Page[Line]:
    """The member's ledger, newest first."""
    mine = LedgerEntry.member_id == member_id
    total = db.session.scalar(select(func.count(LedgerEntry.id)).where(mine)) or 0
    rows = db.session.scalars(
        select(LedgerEntry).where(mine).order_by(LedgerEntry.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    )
    return Page(_in_words(actor, list(rows)), number, PAGE, total)


@dataclass(frozen=True)
class Help:
    """A thread in which the member was of use lately."""

    thread: ThreadSnapshot
    accepted: bool
    votes: int


def helped_lately(actor: Actor, member_id: int) -> list[Help]:
    """Threads in which the member helped, the last help first, as far as the actor may read them."""
    standing = (
        select(
            LedgerEntry.cause_id, LedgerEntry.thread_id, LedgerEntry.rule, func.sum(LedgerEntry.points).label("points")
        )
        .where(LedgerEntry.member_id == member_id, LedgerEntry.rule.in_(HELPS), LedgerEntry.thread_id.is_not(None))
        .group_by(LedgerEntry.cause_id, LedgerEntry.thread_id, LedgerEntry.rule)
        .having(func.sum(LedgerEntry.points) > 0)
        .subquery()
    )
    is_solved = func.count(distinct(standing.c.cause_id)).filter(standing.c.rule == SOLVED)
    from_votes = func.coalesce(func.sum(standing.c.points).filter(standing.c.rule == HELPFUL), 0)
    rows = db.session.execute(
        select(standing.c.thread_id, is_solved, from_votes)
        .group_by(standing.c.thread_id)
        .order_by(func.max(standing.c.cause_id).desc())
        .limit(LATELY * 10)
    ).all()
    readable = threads_visible_to(actor, [row[0] for row in rows])
    each = RULES[HELPFUL].points
    seen = [Help(readable[id_], bool(solved), int(points) // each) for id_, solved, points in rows if id_ in readable]
    return seen[:LATELY]


def _in_words(actor: Actor, rows: list[LedgerEntry]) -> list[Line]:
    readable = threads_visible_to(actor, _threads_of(rows))
    return [Line(row, reason_of(row), readable.get(row.thread_id or 0)) for row in rows]


def _threads_of(rows: Iterable[LedgerEntry]) -> set[int]:
    return {row.thread_id for row in rows if row.thread_id is not None}


def reason_of(entry: LedgerEntry) -> str:
    """Why the entry is there, in words for whoever it concerns."""
    rule = RULE_LIMITED.get(entry.rule)
    if rule is not None:
        if entry.points > 0:
            return _("There is room again below the limit of the day")
        return _("Above the limit of %(most)s points a day", most=RULES[rule].daily or 0)
    reason = str(RULES[entry.rule].reason)
    if entry.points < 0:
        return _("Taken back: %(reason)s", reason=reason)
    return reason if entry.event_id == entry.cause_id else _("Given again: %(reason)s", reason=reason)
