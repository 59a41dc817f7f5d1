"""Notifications, and what each person chose to be told."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base


class Notification(Base):
    """One piece of news for one person. `listed` is false where it only went out by mail."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id", "kind"),
        Index("ix_notification_inbox", "member_id", "listed", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
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

    actor: Mapped[Member | None] = relationship(foreign_keys=[actor_id])


class NotificationPreference(Base):
    """What a person chose for one kind; without a row the kind's own defaults hold."""

    __tablename__ = "notification_preference"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    in_app: Mapped[bool]
    mail: Mapped[bool]
