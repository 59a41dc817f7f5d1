"""What members have read, and when they were here. A thread that nobody opened costs no row."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow

EVERYWHERE = 0


class ReadMark(Base):
    """The last post of a thread that a member was shown, by its number."""

    __tablename__ = "read_mark"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True, index=True)
    post_number: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utcnow)


class ReadFloor(Base):
    """Everything written until then is read: in one space, or in all of them where `space_id` is 0."""

    __tablename__ = "read_floor"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    space_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class Visit(Base):
    """When a member was last here (`seen_at`), and when the visit before this one ended (`since`)."""

    __tablename__ = "visit"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
