"""Members, sign-ins as rows, and grants that hold within a space."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base, utcnow
from community.core.policies import STAFF, Role, avatar_url, initials

SUPER_USER = "super_user"
SPACE_MEMBER = "space_member"


class Member(Base):
    """A person. `role` holds in the whole installation; super users are grants, each within a space."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(12), default=Role.MEMBER.value)
    about: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    avatar_key: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(10), default="")
    time_zone: Mapped[str] = mapped_column(String(40), default="")
    theme: Mapped[str] = mapped_column(String(10), default="")
    unread: Mapped[int] = mapped_column(default=0)
    joined_at: Mapped[datetime] = mapped_column(default=utcnow)
    suspended_at: Mapped[datetime | None]
    # Until then they may read, and write nothing.
    silenced_until: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    # Somebody chose it; the address no longer decides.
    organisation_fixed: Mapped[bool] = mapped_column(default=False)

    grants: Mapped[list["Grant"]] = relationship(back_populates="member", foreign_keys="Grant.member_id")

    @property
    def is_staff(self) -> bool:
        """Whether this is one of the provider's people."""
        return self.role in STAFF

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials(self.name)

    @property
    def avatar_url(self) -> str | None:
        """Where the uploaded picture is, if there is one."""
        return avatar_url(self.avatar_key)


class SignIn(Base):
    """One browser in which a member is signed in; ending the row ends the sign-in at once."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ends_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")

    member: Mapped[Member] = relationship()


class Grant(Base):
    """Standing within one space: super user, or reader of a members-only space."""

    __tablename__ = "space_grant"
    __table_args__ = (Index("uq_space_grant", "member_id", "space_id", "kind", unique=True),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    member: Mapped[Member] = relationship(back_populates="grants", foreign_keys=[member_id])

    def lasts(self, moment: datetime) -> bool:
        """Whether it still holds at a moment."""
        return self.until is None or self.until > moment


def new_token() -> str:
    """A sign-in token as the browser keeps it; 256 bits of chance."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """The token as the database keeps it, so that a stolen copy of the table signs nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()
