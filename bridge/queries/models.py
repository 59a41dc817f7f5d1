"""Queries, the threads that travel with them, and the record of every step; with verbs that concern one row alone."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.triage.classes import QueryClass
from bridge.triage.priorities import Targets
from community.core.db import Base, utcnow
from community.core.numbers import whole_number

BigId = BigInteger().with_variant(Integer, "sqlite")
PREFIX = "QRY-"


class Status(StrEnum):
    """Where a query stands at the desk."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING_USER = "waiting_user"
    RESOLVED = "resolved"
    DECLINED = "declined"
    CLOSED = "closed"


IN_WORK = frozenset({Status.NEW, Status.IN_PROGRESS, Status.WAITING_USER})
FINISHED = frozenset({Status.DECLINED, Status.CLOSED})


class StepKind(StrEnum):
    """What a step was."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    CLASSIFIED = "classified"
    RECLASSIFIED = "reclassified"
    ASSIGNED = "assigned"
    ASKED = "asked"
    ANSWERED = "answered"
    REPLIED = "replied"
    NOTED = "noted"
    NEWS_PROMISED = "news_promised"
    WEIGHED = "weighed"
    MAJOR = "major"
    NOT_MAJOR = "not_major"
    SHOWN_AGAIN = "shown_again"
    JOINED = "joined"
    RESOLVED = "resolved"
    DECLINED = "declined"
    PEER_ANSWER = "peer_answer"
    REOPENED = "reopened"
    CLOSED = "closed"
    WORKED_ON = "worked_on"
    REMINDED = "reminded"
    HANDED_OVER = "handed_over"
    RETRACTED = "retracted"
    LOST_AT_DESK = "lost_at_desk"


class Query(Base):
    """A demand on the provider. Its reference is made from its key, which both databases give out safely in parallel.

    `next_due_at` is the target that comes next, none while the clock stands still; `due_from` is since when it counts.
    """

    __tablename__ = "query"
    __table_args__ = (
        Index("ix_query_status_due", "status", "next_due_at"),
        Index("ix_query_assignee", "assignee_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    query_class: Mapped[str] = mapped_column(String(24))
    suggested_class: Mapped[str] = mapped_column(String(24), default="")
    status: Mapped[str] = mapped_column(String(14), default=Status.NEW.value)
    impact: Mapped[int]
    urgency: Mapped[int]
    priority: Mapped[int]
    service: Mapped[str] = mapped_column(String(80), default="")
    channel: Mapped[str] = mapped_column(String(20), default="community")
    promoted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    people_affected: Mapped[int] = mapped_column(default=1)
    major: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    peer_answer: Mapped[bool] = mapped_column(default=False)
    reclassified_count: Mapped[int] = mapped_column(default=0)
    reopen_count: Mapped[int] = mapped_column(default=0)
    resolution_text: Mapped[str] = mapped_column(Text, default="")
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(default=utcnow)
    acknowledged_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    first_news_at: Mapped[datetime | None]
    first_news_due_at: Mapped[datetime]
    resolution_due_at: Mapped[datetime]
    next_news_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    due_from: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1)

    links: Mapped[list["QueryThread"]] = relationship(back_populates="query", order_by="QueryThread.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def reference(self) -> str:
        """How people name it: "QRY-00042"."""
        return f"{PREFIX}{self.id:05d}"

    @property
    def in_work(self) -> bool:
        """Whether the desk still has something to do."""
        return self.status in IN_WORK

    @property
    def finished(self) -> bool:
        """Whether nothing more is expected of anybody."""
        return self.status in FINISHED

    @property
    def active_thread_ids(self) -> list[int]:
        """The threads that travel with it now."""
        return [link.thread_id for link in self.links if link.active]

    def give_news(self, at: datetime) -> None:
        """The people affected heard from the desk: the first-news target is met, and a promised one kept."""
        self.first_news_at = self.first_news_at or at
        self.next_news_at = None

    def wait(self, at: datetime) -> None:
        """Stop the clock until the author answers; asked once more, the time that was waited so far counts too."""
        self.end_waiting(at)
        self.status, self.waiting_since = Status.WAITING_USER, at

    def go_on(self, at: datetime) -> None:
        """Start the clock again."""
        self.end_waiting(at)
        self.status = Status.IN_PROGRESS

    def end_waiting(self, at: datetime) -> None:
        """Nobody waits for the author any more; the time of waiting is added to the target."""
        if self.waiting_since is not None:
            self.resolution_due_at += max(at - self.waiting_since, timedelta())
        self.waiting_since = None

    def retarget(self, before: Targets, after: Targets) -> None:
        """Move the targets by what others allow; what was waited for, and a new beginning, stay counted."""
        self.first_news_due_at += after.first_news - before.first_news
        self.resolution_due_at += after.resolution - before.resolution

    def settle(self, at: datetime) -> None:
        """Find the target that comes next."""
        due = self._next_due() if self.status in (Status.NEW, Status.IN_PROGRESS) else None
        if due != self.next_due_at:
            self.next_due_at, self.due_from = due, at

    def _next_due(self) -> datetime:
        first = None if self.first_news_at else self.first_news_due_at
        return min(moment for moment in (first, self.next_news_at, self.resolution_due_at) if moment)


class QueryThread(Base):
    """A thread that travels with a query. The partial key allows a thread one open query at most for each topic.

    `topic` is empty for the query that the thread as a whole became; a further query about something else in the same
    thread has the key of the form that asked for it. `handover` is what went over, word for word; `thread_id` belongs
    to the community and is no foreign key.
    """

    __tablename__ = "query_thread"
    __table_args__ = (
        UniqueConstraint("query_id", "thread_id"),
        Index(
            "uq_query_thread_active",
            "thread_id",
            "topic",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        Index("ix_query_thread_thread", "thread_id", "id"),
        Index("ix_query_thread_author", "author_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("query.id"))
    thread_id: Mapped[int]
    topic: Mapped[str] = mapped_column(String(32), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    title: Mapped[str] = mapped_column(String(160))
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    linked_at: Mapped[datetime] = mapped_column(default=utcnow)
    reason: Mapped[str] = mapped_column(Text, default="")
    handover: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    answer_post_id: Mapped[int | None] = mapped_column(BigInteger)

    query: Mapped[Query] = relationship(back_populates="links")


class QueryStep(Base):
    """One step of the record. Only `public` ones are ever shown outside of the desk."""

    __tablename__ = "query_step"
    __table_args__ = (Index("ix_query_step_query", "query_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("query.id"))
    kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool] = mapped_column(default=False)
    from_value: Mapped[str] = mapped_column(String(80), default="")
    to_value: Mapped[str] = mapped_column(String(80), default="")


def id_of(reference: str) -> int | None:
    """The key behind a reference; none when it is no reference."""
    digits = reference.upper().removeprefix(PREFIX)
    return whole_number(digits, most=999_999_999) if reference.upper().startswith(PREFIX) else None


def suspicious(query_class: str) -> bool:
    """Whether the class forbids talking about it in public."""
    return query_class == QueryClass.SUSPICIOUS
