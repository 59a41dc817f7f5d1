"""Promotion rules, working calendars, and what is known of threads on their way to the desk."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow

from .calendar_data import calendar_data, calendar_from
from .calendars import Calendar
from .evidence import Evidence, Proposal
from .rule_data import rule_data, rule_from
from .rules import Rule


class PromotionRule(Base):
    """A rule: of the installation where `space_id` is none, else of a space, which changes one with the same key.

    `definition` is the whole rule as JSON; `effect` and `enabled` repeat it, to be asked for. Spaces belong to the
    community, so `space_id` is no foreign key.
    """

    __tablename__ = "promotion_rule"
    __table_args__ = (
        # Two rows without a space are different to a database unless an index of their own says otherwise.
        Index("uq_promotion_rule_space", "space_id", "key", unique=True),
        Index(
            "uq_promotion_rule_default",
            "key",
            unique=True,
            sqlite_where=text("space_id IS NULL"),
            postgresql_where=text("space_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int | None]
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    effect: Mapped[str] = mapped_column(String(10))
    enabled: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def rule(self) -> Rule:
        """The rule. Raises `InvalidError` where the definition can no longer be read."""
        return rule_from(self.definition)

    def define(self, rule: Rule, *, by_id: int | None, at: datetime) -> None:
        """Let it be this rule from now on."""
        self.key, self.effect, self.enabled = rule.key, str(rule.effect), rule.enabled
        self.definition = rule_data(rule)
        self.changed_by_id, self.changed_at = by_id, at


class WorkingCalendar(Base):
    """The working hours of a space; those of the installation have the space 0. `definition` is JSON."""

    __tablename__ = "working_calendar"

    space_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def calendar(self) -> Calendar:
        """The calendar. Raises `InvalidError` where the definition can no longer be read."""
        return calendar_from(self.definition)

    def define(self, calendar: Calendar, *, by_id: int | None, at: datetime) -> None:
        """Let these be the hours from now on."""
        self.name, self.definition = calendar.name, calendar_data(calendar)
        self.changed_by_id, self.changed_at = by_id, at


class ThreadWatch(Base):
    """A thread that rules or people have an eye on. `thread_id` belongs to the community and is no foreign key.

    `noticed` says since when people are told of which automatic rules (key to time), `due_at` when the first of them
    goes, `next_look_at` when time alone changes something; none once only an event can. `verdicts` is what pages show
    of the last look; `suggested_at` and `suggested_by` (keys between spaces) are since when and by which rules the
    staff's list holds it. `promoted_rule` took it to the desk, as `promoted_space_id` has that rule (0: everywhere).
    """

    __tablename__ = "thread_watch"
    __table_args__ = (
        Index("uq_thread_watch_thread", "thread_id", unique=True),
        Index("ix_thread_watch_look", "next_look_at"),
        Index("ix_thread_watch_suggested", "suggested_at"),
        Index("ix_thread_watch_promoted", "promoted_rule", "promoted_at"),
        CheckConstraint("held_until IS NULL OR held_reason <> ''", name="hold_has_reason"),
        CheckConstraint("dismissed_at IS NULL OR dismissed_reason <> ''", name="dismissal_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int]
    space_id: Mapped[int]
    noticed: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    verdicts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    due_at: Mapped[datetime | None]
    next_look_at: Mapped[datetime | None]
    suggested_at: Mapped[datetime | None]
    suggested_by: Mapped[str] = mapped_column(Text, default="")
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    claimed_until: Mapped[datetime | None]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    held_reason: Mapped[str] = mapped_column(String(300), default="")
    held_until: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    dismissed_reason: Mapped[str] = mapped_column(String(300), default="")
    dismissed_at: Mapped[datetime | None]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    proposed_class: Mapped[str] = mapped_column(String(24), default="")
    proposed_reason: Mapped[str] = mapped_column(String(300), default="")
    proposed_at: Mapped[datetime | None]
    promoted_rule: Mapped[str] = mapped_column(String(40), default="")
    promoted_space_id: Mapped[int | None]
    promoted_at: Mapped[datetime | None]
    promoted_query_id: Mapped[int | None] = mapped_column(ForeignKey("query.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def noticed_at(self) -> tuple[tuple[str, datetime], ...]:
        """Since when people are told of which rules, as evidence has it."""
        return tuple((key, datetime.fromisoformat(at)) for key, at in self.noticed.items())

    def notice(self, moments: dict[str, datetime]) -> None:
        """Remember since when people are told of which rules; those that no longer speak are forgotten."""
        self.noticed = {key: at.isoformat() for key, at in moments.items()}

    def forget_past(self, now: datetime) -> None:
        """Drop a claim or a hold that is over."""
        if self.claimed_until is not None and self.claimed_until <= now:
            self.claimed_by_id = self.claimed_until = None
        if self.held_until is not None and self.held_until <= now:
            self.held_by_id, self.held_reason, self.held_until = None, "", None

    def let_go(self) -> None:
        """Nobody claims or holds it any more."""
        self.claimed_by_id = self.claimed_until = None
        self.held_by_id, self.held_reason, self.held_until = None, "", None

    def answer_proposal(self) -> None:
        """What a super user proposed has been decided."""
        self.proposed_by_id = self.proposed_at = None
        self.proposed_class = self.proposed_reason = ""

    def known_to(self, evidence: Evidence) -> Evidence:
        """The evidence with what people have said here."""
        proposals = evidence.proposals
        if self.proposed_by_id is not None and self.proposed_at is not None:
            proposals = (*proposals, Proposal(self.proposed_by_id, self.proposed_at))
        return replace(
            evidence,
            claimed_until=self.claimed_until,
            held_until=self.held_until,
            dismissed_at=self.dismissed_at,
            noticed=self.noticed_at,
            proposals=proposals,
        )


class PromotionTrial(Base):
    """Rules tried on the past in the background: how far that is, and what was found (see `trials`).

    `definition` is the rule that was tried, `space_id` 0 where it holds everywhere.
    """

    __tablename__ = "promotion_trial"

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    days: Mapped[int]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
