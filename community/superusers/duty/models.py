"""Absences, the roster of a space, swaps, hours, and who may carry too much."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.spaces.models import Space

OWN = ""


class Absence(Base):
    """Somebody is away from `starts_at` to `ends_at`; others read so where it is `shown`.

    `source` is "" for what they typed, else the key of an entry in their calendar.
    """

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_member", "member_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    shown: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(String(100), default=OWN)


class AbsenceCalendar(Base):
    """Somebody's calendar elsewhere. Its address is a secret and sealed.

    `good_at` is when it was last read well: what it said then holds until it is read well again. `trouble` says why it
    was not read last time, "" where it was.
    """

    __tablename__ = "absence_calendar"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    shown: Mapped[bool] = mapped_column(default=True)
    asked_at: Mapped[datetime | None]
    good_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(20), default="")


class DutyRoster(Base):
    """The roster of a space, with the time zone in which its hours are."""

    __tablename__ = "duty_roster"

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(40))


class DutyTurn(Base):
    """Every week from `begins` to `ends`, minutes after midnight by the clocks of the roster.

    One that ends sooner than it begins ends on the next day. `weekday` 0 is Monday. The backup
    steps in while the person is away.
    """

    __tablename__ = "duty_turn"
    __table_args__ = (Index("ix_duty_turn_space", "space_id", "weekday"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    begins: Mapped[int]
    ends: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    space: Mapped[Space] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    backup: Mapped[Member | None] = relationship(foreign_keys=[backup_id])


class DutyStandIn(Base):
    """Whose the turn is on one day, by a swap that was accepted."""

    __tablename__ = "duty_stand_in"

    turn_id: Mapped[int] = mapped_column(ForeignKey("duty_turn.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Reply(StrEnum):
    """What became of the question whether somebody takes a turn."""

    WAITS = ""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    GONE = "gone"


class DutySwap(Base):
    """Somebody asks another to take their turn on a day, perhaps for one of theirs. Nothing changes until a yes."""

    __tablename__ = "duty_swap"

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("duty_turn.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    asked_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    for_turn_id: Mapped[int | None] = mapped_column(ForeignKey("duty_turn.id", ondelete="CASCADE"))
    for_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    reply: Mapped[str] = mapped_column(String(10), default=Reply.WAITS.value)
    replied_at: Mapped[datetime | None]

    turn: Mapped[DutyTurn] = relationship(foreign_keys=[turn_id])
    for_turn: Mapped[DutyTurn | None] = relationship(foreign_keys=[for_turn_id])
    asker: Mapped[Member] = relationship(foreign_keys=[asker_id])
    asked: Mapped[Member] = relationship(foreign_keys=[asked_id])


class DutyHours(Base):
    """Time that somebody says they gave."""

    __tablename__ = "duty_hours"
    __table_args__ = (Index("ix_duty_hours_member", "member_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    minutes: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Concern(StrEnum):
    """Why somebody should be asked how they are."""

    CARRIES = "carries"
    FADES = "fades"


class DutyConcern(Base):
    """The programme's owners were told to check on somebody: once a month and person, and nobody else ever is.

    Of `carries` the numbers are the person's answers and all of the space; of `fades` the last month and a usual one.
    """

    __tablename__ = "duty_concern"
    __table_args__ = (UniqueConstraint("member_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"))
    month: Mapped[str] = mapped_column(String(7))
    reason: Mapped[str] = mapped_column(String(8))
    theirs: Mapped[int]
    beside: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    # When one of the owners spoke with them, and who.
    spoken_at: Mapped[datetime | None]
    spoken_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    spoken_by: Mapped[Member | None] = relationship(foreign_keys=[spoken_by_id])
    space: Mapped[Space] = relationship()
