"""Desks that were connected, what was handed over to them, and every word that crossed since."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.queries.models import Query
from community.core.db import Base, utcnow

BigId = BigInteger().with_variant(Integer, "sqlite")
AT_ONCE = 4
MOST_AT_ONCE = 32


class HandOverState(StrEnum):
    """How far a query is on its way to a desk. What the desk makes of it is `HandOver.desk_status`."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    RETRACTED = "retracted"


class MessageState(StrEnum):
    """How far a word is on its way. `HELD` waits for somebody's click, `RECEIVED` came from the desk."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    HELD = "held"
    RECEIVED = "received"


class ServiceDesk(Base):
    """A desk beside the built-in one. `sealed` holds its keys, encrypted; `speaker_id` shows its words in threads.

    `failures` in a row pause all traffic until `paused_until`. `cursor` is how far its changes were read. `at_once` is
    how many hand-overs may be under way there at the same time.
    """

    __tablename__ = "service_desk"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(30))
    url: Mapped[str] = mapped_column(String(300), default="")
    options: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    statuses: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    sealed: Mapped[str] = mapped_column(Text, default="")
    allow_private: Mapped[bool] = mapped_column(default=False)
    alias_only: Mapped[bool] = mapped_column(default=True)
    only_author: Mapped[bool] = mapped_column(default=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    enabled: Mapped[bool] = mapped_column(default=True)
    at_once: Mapped[int] = mapped_column(default=AT_ONCE)
    cursor: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    routes: Mapped[list["DeskRoute"]] = relationship(back_populates="desk", order_by="DeskRoute.position")

    @property
    def language(self) -> str:
        """In which language our own sentences are said there."""
        return self.options.get("language", "en")


class DeskRoute(Base):
    """Which queries go to a desk: those of a class, of a space, of an organisation's people; all without any."""

    __tablename__ = "desk_route"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("service_desk.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    query_class: Mapped[str] = mapped_column(String(24), default="")
    space_id: Mapped[int | None]
    organisation_id: Mapped[int | None]

    desk: Mapped[ServiceDesk] = relationship(back_populates="routes")


class HandOver(Base):
    """A query on its way to one desk. `ref` is the key under which the desk must have it exactly once.

    `outgoing` is what left, field by field, for the register. The rows with a `next_try_at` are the line at the desk:
    whoever takes one out of it holds the lease. The partial key allows a query one hand-over at a time; an earlier
    desk's stays as history.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        Index(
            "uq_hand_over_active", "query_id", unique=True, sqlite_where=text("active"), postgresql_where=text("active")
        ),
        Index("ix_hand_over_remote", "desk_id", "remote_id"),
        Index("ix_hand_over_state", "state", "next_try_at"),
        Index("ix_hand_over_line", "desk_id", "next_try_at"),
        Index("ix_hand_over_lease", "desk_id", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("query.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("service_desk.id"))
    ref: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=HandOverState.QUEUED.value)
    active: Mapped[bool] = mapped_column(default=True)
    outgoing: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    remote_id: Mapped[str] = mapped_column(String(120), default="")
    remote_number: Mapped[str] = mapped_column(String(120), default="")
    remote_url: Mapped[str] = mapped_column(String(300), default="")
    desk_status: Mapped[str] = mapped_column(String(14), default="")
    raw_status: Mapped[str] = mapped_column(String(80), default="")
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    queued_at: Mapped[datetime] = mapped_column(default=utcnow)
    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    lease: Mapped[str] = mapped_column(String(32), default="")
    lease_until: Mapped[datetime | None]

    query: Mapped[Query] = relationship()
    desk: Mapped[ServiceDesk] = relationship()
    messages: Mapped[list["DeskMessage"]] = relationship(back_populates="hand_over", order_by="DeskMessage.id")


class DeskMessage(Base):
    """Words or a status that crossed, or are about to. The keys make it impossible that one crosses twice.

    `source` names what it came from on our side ("post:17", "post:17:2" for its second revision). `status` is set
    where it is a change of status and not a comment, `priority` (1 to 5) where it is one of priority.

    `files` are what hangs on the words: name, size and type, the `key` here, the `remote` id at the desk for what came
    home, and `stays`, the reason of one that did not cross. `post_ids` are the posts that what came home became.
    """

    __tablename__ = "desk_message"
    __table_args__ = (
        UniqueConstraint("hand_over_id", "source"),
        UniqueConstraint("hand_over_id", "remote_id"),
        Index("ix_desk_message_due", "state", "hand_over_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"))
    source: Mapped[str | None] = mapped_column(String(60))
    remote_id: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default=MessageState.QUEUED.value)
    author: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(14), default="")
    priority: Mapped[int] = mapped_column(default=0)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    post_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    hand_over: Mapped[HandOver] = relationship(back_populates="messages")
