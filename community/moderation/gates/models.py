"""What is kept of rules before publishing, of watched words, and of what waits for a person to look at it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.spaces.models import Space

SITE = "site"


class GateRules(Base):
    """What is looked at before publishing, in a space or (`scope` is "site") everywhere; an empty number is inherited.

    With `read_only_why` nobody but the staff writes there, for ever or until a moment.
    """

    __tablename__ = "gate_rules"

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"))
    first_posts: Mapped[int | None]
    newcomer_links: Mapped[int | None]
    seconds: Mapped[int | None]
    alike: Mapped[int | None]
    read_only_why: Mapped[str] = mapped_column(String(300), default="")
    read_only_until: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    def is_read_only(self, now: datetime) -> bool:
        """Whether nobody but the staff writes at this moment."""
        return bool(self.read_only_why) and (self.read_only_until is None or self.read_only_until > now)


class Look(StrEnum):
    """How a watched text is looked for."""

    WORD = "word"
    PATTERN = "pattern"


class Action(StrEnum):
    """What is done about it, the strongest first."""

    REFUSE = "refuse"
    HOLD = "hold"
    FLAG = "flag"
    MASK = "mask"


class WatchedWord(Base):
    """A word or pattern that is watched for, in one space or everywhere."""

    __tablename__ = "watched_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"), index=True)
    look: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)


class HeldState(StrEnum):
    """What became of something that was held back."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class HeldWriting(Base):
    """Something that others read only after a person looked at it, with everything that was typed.

    `typed` is what publishing needs, `form` the fields as they were sent. `rule` and `found` say why it is held.
    `before` is what publishing it left for taking that back, and the other way round; `measure_id` the measure that
    turned it down with everything else of its author.
    """

    __tablename__ = "held_writing"
    __table_args__ = (
        Index("ix_held_writing_member", "member_id", "state"),
        Index("ix_held_writing_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(10))
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))
    title: Mapped[str] = mapped_column(String(160), default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(10), default="en")
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    form: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rule: Mapped[str] = mapped_column(String(40))
    found: Mapped[str] = mapped_column(String(200), default="")
    ip: Mapped[str] = mapped_column(String(45), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    state: Mapped[str] = mapped_column(String(10), default=HeldState.WAITING.value)
    words: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime | None]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))

    member: Mapped[Member] = relationship()
    space: Mapped[Space | None] = relationship()

    @property
    def waits(self) -> bool:
        """Whether nobody decided yet."""
        return self.state == HeldState.WAITING


class TrustedWriter(Base):
    """Whoever reviewed this person's first words trusts them in the space: rules for newcomers hold nothing back."""

    __tablename__ = "trusted_writer"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    by: Mapped[Member | None] = relationship(foreign_keys=[by_id])
