"""Notifications, what each person chose to be told, and how mail goes to and comes from them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base

BigId = BigInteger().with_variant(Integer, "sqlite")


class Rhythm(StrEnum):
    """When mail comes."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Mailing(StrEnum):
    """What became of a piece of news by mail."""

    NONE = ""
    DUE = "due"
    DIGEST = "digest"
    SENT = "sent"


class Notification(Base):
    """One piece of news for one person. `listed` is false where it only went out by mail.

    `mailing` says whether mail about it is due now, waits for the next digest, or was written at `mailed_at`.
    `excerpt` is what the mail quotes, kept until then.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id", "kind"),
        Index("ix_notification_inbox", "member_id", "listed", "at"),
        Index("ix_notification_mailing", "member_id", "mailing"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(30))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(300))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    listed: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailing: Mapped[str] = mapped_column(String(6), default=Mailing.NONE.value)
    mailed_at: Mapped[datetime | None]
    excerpt: Mapped[str] = mapped_column(Text, default="")

    actor: Mapped[Member | None] = relationship(foreign_keys=[actor_id])


class NotificationPreference(Base):
    """What a person chose for one kind; without a row the kind's own defaults hold, as for a push of None."""

    __tablename__ = "notification_preference"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    in_app: Mapped[bool]
    mail: Mapped[bool]
    push: Mapped[bool | None]


class MemberMail(Base):
    """How mail comes to a person, and how it fared; without a row the defaults hold.

    `hour`, `weekday` (0 is Monday) and the quiet hours are the person's own time. `digest_at` is when the next digest
    is due, None while nothing waits for one. `sent_count`, `answered_count` and `pushed_count` are of the
    person's day `sent_on`.
    No mail comes from `away_from` (None: at once) to `away_until`; others see that day where it is `away_shown`.
    Bounces count for `bounced_address` only, so that a new address begins anew. Raising `turn` makes the addresses at
    which the person starts threads by mail anew.
    """

    __tablename__ = "member_mail"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    rhythm: Mapped[str] = mapped_column(String(8), default=Rhythm.AT_ONCE.value)
    hour: Mapped[int] = mapped_column(default=8)
    weekday: Mapped[int] = mapped_column(default=0)
    most_a_day: Mapped[int] = mapped_column(default=20)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    away_from: Mapped[datetime | None]
    away_until: Mapped[datetime | None]
    away_shown: Mapped[bool] = mapped_column(default=False)
    digest_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_on: Mapped[date | None]
    sent_count: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)
    pushed_count: Mapped[int] = mapped_column(default=0)
    bounce_count: Mapped[int] = mapped_column(default=0)
    bounced_at: Mapped[datetime | None]
    bounced_address: Mapped[str] = mapped_column(String(254), default="")
    bounce_words: Mapped[str] = mapped_column(String(300), default="")
    turn: Mapped[int] = mapped_column(default=1)


class MemberLetter(Base):
    """A mail that a person wrote to a thread or a space, and what became of it: taken once, answered once.

    `key` is made from the person, what it was for and its Message-ID. `outcome` is `posted` or why it was not.
    """

    __tablename__ = "member_letter"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(250), default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    outcome: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
