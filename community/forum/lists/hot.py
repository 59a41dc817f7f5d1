"""What is hot: a figure for each thread that moved lately, found anew by a job."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, db, utcnow
from community.core.jobs import every

from .. import queries
from ..models import Post, Thread

MOVED_WITHIN = timedelta(days=30)
MOST = 1000
HOUR = 3600.0


class ThreadHeat(Base):
    """How hot a thread was when it was last found out; threads that are not hot have no row."""

    __tablename__ = "thread_heat"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    heat: Mapped[float] = mapped_column(index=True)


@dataclass(frozen=True)
class Moves:
    """What the formula knows of a thread: `score` counts who has it too, `votes` those on its replies."""

    views: int
    replies: int
    score: int
    votes: int
    created_at: datetime
    last_activity_at: datetime


def heat(moves: Moves, now: datetime) -> float:
    """How hot a thread is; the same facts give the same figure.

    The formula of Stack Exchange's list of hot questions, as J. Atwood published it (Meta Stack Exchange 11602):
    `(4 log10(views) + replies * score / 5 + votes on replies) / ((age + 1) - (age - quiet) / 2) ** 1.5`, where `age` is
    hours since it was asked and `quiet` hours since it last moved. Views and scores below 1 count as they are needed:
    a thread that nobody looked at yet has no logarithm, and one reply without any vote is still a move.
    """
    age = max(0.0, (now - moves.created_at).total_seconds() / HOUR)
    quiet = min(age, max(0.0, (now - moves.last_activity_at).total_seconds() / HOUR))
    interest = 4 * math.log10(max(1, moves.views)) + moves.replies * max(1, moves.score) / 5 + moves.votes
    return round(interest / math.pow((age + 1) - (age - quiet) / 2, 1.5), 9)


IS_HOT = Thread.id.in_(select(ThreadHeat.thread_id))
queries.ORDERS["hot"] = (
    select(ThreadHeat.heat).where(ThreadHeat.thread_id == Thread.id).scalar_subquery().desc(),
    Thread.id.desc(),
)


@every(minutes=30)
def find_hot() -> None:
    """Find the hottest threads anew: at most a thousand, of those that moved within thirty days."""
    now = utcnow().replace(minute=0, second=0, microsecond=0)
    figures = [(heat(moves, now), thread_id) for thread_id, moves in _moved(now - MOVED_WITHIN)]
    hottest = sorted(((figure, id_) for figure, id_ in figures if figure > 0), reverse=True)[:MOST]
    db.session.execute(delete(ThreadHeat))
    if hottest:
        db.session.execute(insert(ThreadHeat), [{"thread_id": id_, "heat": figure} for figure, id_ in hottest])


def _moved(after: datetime) -> Sequence[tuple[int, Moves]]:
    votes = (
        select(func.coalesce(func.sum(Post.helpful_count), 0))
        .where(Post.thread_id == Thread.id, Post.number > 1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Thread.id,
            Thread.view_count,
            Thread.reply_count,
            Thread.have_too_count,
            votes,
            Thread.created_at,
            Thread.last_activity_at,
        ).where(Thread.last_activity_at > after)
    )
    return [(id_, Moves(*facts)) for id_, *facts in rows]
