"""Texts that are not published yet: only their author ever sees them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow


class DraftKind(StrEnum):
    """What is being written."""

    THREAD = "thread"
    REPLY = "reply"
    EDIT = "edit"


@dataclass(frozen=True)
class Place:
    """Where a text is to be published: a new thread (`target_id` 0), a reply to a thread, an edit of a post."""

    kind: DraftKind
    target_id: int = 0

    @property
    def key(self) -> str:
        """The place in one word, as pages carry it."""
        return f"{self.kind}:{self.target_id}" if self.target_id else str(self.kind)


class Draft(Base):
    """A text in the making. Two windows that write for the same place keep a row each, under keys of their own.

    `version` counts the savings; `writer` is the window that wrote last. `fields` holds the rest of the form as lists
    of strings. `target_id` is 0 for a new thread.
    """

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        Index("ix_draft_member_updated", "member_id", "updated_at"),
        Index("ix_draft_updated", "updated_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    target_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), default=0)
    title: Mapped[str] = mapped_column(String(160), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    space: Mapped[str] = mapped_column(String(40), default="")
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    writer: Mapped[str] = mapped_column(String(16), default="")
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def place(self) -> Place:
        """Where the text is to be published."""
        return Place(DraftKind(self.kind), self.target_id)
