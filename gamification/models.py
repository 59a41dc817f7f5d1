"""The ledger, and what is derived from it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base

BigId = BigInteger().with_variant(Integer, "sqlite")


class LedgerEntry(Base):
    """Points given, or taken back where negative. Never changed; a rebuild writes the whole ledger again.

    `cause_id` is the fact that earned the points and `event_id` the one that led to this entry: the same for a first
    award, a later one for what is taken back or given again. Both together make an entry possible once only.
    `day` is the UTC day of the cause, on which the limits of a day count it.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id", "rule", "cause_id"),
        Index("ix_ledger_entry_cause", "cause_id", "member_id", "rule"),
        Index("ix_ledger_entry_member_day", "member_id", "rule", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    rule: Mapped[str] = mapped_column(String(20))
    points: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    cause_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    subject: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(60), index=True)
    thread_id: Mapped[int | None]
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))


class Standing(Base):
    """A member's points and level: always the sum of the ledger."""

    __tablename__ = "standing"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    points: Mapped[int] = mapped_column(default=0)
    level: Mapped[str] = mapped_column(String(12), default="newcomer")


class BadgeAward(Base):
    """A badge that a member holds, since the fact that completed it."""

    __tablename__ = "badge_award"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    badge: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]
