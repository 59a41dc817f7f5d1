"""Votes that a moderator set aside: kept as they were given, counted nowhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, db, utcnow


class VoteSetAside(Base):
    """A vote as it was given. `act_id` names the decision that set it aside, so that the same votes come back."""

    __tablename__ = "vote_set_aside"
    __table_args__ = (Index("ix_vote_set_aside_act", "act_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    helpful: Mapped[bool]
    given_at: Mapped[datetime]
    act_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utcnow)


def is_set_aside(post_id: int, *, member_id: int) -> bool:
    """Whether the member's vote on this post was set aside."""
    found = select(VoteSetAside.post_id).where(VoteSetAside.post_id == post_id, VoteSetAside.member_id == member_id)
    return db.session.scalar(found) is not None
