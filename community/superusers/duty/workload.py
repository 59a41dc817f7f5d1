"""What one person gave in the last thirty days, and who gives so much, or so little, that somebody should ask.

What is found here is for the person, or for the programme's owners; no other page may show it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import joinedload

from community.accounts.availability import absences_of
from community.accounts.models import SUPER_USER, Grant, Member
from community.core import events
from community.core.db import db, insert_once, utcnow
from community.core.jobs import every
from community.core.policies import STAFF, Actor
from community.forum.models import Kind, Post, Thread
from community.forum.suggesting.queries import waiting_for as suggestions_for
from community.moderation.inbox import counts
from community.moderation.models import Case

from .agreed import hours_of
from .events import ConcernArose
from .models import Concern, DutyConcern, DutyHours

MONTH = timedelta(days=30)
HABIT = timedelta(days=90)
# One person's answers among all of a space, and how many it takes before that means anything.
MOST_SHARE = 0.30
LEAST_ANSWERS = 10
# Less than half of what was usual, for somebody who usually gives so many answers a month.
HALF = 0.5
LEAST_HABIT = 6
ENTRIES_SHOWN = 5
MOST_CONCERNS = 200
# After an owner spoke with somebody nothing more is said of them for so long.
RESTS = timedelta(days=60)


@dataclass(frozen=True)
class Waiting:
    """What waits for one: decisions on cases and on suggested edits."""

    cases: int
    suggestions: int


@dataclass(frozen=True)
class Month:
    """One's last thirty days. `agreed` is in minutes for these thirty days, 0 where nothing is agreed."""

    answers: int
    accepted: int
    decisions: int
    minutes: int
    agreed: int
    entries: Sequence[DutyHours]


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the actor's decision."""
    return Waiting(sum(counts(actor).values()), len(suggestions_for(actor)))


def month_of(member_id: int) -> Month:
    """One's last thirty days."""
    since = utcnow() - MONTH
    answers = db.session.scalar(_answers(since, Post.author_id == member_id)) or 0
    accepted = db.session.scalar(_answers(since, Post.author_id == member_id, Thread.solution_id == Post.id)) or 0
    decided = select(func.count(Case.id)).where(Case.decided_by_id == member_id, Case.decided_at >= since)
    given = select(func.sum(DutyHours.minutes)).where(DutyHours.member_id == member_id, DutyHours.at >= since)
    latest = select(DutyHours).where(DutyHours.member_id == member_id, DutyHours.at >= since)
    latest = latest.order_by(DutyHours.id.desc()).limit(ENTRIES_SHOWN)
    return Month(
        answers=answers,
        accepted=accepted,
        decisions=db.session.scalar(decided) or 0,
        minutes=db.session.scalar(given) or 0,
        agreed=round(hours_of(member_id) * 60 * MONTH.days / 7),
        entries=db.session.scalars(latest).all(),
    )


def is_answer() -> ColumnElement[bool]:
    """A reply in view to somebody else's question."""
    own = Post.author_id != Thread.author_id
    return and_(Post.number > 1, Post.hidden_at.is_(None), Thread.kind == Kind.QUESTION, own)


def _answers(since: datetime, *conditions: ColumnElement[bool]) -> Select[int]:
    counted = select(func.count(Post.id)).join(Thread, Thread.id == Post.thread_id)
    return counted.where(is_answer(), Post.created_at >= since, *conditions)


@every(days=7)
def look_after_people() -> None:
    """Once a week: who carries too much of a space, and who fades; each person once a month, and not while it rests."""
    now = utcnow()
    for found in (*_who_carries(now), *_who_fades(now)):
        _tell(found, now)


@dataclass(frozen=True)
class _Found:
    member_id: int
    space_id: int
    reason: Concern
    theirs: int
    beside: int


def _who_carries(now: datetime) -> Iterator[_Found]:
    """Who gives more than a share of a space's answers; staff are paid for it and left out, their answers count."""
    rows = _counted(now - MONTH, now)
    whole: dict[int, int] = {}
    for (space_id, _member_id), answers in rows.items():
        whole[space_id] = whole.get(space_id, 0) + answers
    for (space_id, member_id), answers in sorted(rows.items(), key=lambda item: -item[1] / whole[item[0][0]]):
        if answers >= LEAST_ANSWERS and answers > MOST_SHARE * whole[space_id]:
            yield _Found(member_id, space_id, Concern.CARRIES, answers, whole[space_id])


