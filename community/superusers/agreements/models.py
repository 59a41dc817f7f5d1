"""Agreements between the provider, perhaps a customer, and a super user; their versions, and who signed which text."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.organisations.models import Organisation

# All parties are reminded so many days before the end.
REMINDERS = (30, 7)
FURTHEST = timedelta(days=366 * 5)


class AgreementState(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    IN_FORCE = "in_force"
    ENDED = "ended"


class Party(StrEnum):
    """Who signs."""

    PROVIDER = "provider"
    CUSTOMER = "customer"
    MEMBER = "member"


class Agreement(Base):
    """What was agreed with a super user. The terms that are signed are those of the version `version`.

    `customer_signer_id` signs for the organisation, whose time it is. `reminded` is the last reminder that was sent,
    in days before the end; 0 while there was none.
    """

    __tablename__ = "agreement"
    __table_args__ = (Index("ix_agreement_state", "state", "ends_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    customer_signer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    hours_a_week: Mapped[float] = mapped_column(Float)
    areas: Mapped[str] = mapped_column(String(500), default="")
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text, default="")
    text_html: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default=AgreementState.DRAFT.value)
    version: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    backup: Mapped[Member | None] = relationship(foreign_keys=[backup_id])
    customer_signer: Mapped[Member | None] = relationship(foreign_keys=[customer_signer_id])
    made_by: Mapped[Member | None] = relationship(foreign_keys=[made_by_id])
    organisation: Mapped[Organisation | None] = relationship()
    versions: Mapped[list["AgreementVersion"]] = relationship(
        back_populates="agreement", order_by="AgreementVersion.number"
    )
    signatures: Mapped[list["AgreementSignature"]] = relationship(
        back_populates="agreement", order_by="AgreementSignature.id"
    )

    @property
    def parties(self) -> list[Party]:
        """Who must sign."""
        customer = [Party.CUSTOMER] if self.organisation_id is not None else []
        return [Party.PROVIDER, *customer, Party.MEMBER]

    @property
    def standing(self) -> dict[str, "AgreementSignature"]:
        """The signatures under the present version, by party."""
        return {one.party: one for one in self.signatures if one.version == self.version and one.voided_at is None}

    @property
    def missing(self) -> list[Party]:
        """Who has not signed the present version."""
        return [party for party in self.parties if party not in self.standing]

    def shown_state(self, today: date) -> str:
        """The state that a reader sees: what is past its last day has ended."""
        live = self.state in (AgreementState.IN_FORCE, AgreementState.WAITING)
        return AgreementState.ENDED.value if live and self.ends_on < today else self.state


class AgreementVersion(Base):
    """The terms as they were, with the hash that signatures name."""

    __tablename__ = "agreement_version"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    agreement: Mapped[Agreement] = relationship(back_populates="versions")
    by: Mapped[Member | None] = relationship()


class AgreementSignature(Base):
    """Somebody signed, as themselves, the text of this hash. A change of the text voids it."""

    __tablename__ = "agreement_signature"
    __table_args__ = (UniqueConstraint("agreement_id", "version", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    version: Mapped[int]
    party: Mapped[str] = mapped_column(String(10))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    hash: Mapped[str] = mapped_column(String(64))
    voided_at: Mapped[datetime | None]

    agreement: Mapped[Agreement] = relationship(back_populates="signatures")
    member: Mapped[Member] = relationship()
