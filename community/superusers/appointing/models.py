"""Appointments of super users, the spaces that each is for, and what members said for somebody."""

import calendar
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.spaces.models import Space

TERM_MONTHS = 12
HOURS_A_WEEK = 3.0
# A term is looked at again, and can be renewed, from so long before it ends; people are told so long before.
RENEWAL_FROM = timedelta(days=60)
NOTICE = timedelta(days=30)
# Somebody who is asked is reminded once, and an offer that nobody answers ends by itself.
OFFER_REMINDED_AFTER = timedelta(days=14)
OFFER_LASTS = timedelta(days=30)
NOMINATIONS_NEEDED = 3
NOMINATIONS_LAST = timedelta(days=180)


def months_later(moment: datetime, months: int) -> datetime:
    """The same day some months later, or the last one of a month that is too short."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


class State(StrEnum):
    """Where an appointment stands."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    ACCEPTED = "accepted"  # its term has not begun
    ACTIVE = "active"
    PAUSED = "paused"
    DECLINED = "declined"  # by the person, or "not now" by the provider
    ENDED = "ended"


class Way(StrEnum):
    """How somebody came to be considered."""

    APPOINTED = "appointed"
    NOMINATED = "nominated"
    APPLIED = "applied"


LIVING = (State.PROPOSED, State.OFFERED, State.ACCEPTED, State.ACTIVE, State.PAUSED)
HELD = (State.ACTIVE, State.PAUSED)
EXPIRED = "expired"


class Appointment(Base):
    """A person, what they look after, and for how long. The rights themselves are grants that end at `ends_at`.

    `tags`, `organisation_ids` and `language` say whom to ask about what; they widen and narrow no right. Without
    `begins_at` the term begins when the person accepts, and lasts `term_months`.
    """

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_state", "state", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=State.PROPOSED.value)
    way: Mapped[str] = mapped_column(String(10))
    # Why, in the words of whoever applied or appointed; nominations keep their own.
    reason: Mapped[str] = mapped_column(Text, default="")
    duties: Mapped[str] = mapped_column(Text, default="")
    hours_a_week: Mapped[float] = mapped_column(Float, default=HOURS_A_WEEK)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    organisation_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(10), default="")
    term_months: Mapped[int] = mapped_column(default=TERM_MONTHS)
    begins_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    review_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    sponsor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    offered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # over, resigned, withdrawn, renewed, declined, not_now, expired, taken_back, applied
    ended_how: Mapped[str] = mapped_column(String(10), default="")
    noticed_at: Mapped[datetime | None]
    # When the person was reminded of an offer that waits.
    reminded_at: Mapped[datetime | None]
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True)

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    sponsor: Mapped[Member | None] = relationship(foreign_keys=[sponsor_id])
    offered_by: Mapped[Member | None] = relationship(foreign_keys=[offered_by_id])
    spaces: Mapped[list[Space]] = relationship(secondary="appointment_space", order_by=Space.name)
    nominations: Mapped[list["Nomination"]] = relationship(back_populates="appointment", order_by="Nomination.id")

    def lasts(self, now: datetime) -> bool:
        """Whether it gives rights at a moment."""
        return self.state == State.ACTIVE and self.ends_at is not None and self.ends_at > now

    def provider_is(self, member_id: int | None) -> bool:
        """Whether somebody asked on the provider's behalf, or stands for the person there."""
        return member_id is not None and member_id in (self.sponsor_id, self.offered_by_id)

    @property
    def offer_ends_at(self) -> datetime | None:
        """Until when an offer can be answered; None where none waits."""
        return self.offered_at + OFFER_LASTS if self.state == State.OFFERED and self.offered_at else None

    def shown_state(self, now: datetime) -> str:
        """The state that a reader sees: a term or an offer that is over has ended, whatever the row says until then."""
        held = self.state in HELD and self.ends_at is not None and self.ends_at <= now
        offer_ends = self.offer_ends_at
        return State.ENDED.value if held or (offer_ends is not None and offer_ends <= now) else self.state

    def can_be_offered_again(self, now: datetime) -> bool:
        """Whether it was offered, and nobody answered in time."""
        unclosed = self.state == State.OFFERED and self.shown_state(now) == State.ENDED
        return unclosed or (self.state == State.ENDED and self.ended_how == EXPIRED)

    def can_be_renewed(self, now: datetime) -> bool:
        """Whether it is near enough to its end."""
        return self.state in HELD and self.ends_at is not None and self.ends_at - RENEWAL_FROM <= now < self.ends_at


class AppointmentSpace(Base):
    """A space that an appointment is for."""

    __tablename__ = "appointment_space"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), primary_key=True, index=True)


class Nomination(Base):
    """A member says that somebody should be a super user of a space, and why. One that waits has no appointment."""

    __tablename__ = "nomination"
    __table_args__ = (
        Index(
            "uq_nomination_open",
            "member_id",
            "by_id",
            unique=True,
            sqlite_where=text("appointment_id IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("appointment_id IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("ix_nomination_by", "by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    withdrawn_at: Mapped[datetime | None]
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True)

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    by: Mapped[Member] = relationship(foreign_keys=[by_id])
    space: Mapped[Space] = relationship()
    appointment: Mapped[Appointment | None] = relationship(back_populates="nominations")