def _who_fades(now: datetime) -> Iterator[_Found]:
    """Super users who give half of what they used to, unless they said that they are away."""
    before, lately = _counted(now - MONTH - HABIT, now - MONTH), _counted(now - MONTH, now)
    lasts = Grant.until.is_(None) | (Grant.until > now)
    granted = select(Grant.space_id, Grant.member_id).where(Grant.kind == SUPER_USER, lasts)
    helpers = [(row[0], row[1]) for row in db.session.execute(granted.order_by(Grant.space_id, Grant.member_id))]
    away = absences_of({member_id for _space, member_id in helpers}, now - MONTH, now)
    for space_id, member_id in helpers:
        usual = before.get((space_id, member_id), 0) * MONTH / HABIT
        given = lately.get((space_id, member_id), 0)
        if usual >= LEAST_HABIT and given <= HALF * usual and member_id not in away:
            yield _Found(member_id, space_id, Concern.FADES, given, round(usual))


def _counted(since: datetime, until: datetime) -> dict[tuple[int, int], int]:
    """Answers by space and member between two moments."""
    rows = db.session.execute(
        select(Thread.space_id, Post.author_id, func.count(Post.id))
        .join(Thread, Thread.id == Post.thread_id)
        .where(is_answer(), Post.created_at >= since, Post.created_at < until)
        .group_by(Thread.space_id, Post.author_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _tell(found: _Found, now: datetime) -> None:
    member = db.session.get_one(Member, found.member_id)
    if member.role in STAFF or member.suspended_at is not None or _rests(member.id, now):
        return
    month = f"{now:%Y-%m}"
    values = {"space_id": found.space_id, "reason": found.reason.value, "theirs": found.theirs, "beside": found.beside}
    if not insert_once(DutyConcern, member_id=member.id, month=month, at=now, **values):
        return
    row = select(DutyConcern.id).where(DutyConcern.member_id == member.id, DutyConcern.month == month)
    events.record(ConcernArose(actor_id=None, concern_id=db.session.scalars(row).one()))


def _rests(member_id: int, now: datetime) -> bool:
    spoken = select(DutyConcern.id).where(DutyConcern.member_id == member_id, DutyConcern.spoken_at > now - RESTS)
    return db.session.scalar(spoken.limit(1)) is not None


@dataclass(frozen=True)
class Concerns:
    """Whom an owner should ask how they are, each once; and with whom one of them spoke lately, until it rests."""

    waiting: Sequence[DutyConcern]
    resting: Sequence[tuple[DutyConcern, datetime]]


def concerns(reader: Actor) -> Concerns:
    """What the programme's owners were told in the last half year, newest first, but for what is about the reader."""
    now = utcnow()
    rows = db.session.scalars(
        select(DutyConcern)
        .where(DutyConcern.at >= now - 6 * MONTH, DutyConcern.member_id != reader.id)
        .order_by(DutyConcern.at.desc(), DutyConcern.id.desc())
        .options(joinedload(DutyConcern.member), joinedload(DutyConcern.space), joinedload(DutyConcern.spoken_by))
        .limit(MOST_CONCERNS)
    )
    newest: dict[int, DutyConcern] = {}
    for row in rows:
        newest.setdefault(row.member_id, row)
    waiting = [row for row in newest.values() if row.spoken_at is None]
    ends = [(row, row.spoken_at + RESTS) for row in newest.values() if row.spoken_at is not None]
    return Concerns(waiting, [(row, end) for row, end in ends if end > now])


def speak(reader: Actor, concern_id: int) -> DutyConcern | None:
    """An owner spoke with somebody: what was said of them until now rests. None where there is nothing of the kind."""
    found = db.session.get(DutyConcern, concern_id)
    if found is None or found.member_id == reader.id:
        return None
    waiting = update(DutyConcern).where(DutyConcern.member_id == found.member_id, DutyConcern.spoken_at.is_(None))
    db.session.execute(waiting.values(spoken_at=utcnow(), spoken_by_id=reader.id))
    return found


def owners() -> set[int]:
    """Who runs the programme: managers. Admins only where there is none."""
    rows = db.session.execute(
        select(Member.id, Member.role).where(Member.role.in_(("manager", "admin")), Member.suspended_at.is_(None))
    ).all()
    managers = {row[0] for row in rows if row[1] == "manager"}
    return managers or {row[0] for row in rows}
