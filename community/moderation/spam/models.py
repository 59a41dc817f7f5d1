"""The spam service of this installation, and what it said about each contribution."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow


class SpamConnection(Base):
    """The one row says which service is asked; without one, or when it is off, nobody is."""

    __tablename__ = "spam_service"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[bool] = mapped_column("is_on", default=False)
    base: Mapped[str] = mapped_column(String(200), default="")
    sealed_key: Mapped[str] = mapped_column(Text, default="")
    private: Mapped[bool] = mapped_column(default=False)
    sends_email: Mapped[bool] = mapped_column(default=False)
    case_at: Mapped[float] = mapped_column(Float, default=0.5)
    hide_at: Mapped[float] = mapped_column(Float, default=0.9)
    # What became of the last time it was asked: "" (never), fine, silent, key, nonsense, address.
    last: Mapped[str] = mapped_column(String(10), default="")
    last_at: Mapped[datetime | None]


class SpamOpinion(Base):
    """What the service said of one contribution, and what it was told afterwards."""

    __tablename__ = "spam_opinion"
    __table_args__ = (UniqueConstraint("target_kind", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("review_case.id"))
    told: Mapped[str] = mapped_column(String(4), default="")
