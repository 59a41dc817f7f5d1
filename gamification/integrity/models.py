"""What was put before a person, so that it is not put there again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow


class Outcome(StrEnum):
    """What a person made of it."""

    WAITING = ""
    HONEST = "honest"
    VOID = "void"


class VoteFinding(Base):
    """A pattern among these members. `number` is how many votes, or answers, it had when it was put before a person.

    `decided_at` is when that person decided; empty while it waits.
    """

    __tablename__ = "vote_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    members: Mapped[list[int]] = mapped_column(JSON)
    number: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10), default=Outcome.WAITING.value)
    found_at: Mapped[datetime] = mapped_column(default=utcnow)
    decided_at: Mapped[datetime | None]
