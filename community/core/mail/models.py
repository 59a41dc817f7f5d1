"""Mail that came in: what became of each message for each thing it was for, so that it is taken over once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow


class MailState(StrEnum):
    """What became of a message. `FAILED` may be tried again; the others are final."""

    TAKEN = "taken"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    UNMATCHED = "unmatched"
    REFUSED = "refused"
    FAILED = "failed"


class IncomingMail(Base):
    """One message for one target. `key` is made from both, from its Message-ID and from its content, so that the same
    message is taken over once, and another one under a stolen Message-ID is not lost.

    `raw_key` is where the storage keeps the message, for failed ones only. `size` is in bytes.
    """

    __tablename__ = "incoming_mail"
    __table_args__ = (Index("ix_incoming_mail_state", "state", "received_at"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    message_id: Mapped[str] = mapped_column(String(250), default="", index=True)
    received_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    sender: Mapped[str] = mapped_column(String(254), default="")
    recipient: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    size: Mapped[int] = mapped_column(default=0)
    matched_to: Mapped[str] = mapped_column(String(80), default="", index=True)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=1)
    error: Mapped[str] = mapped_column(Text, default="")
    raw_key: Mapped[str] = mapped_column(String(120), default="")
