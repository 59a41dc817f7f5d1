"""Letters of recognition, their versions, and the links by which somebody shares theirs."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow

# Who was shown a letter and says nothing for so long has nothing against it.
SILENCE = timedelta(days=7)
LONGEST = timedelta(days=366 * 5)
MOST_LINKS = 20


class LetterState(StrEnum):
    """Where a letter stands."""

    DRAFT = "draft"
    SHOWN = "shown"  # the person reads it, and may ask for a change
    ASKED = "asked"  # they did
    AGREED = "agreed"  # they find it right
    SIGNED = "signed"
    DISCARDED = "discarded"


SHOWN = (LetterState.SHOWN, LetterState.ASKED, LetterState.AGREED)
OPEN = (LetterState.DRAFT, *SHOWN)  # what can still be changed


class Letter(Base):
    """What a super user did in a period. What is signed is the version `version`; nothing of it changes afterwards.

    `addressee` is whom it is written to, such as "Halden Ltd."; "" where it is for the person alone. `told` are keys of
    the figures that stand in it, `figures` their numbers as counted last. Hours stand in it only where the person
    said so with `hours_allowed`. `wish` is what the person asked to be changed.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_member", "member_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    addressee: Mapped[str] = mapped_column(String(160), default="")
    language: Mapped[str] = mapped_column(String(10), default="en")
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text, default="")
    words_html: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    figures: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    hours_allowed: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=LetterState.DRAFT.value)
    version: Mapped[int] = mapped_column(default=1)
    # The first version that the person was shown; earlier ones were drafts.
    shown_from: Mapped[int | None]
    wish: Mapped[str] = mapped_column(String(2000), default="")
    shown_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    signed_name: Mapped[str] = mapped_column(String(80), default="")
    signed_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    by: Mapped[Member | None] = relationship(foreign_keys=[by_id])
    versions: Mapped[list["LetterVersion"]] = relationship(back_populates="letter", order_by="LetterVersion.number")
    links: Mapped[list["LetterLink"]] = relationship(back_populates="letter", order_by="LetterLink.id")

    @property
    def open_links(self) -> list["LetterLink"]:
        """The links that open it now."""
        return [link for link in self.links if link.revoked_at is None]


class LetterVersion(Base):
    """The letter as it was, with the hash that its signature names."""

    __tablename__ = "letter_version"
    __table_args__ = (UniqueConstraint("letter_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)

    letter: Mapped[Letter] = relationship(back_populates="versions")
    by: Mapped[Member | None] = relationship()


class LetterLink(Base):
    """An address at which a letter is read without signing in, kept as a hash; once revoked it opens nothing."""

    __tablename__ = "letter_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    note: Mapped[str] = mapped_column(String(80), default="")
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    revoked_at: Mapped[datetime | None]

    letter: Mapped[Letter] = relationship(back_populates="links")
