"""Who may join: how registering works here, rules about addresses and networks, who asked, who invited whom."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow


class Mode(StrEnum):
    """How somebody becomes a member."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITATION = "invitation"


class RuleKind(StrEnum):
    """What a rule looks at."""

    DOMAIN = "domain"
    NETWORK = "network"


class Effect(StrEnum):
    """What a rule does. `only` (domains): others are refused; `read_only` (networks): nobody writes from there."""

    ONLY = "only"
    REFUSE = "refuse"
    HOLD = "hold"
    READ_ONLY = "read_only"


class State(StrEnum):
    """Where a registration is. One that is `free` waits for no decision."""

    FREE = "free"
    WAITING = "waiting"
    ADMITTED = "admitted"
    REFUSED = "refused"


class EntrySettings(Base):
    """How registering works in this installation; the one row, or none for the usual."""

    __tablename__ = "entry_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[str] = mapped_column(String(12), default=Mode.OPEN.value)
    question: Mapped[str] = mapped_column(String(200), default="")
    invitations: Mapped[int] = mapped_column(default=5)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)


class EntryRule(Base):
    """One rule about a mail domain (with all below it) or about a network; the narrowest that fits counts."""

    __tablename__ = "entry_rule"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(253))
    effect: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(120), default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Invitation(Base):
    """A letter that lets one person join. The address is erased once it serves nothing any more."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_by", "by_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    words: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)

    by: Mapped[Member] = relationship(foreign_keys=[by_id])
    member: Mapped[Member | None] = relationship(foreign_keys=[member_id])

    def is_good(self, now: datetime) -> bool:
        """Whether somebody can still join with it; not while whoever vouched is suspended."""
        waits = self.used_at is None and self.revoked_at is None and self.ends_at > now
        return waits and self.by.suspended_at is None


class Registration(Base):
    """How a member came here: what they wrote, from which network address (for 90 days), and what was decided."""

    __tablename__ = "registration"
    __table_args__ = (Index("ix_registration_address", "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    address: Mapped[str] = mapped_column(String(45), default="")
    words: Mapped[str] = mapped_column(String(1000), default="")
    held_by: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[str] = mapped_column(String(10), default=State.FREE.value)
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()

    @property
    def bars(self) -> bool:
        """Whether the account cannot be used: nobody admitted it yet, or somebody refused."""
        return self.state in (State.WAITING, State.REFUSED)
