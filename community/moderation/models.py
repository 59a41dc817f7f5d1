"""What moderation keeps: flags, cases that wait for a person, measures that were taken, appeals against them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.spaces.models import Space

BigId = BigInteger().with_variant(Integer, "sqlite")


class CaseState(StrEnum):
    """Where a case is."""

    OPEN = "open"
    CLAIMED = "claimed"
    DECIDED = "decided"


class FlagState(StrEnum):
    """What became of a flag. One is `moot` where the case ended without a word on who was right."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    MOOT = "moot"
    WITHDRAWN = "withdrawn"


class Case(Base):
    """Something that a person must decide, whatever it is: the inbox shows all of them in one list.

    `kind` names who knows what can be decided (`cases.kinds`), `target` what it is about. `rule` and `why` say how it
    came here; `member_id` is the person concerned. One about content that only staff may read is `staff_only`.
    """

    __tablename__ = "review_case"
    __table_args__ = (
        Index(
            "uq_review_case_open",
            "kind",
            "target_kind",
            "target_id",
            unique=True,
            sqlite_where=text("state != 'decided'"),
            postgresql_where=text("state != 'decided'"),
        ),
        Index("ix_review_case_state", "state", "due_at", "id"),
        Index("ix_review_case_space", "space_id", "state"),
        Index("ix_review_case_target", "target_kind", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    target_kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int] = mapped_column(BigInteger)
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    staff_only: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[str] = mapped_column(String(40), default="")
    why: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    score: Mapped[float] = mapped_column(Float, default=0.0)
    threshold: Mapped[float] = mapped_column(Float, default=0.0)
    state: Mapped[str] = mapped_column(String(10), default=CaseState.OPEN.value)
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    due_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    claimed_until: Mapped[datetime | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    second_wanted: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided_at: Mapped[datetime | None]
    # What undoing the decision needs to know.
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    space: Mapped[Space | None] = relationship()
    member: Mapped[Member | None] = relationship(foreign_keys=[member_id])
    claimed_by: Mapped[Member | None] = relationship(foreign_keys=[claimed_by_id])
    assignee: Mapped[Member | None] = relationship(foreign_keys=[assignee_id])
    decided_by: Mapped[Member | None] = relationship(foreign_keys=[decided_by_id])
    opinions: Mapped[list["Opinion"]] = relationship(back_populates="case", order_by="Opinion.at")
    flags: Mapped[list["Flag"]] = relationship(viewonly=True, order_by="Flag.id")
    # What an appeal is against; nothing for cases of other kinds.
    measure: Mapped["Measure | None"] = relationship(
        primaryjoin="and_(foreign(Case.target_id) == Measure.id, Case.target_kind == 'measure')", viewonly=True
    )

    @property
    def is_decided(self) -> bool:
        """Whether there is nothing to do any more."""
        return self.state == CaseState.DECIDED


class Opinion(Base):
    """What a second person would decide; asked for, and shown to whoever decides."""

    __tablename__ = "review_opinion"
    __table_args__ = (UniqueConstraint("case_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    decision: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)

    case: Mapped[Case] = relationship(back_populates="opinions")
    member: Mapped[Member] = relationship()


class Flag(Base):
    """A member says that something is not right. The partial key allows one open flag a person and thing."""

    __tablename__ = "flag"
    __table_args__ = (
        Index(
            "uq_flag_open",
            "target_kind",
            "target_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_flag_member", "member_id", "at"),
        Index("ix_flag_author", "author_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    target_kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int] = mapped_column(BigInteger)
    # The thread that the thing stands in, for what flags do to a whole thread.
    thread_id: Mapped[int | None] = mapped_column(index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(String(14))
    note: Mapped[str] = mapped_column(String(500), default="")
    weight: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    state: Mapped[str] = mapped_column(String(10), default=FlagState.OPEN.value)
    decided_at: Mapped[datetime | None]
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), index=True)

    case: Mapped[Case] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])


class Measure(Base):
    """What was done to content or to a person, by which rule, with which words, and how to put it back.

    `by_id` is nobody where a rule acted by itself. `until` is when it ends by itself; `ended_at` when and `ended_how`
    why it ended before: lifted, undone, appeal. `before` holds what reversing needs.
    """

    __tablename__ = "measure"
    __table_args__ = (
        Index("ix_measure_member", "member_id", "at"),
        Index("ix_measure_target", "target_kind", "target_id"),
        Index("ix_measure_space", "space_id", "at"),
        Index("ix_measure_act", "act_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(14))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"))
    target_kind: Mapped[str] = mapped_column(String(20), default="")
    target_id: Mapped[int] = mapped_column(BigInteger, default=0)
    rule: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(500), default="")
    # What was taken from view, in its author's words, so that they know what it is about.
    removed: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    ended_how: Mapped[str] = mapped_column(String(10), default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("review_case.id"))
    # Several measures of one act (cleaning up) carry the id of the first.
    act_id: Mapped[int | None]

    member: Mapped[Member | None] = relationship(foreign_keys=[member_id])
    by: Mapped[Member | None] = relationship(foreign_keys=[by_id])
    space: Mapped[Space | None] = relationship()
    appeal: Mapped["Appeal | None"] = relationship(back_populates="measure", uselist=False)
    case: Mapped[Case | None] = relationship(foreign_keys=[case_id])

    def stands(self, now: datetime) -> bool:
        """Whether it still has its effect."""
        return self.ended_at is None and (self.until is None or self.until > now)


class Appeal(Base):
    """The person concerned asks for a second look, once; somebody else decides."""

    __tablename__ = "appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    words: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"))
    outcome: Mapped[str] = mapped_column(String(10), default="")
    answer: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided_at: Mapped[datetime | None]

    measure: Mapped[Measure] = relationship(back_populates="appeal")
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    case: Mapped[Case] = relationship()
