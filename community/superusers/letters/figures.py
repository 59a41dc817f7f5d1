"""What the record says of somebody in a period: numbers of their own, never beside those of others."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import func, or_, select, union

from community.core import i18n
from community.core.db import db
from community.forum.models import HaveToo, Post, Thread

from ..agreements.models import Agreement, AgreementState
from ..duty.models import DutyHours
from ..duty.workload import is_answer
from ..inner.gatherings.models import Gathering, GatheringGuest

Count = Callable[[int, datetime, datetime], float]
HOURS = ("hours_agreed", "hours_given")


@dataclass(frozen=True)
class Figure:
    """One number that can stand in a letter; `count` has a member's id, and moments from and before which."""

    key: str
    label: LazyString
    count: Count


_known: dict[str, Figure] = {}


def register_figure(key: str, label: LazyString, count: Count) -> None:
    """Let letters tell of one thing more, or of the one of that key in another way."""
    _known[key] = Figure(key, label, count)


def all_figures() -> list[Figure]:
    """Everything that can be told, hours last."""
    return sorted(_known.values(), key=lambda figure: figure.key in HOURS)


def label_of(key: str) -> str:
    """What a figure is called; its key where the package that counts it is not loaded any more."""
    return str(_known[key].label) if key in _known else key


def counted(member_id: int, begins_on: date, ends_on: date, keys: Collection[str]) -> Mapping[str, float]:
    """The figures of these days of the installation, the last one included."""
    since = datetime.combine(begins_on, time(), i18n.zone_of(""))
    until = datetime.combine(ends_on + timedelta(days=1), time(), i18n.zone_of(""))
    return {
        figure.key: round(figure.count(member_id, since, until), 1) for figure in all_figures() if figure.key in keys
    }


def _answers(member_id: int, since: datetime, until: datetime) -> float:
    wanted = select(func.count(Post.id)).join(Thread, Thread.id == Post.thread_id)
    within = Post.created_at >= since, Post.created_at < until
    return db.session.scalar(wanted.where(is_answer(), Post.author_id == member_id, *within)) or 0


def _solved(member_id: int, since: datetime, until: datetime) -> list[int]:
    """Threads of others that an answer of the person solved in these days."""
    wanted = select(Thread.id).join(Post, Post.id == Thread.solution_id)
    when = or_(
        (Thread.solved_at >= since) & (Thread.solved_at < until),
        Thread.solved_at.is_(None) & (Thread.confirmed_at >= since) & (Thread.confirmed_at < until),
    )
    mine = Post.author_id == member_id, Thread.author_id != member_id, Post.hidden_at.is_(None)
    return list(db.session.scalars(wanted.where(*mine, when)))


def _accepted(member_id: int, since: datetime, until: datetime) -> float:
    return len(_solved(member_id, since, until))


def _helped(member_id: int, since: datetime, until: datetime) -> float:
    """People who asked what was solved, or said that they have it too; each once."""
    ids = _solved(member_id, since, until)
    asked = select(Thread.author_id.label("who")).where(Thread.id.in_(ids))
    too = select(HaveToo.member_id).where(HaveToo.thread_id.in_(ids), HaveToo.member_id != member_id)
    return db.session.scalar(select(func.count()).select_from(union(asked, too).subquery())) or 0


def _gatherings(member_id: int, since: datetime, until: datetime) -> float:
    wanted = (
        select(func.count()).select_from(GatheringGuest).join(Gathering, Gathering.id == GatheringGuest.gathering_id)
    )
    there = GatheringGuest.member_id == member_id, GatheringGuest.attended.is_(True)
    within = Gathering.starts_at >= since, Gathering.starts_at < until, Gathering.cancelled_at.is_(None)
    return db.session.scalar(wanted.where(*there, *within)) or 0


def _hours_agreed(member_id: int, since: datetime, until: datetime) -> float:
    """Hours that agreements which were in force say for these days."""
    first, last = since.date(), (until - timedelta(days=1)).date()
    held = Agreement.state.in_((AgreementState.IN_FORCE, AgreementState.ENDED))
    signed = Agreement.member_id == member_id, Agreement.begins_on <= last, Agreement.ends_on >= first
    rows = db.session.scalars(select(Agreement).where(held, *signed)).all()
    return round(sum(_days(row, first, last) / 7 * row.hours_a_week for row in rows if not row.missing))


def _days(row: Agreement, first: date, last: date) -> int:
    end = min(row.ends_on, last, i18n.day_here(row.ended_at)) if row.ended_at else min(row.ends_on, last)
    return max(0, (end - max(row.begins_on, first)).days + 1)


def _hours_given(member_id: int, since: datetime, until: datetime) -> float:
    wanted = select(func.sum(DutyHours.minutes)).where(DutyHours.member_id == member_id)
    return (db.session.scalar(wanted.where(DutyHours.at >= since, DutyHours.at < until)) or 0) / 60


register_figure("answers", _l("Answers to questions of others"), _answers)
register_figure("accepted", _l("Answers that solved the question"), _accepted)
register_figure("helped", _l("People who had the same problem and were helped"), _helped)
register_figure("gatherings", _l("Gatherings of super users attended"), _gatherings)
register_figure("hours_agreed", _l("Hours agreed"), _hours_agreed)
register_figure("hours_given", _l("Hours given, as written down"), _hours_given)
