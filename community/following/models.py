"""At which level somebody follows what, and what happens by itself."""

from datetime import datetime
from enum import IntEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow


class Level(IntEnum):
    """How much of a thing reaches a person; a higher level tells more."""

    MUTED = 0
    NORMAL = 1
    TRACKING = 2
    WATCHING_FIRST = 3
    WATCHING = 4


TARGETS = ("thread_id", "tag", "space_id", "person_id")
ONE = " + ".join(f"CASE WHEN {target} IS NULL THEN 0 ELSE 1 END" for target in TARGETS) + " = 1"


class Following(Base):
    """One person's level for one thread, tag, space or person: exactly one of the four is set.

    A person who is followed has `WATCHING_FIRST`, one who is muted `MUTED`. `NORMAL` is kept for threads only, where it
    says that asking or replying shall not count; elsewhere it is the same as no row.
    """

    __tablename__ = "following"
    __table_args__ = (
        *(UniqueConstraint("member_id", target) for target in TARGETS),
        CheckConstraint(ONE, name="one"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)
    tag: Mapped[str | None] = mapped_column(String(40), index=True)
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class FollowingPreference(Base):
    """The level at which a person follows threads that they began, and threads that they joined later."""

    __tablename__ = "following_preference"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    when_asking: Mapped[int] = mapped_column(SmallInteger, default=Level.WATCHING.value)
    when_joining: Mapped[int] = mapped_column(SmallInteger, default=Level.WATCHING.value)
