"""Badges: eight things worth being proud of, each found in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import delete, func, select

from community.core.db import db

from .models import BadgeAward, LedgerEntry
from .rules import ACCEPTED, HELPED, HELPFUL, PUBLISHED, RULES, SOLVED, VALIDATED


@dataclass(frozen=True)
class Badge:
    """A badge: `count` things by one rule, about one and the same subject where `together`."""

    key: str
    name: LazyString
    reason: LazyString
    how: LazyString
    rule: str
    count: int
    together: bool = False


BADGES = (
    Badge(
        "first-light", _l("First light"), _l("A first answer was accepted"), _l("have an answer accepted"), SOLVED, 1
    ),
    Badge("keel", _l("Keel"), _l("Five answers were accepted"), _l("have five answers accepted"), SOLVED, 5),
    Badge(
        "pilot",
        _l("Pilot"),
        _l("Twenty-five answers were accepted"),
        _l("have twenty-five answers accepted"),
        SOLVED,
        25,
    ),
    Badge(
        "helping-hand",
        _l("Helping hand"),
        _l("Ten times somebody found a post helpful"),
        _l("write posts that are found helpful ten times"),
        HELPFUL,
        10,
    ),
    Badge("chart", _l("First chart"), _l("A first article was published"), _l("publish an article"), PUBLISHED, 1),
    Badge(
        "lighthouse",
        _l("Lighthouse"),
        _l("One article helped five people"),
        _l("write an article that helps five people"),
        HELPED,
        5,
        together=True,
    ),
    Badge(
        "sounding",
        _l("Sounding line"),
        _l("Three articles were checked"),
        _l("check three articles of others"),
        VALIDATED,
        3,
    ),
    Badge(
        "full-circle",
        _l("Full circle"),
        _l("Three times said which answer solved it"),
        _l("say three times which answer solved your question"),
        ACCEPTED,
        3,
    ),
)
BY_KEY = {badge.key: badge for badge in BADGES}


@dataclass(frozen=True)
class Merit:
    """Something that still counts: by which rule, about what, since when."""

    rule: str
    subject: str
    at: datetime


def merits_of(member_id: int) -> list[Merit]:
    """What the member is credited with now, oldest first; what was taken back is left out."""
    first = func.min(LedgerEntry.at)
    rows = db.session.execute(
        select(LedgerEntry.rule, LedgerEntry.subject, first, func.sum(LedgerEntry.points))
        .where(LedgerEntry.member_id == member_id, LedgerEntry.rule.in_(list(RULES)))
        .group_by(LedgerEntry.cause_id, LedgerEntry.rule, LedgerEntry.subject)
        .having(func.sum(LedgerEntry.points) > 0)
        .order_by(first, LedgerEntry.cause_id)
    )
    return [
        Merit(rule, subject, at) for rule, subject, at, points in rows for _each in range(points // RULES[rule].points)
    ]


def reached(badge: Badge, merits: Sequence[Merit]) -> tuple[int, datetime | None]:
    """How many of the badge's things are done, and when the last one needed was."""
    subjects = {merit.subject for merit in merits} if badge.together else {""}
    runs = [
        [merit.at for merit in merits if merit.rule == badge.rule and subject in ("", merit.subject)]
        for subject in subjects
    ]
    full = [run[badge.count - 1] for run in runs if len(run) >= badge.count]
    most = max((len(run) for run in runs), default=0)
    return min(most, badge.count), min(full, default=None)


def settle_badges(member_id: int) -> None:
    """Award what the ledger shows, and withdraw what it no longer does."""
    merits = merits_of(member_id)
    earned = {badge.key: at for badge in BADGES if (at := reached(badge, merits)[1]) is not None}
    rows = db.session.scalars(select(BadgeAward).where(BadgeAward.member_id == member_id))
    held = {row.badge: row for row in rows}
    gone = [key for key in held if key not in earned]
    if gone:
        db.session.execute(delete(BadgeAward).where(BadgeAward.member_id == member_id, BadgeAward.badge.in_(gone)))
    for key, at in earned.items():
        if key in held:
            held[key].at = at
        else:
            db.session.add(BadgeAward(member_id=member_id, badge=key, at=at))
    db.session.flush()


@dataclass(frozen=True)
class BadgeView:
    """A badge as a profile shows it."""

    badge: Badge
    earned_at: datetime | None
    done: int


def badges_of(member_id: int) -> list[BadgeView]:
    """All badges, those held first."""
    merits = merits_of(member_id)
    views = []
    for badge in BADGES:
        done, at = reached(badge, merits)
        views.append(BadgeView(badge, at, done))
    return sorted(views, key=lambda view: view.earned_at is None)
