"""Tags that people say they know, and those who agree."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow


class Expertise(Base):
    """A main tag that a person named as something they know."""

    __tablename__ = "expertise"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class Endorsement(Base):
    """Somebody else agrees that a person knows a tag.

    It stays when the person takes the tag back, and counts again once they name it again.
    """

    __tablename__ = "endorsement"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
