"""What super users are invited to try or to discuss, who takes part, and what they said of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow


class OfferKind(StrEnum):
    """What one is invited to."""

    TEST = "test"
    DEMO = "demo"
    STORY = "story"
    REQUIREMENT = "requirement"


class Offer(Base):
    """An invitation with so many places. Signing up ends with `closes_at`; with `ended_at` feedback begins."""

    __tablename__ = "inner_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    places: Mapped[int]
    closes_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    thanks: Mapped[str] = mapped_column(String(500), default="")

    by: Mapped[Member] = relationship()

    def is_open(self, moment: datetime) -> bool:
        """Whether one can sign up at a moment."""
        return self.ended_at is None and (self.closes_at is None or moment < self.closes_at)


class OfferPlace(Base):
    """Somebody who takes part, or waits for a place; `turn` is the order in which they came."""

    __tablename__ = "inner_offer_place"
    __table_args__ = (Index("ix_inner_offer_place_turn", "offer_id", "turn", unique=True),)

    offer_id: Mapped[int] = mapped_column(ForeignKey("inner_offer.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    turn: Mapped[int]
    waiting: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    rating: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    feedback_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
