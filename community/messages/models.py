"""Conversations between a few people, what is written in them, and whom somebody blocked."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow

BigId = BigInteger().with_variant(Integer, "sqlite")


class Conversation(Base):
    """A subject and the people who write about it. `last_id` is the newest message; `words` is what searches find."""

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_started", "started_by_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(160))
    words: Mapped[str] = mapped_column(Text, default="")
    started_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    last_id: Mapped[int] = mapped_column(BigId, default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Participant(Base):
    """Somebody's part in a conversation: they read its messages from `first_id` on, up to `last_id` once they left.

    What is above `read_id` and was written by others is unread; nothing is counted beside it.
    """

    __tablename__ = "conversation_participant"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    first_id: Mapped[int] = mapped_column(BigId, default=0)
    last_id: Mapped[int | None] = mapped_column(BigId)
    read_id: Mapped[int] = mapped_column(BigId, default=0)
    muted: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(default=utcnow)
    left_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])


class Message(Base):
    """What somebody wrote. `html` was rendered when `body` was written; `words` are the tokens that searches find.

    `reported_at` is set when a participant reported it: only then may a reviewer be shown it.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_conversation", "conversation_id", "id"),
        Index("ix_message_author", "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, default="")
    renderer_version: Mapped[int] = mapped_column(default=0)
    timed_out: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(10), default="en")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    reported_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()
    author: Mapped[Member] = relationship(foreign_keys=[author_id])


class MemberBlock(Base):
    """Somebody wants no direct contact from somebody."""

    __tablename__ = "member_block"

    blocker_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)

    blocked: Mapped[Member] = relationship(foreign_keys=[blocked_id])
