"""Gatherings, who is invited to them, and what follows from them."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.forum.models import Thread

BigId = BigInteger().with_variant(Integer, "sqlite")
YES, NO, MAYBE = "yes", "no", "maybe"


class Gathering(Base):
    """When people of the inner space meet, about what, and whom that concerns.

    `audience` names whom it is for: "space:3", "space:any", "group:4", "person:7". `sequence` counts its changes for
    calendars; replies to what was before `timed_at`, the sequence since which the hours hold, mean something else.
    """

    __tablename__ = "gathering"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    agenda: Mapped[str] = mapped_column(Text)
    agenda_html: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(300), default="")
    audience: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    uid: Mapped[str] = mapped_column(String(40), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    timed_at: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    # Where what belongs to it stands, in the inner space.
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))

    by: Mapped[Member] = relationship()
    thread: Mapped[Thread | None] = relationship()


class GatheringGuest(Base):
    """Somebody who is invited, what they answered ("" for nothing yet), and whether they were there."""

    __tablename__ = "gathering_guest"
    __table_args__ = (Index("ix_gathering_guest_member", "member_id", "gathering_id"),)

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(6), default="")
    answered_at: Mapped[datetime | None]
    attended: Mapped[bool | None]

    member: Mapped[Member] = relationship()


class FollowUp(Base):
    """What somebody does after a gathering, and until when."""

    __tablename__ = "gathering_follow_up"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    due: Mapped[date | None]
    done_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
