"""What is kept of a rule that somebody broke on purpose."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.spaces.models import Space

KIND = "deviation"  # the kind of its case, and of what the case is about


class Deviation(Base):
    """A rule broken on purpose. `rule` is a key of `kinds`, `which` says in words which part of it.

    `member_id` recorded it, `by_id` did it. `about_kind` and `about_id` name what it was about, "" and 0 for nothing.
    `outcome` is empty until somebody else looked at it. What the rule became stands in the three of `changed`.
    """

    __tablename__ = "deviation"
    __table_args__ = (
        Index("ix_deviation_at", "at"),
        Index("ix_deviation_member", "member_id", "at"),
        Index("ix_deviation_by", "by_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"))
    rule: Mapped[str] = mapped_column(String(40))
    which: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(Text)
    done: Mapped[str] = mapped_column(Text)
    hoped: Mapped[str] = mapped_column(String(500), default="")
    about_kind: Mapped[str] = mapped_column(String(20), default="")
    about_id: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    reviewed_at: Mapped[datetime | None]
    changed_to: Mapped[str] = mapped_column(String(500), default="")
    changed_address: Mapped[str] = mapped_column(String(300), default="")
    changed_on: Mapped[date | None]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    by: Mapped[Member] = relationship(foreign_keys=[by_id])
    reviewed_by: Mapped[Member | None] = relationship(foreign_keys=[reviewed_by_id])
    space: Mapped[Space | None] = relationship()
