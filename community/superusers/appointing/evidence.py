"""What is known of a candidate, or of a term that is looked at again: figures beside the criteria of the programme."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from community.core.db import db, utcnow
from community.forum.models import Post, Thread
from community.moderation.models import Flag, FlagState, Measure

LATELY = timedelta(days=180)
# What the programme asks for; a person decides all the same.
ACCEPTED_WANTED = 20
UPHELD_WANTED = 0.7
UPHELD_FROM = 5  # with fewer that were decided, nothing is said against somebody
HELPFUL_WANTED = 0.6
NOT_AGAINST = ("undone", "lifted", "appeal")


@dataclass(frozen=True)
class Evidence:
    """Figures of the last 180 days, in the spaces in question."""

    accepted: int
    replies: int
    found_helpful: int
    flags_upheld: int
    flags_decided: int
    sanctions: int

    def lines(self) -> list[tuple[bool, str, str]]:
        """Each criterion: whether it is met, the figure, what is asked for."""
        return [
            (
                self.accepted >= ACCEPTED_WANTED,
                _("Accepted answers in 180 days: %(num)s", num=self.accepted),
                _("asked for: %(num)s", num=ACCEPTED_WANTED),
            ),
            (
                self.replies > 0 and self.found_helpful >= HELPFUL_WANTED * self.replies,
                _("Replies found helpful: %(num)s of %(all)s", num=self.found_helpful, all=self.replies),
                _("asked for: %(num)s percent", num=round(HELPFUL_WANTED * 100)),
            ),
            (
                self.flags_decided < UPHELD_FROM or self.flags_upheld >= UPHELD_WANTED * self.flags_decided,
                _("Reports that were right: %(num)s of %(all)s", num=self.flags_upheld, all=self.flags_decided),
                _(
                    "asked for: %(num)s percent, once %(least)s were decided",
                    num=round(UPHELD_WANTED * 100),
                    least=UPHELD_FROM,
                ),
            ),
            (self.sanctions == 0, _("Measures against them: %(num)s", num=self.sanctions), _("asked for: none")),
        ]


def evidence_of(member_id: int, space_ids: Collection[int]) -> Evidence:
    """What the person did within 180 days, whoever asks."""
    since = utcnow() - LATELY
    replies, helpful = _replies(member_id, space_ids, since)
    upheld, decided = _flags(member_id, since)
    return Evidence(
        _accepted(member_id, space_ids, since), replies, helpful, upheld, decided, _against(member_id, since)
    )


def _accepted(member_id: int, space_ids: Collection[int], since: datetime) -> int:
    counted = (
        select(func.count(Thread.id))
        .join(Post, Post.id == Thread.solution_id)
        .where(
            Post.author_id == member_id,
            Thread.author_id != member_id,
            Thread.space_id.in_(space_ids),
            or_(Thread.solved_at > since, Thread.confirmed_at > since),
        )
    )
    return db.session.scalar(counted) or 0


def _replies(member_id: int, space_ids: Collection[int], since: datetime) -> tuple[int, int]:
    counted = (
        select(func.count(Post.id), func.count(Post.id).filter(Post.helpful_count > 0))
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.author_id == member_id,
            Post.number > 1,
            Post.hidden_at.is_(None),
            Post.created_at > since,
            Thread.space_id.in_(space_ids),
        )
    )
    all_, helpful = db.session.execute(counted).one()
    return all_, helpful


def _flags(member_id: int, since: datetime) -> tuple[int, int]:
    rows = db.session.execute(
        select(Flag.state, func.count(Flag.id))
        .where(Flag.member_id == member_id, Flag.decided_at > since)
        .group_by(Flag.state)
    )
    counted: dict[str, int] = {row[0]: row[1] for row in rows}
    upheld = counted.get(FlagState.UPHELD, 0)
    return upheld, upheld + counted.get(FlagState.REJECTED, 0)


def _against(member_id: int, since: datetime) -> int:
    counted = select(func.count(Measure.id)).where(
        Measure.member_id == member_id, Measure.at > since, Measure.ended_how.not_in(NOT_AGAINST)
    )
    return db.session.scalar(counted) or 0
