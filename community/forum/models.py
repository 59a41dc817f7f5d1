"""Threads and posts, with the small verbs that concern one row alone."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.spaces.models import Space

BigId = BigInteger().with_variant(Integer, "sqlite")


class Kind(StrEnum):
    """What a thread is for."""

    QUESTION = "question"
    DISCUSSION = "discussion"
    IDEA = "idea"
    ANNOUNCEMENT = "announcement"


class State(StrEnum):
    """The one word that every thread carries."""

    OPEN = "open"
    ANSWERED = "answered"
    SOLVED = "solved"
    WITH_DESK = "desk"
    RESOLVED = "resolved"
    DECLINED = "declined"
    CLOSED = "closed"
    PLANNED = "planned"
    DONE = "done"


DESK_STATES = frozenset({State.WITH_DESK, State.RESOLVED, State.DECLINED})


class Thread(Base):
    """A question, discussion, idea or announcement. `state` is kept by `settle`, after each change that moves it.

    `version` grows with every change of what the thread's page shows; pages kept for people who are not signed in
    are found by it. `desk_state` is what the bridge last said, "" while no query exists.
    """

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_space_activity", "space_id", "last_activity_at"),
        Index("ix_thread_activity", "last_activity_at"),
        Index("ix_thread_state", "state", "last_activity_at"),
        Index("ix_thread_author", "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(14))
    title: Mapped[str] = mapped_column(String(160))
    language: Mapped[str] = mapped_column(String(10), default="en")
    state: Mapped[str] = mapped_column(String(10), default=State.OPEN.value)
    desk_state: Mapped[str] = mapped_column(String(10), default="")
    # What the provider decided on an idea: planned, done or declined; "" while it is open.
    decided_state: Mapped[str] = mapped_column(String(10), default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    # What was typed into the fields that its space asks for: key, label, look and value of each.
    fields: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", use_alter=True))
    solved_at: Mapped[datetime | None]
    reply_count: Mapped[int] = mapped_column(default=0)
    have_too_count: Mapped[int] = mapped_column(default=0)
    affected_named: Mapped[bool] = mapped_column(default=False)
    has_poll: Mapped[bool] = mapped_column(default=False)
    has_event: Mapped[bool] = mapped_column(default=False)
    confirmation_asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    view_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    pinned: Mapped[bool] = mapped_column(default=False)
    pinned_until: Mapped[datetime | None]
    # Where its posts went; the row stays, so that its address leads there for ever.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)
    linked: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    # Where set, only people of this organisation and the provider's staff read it.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    closed_at: Mapped[datetime | None]
    # Minutes between two posts of one person; 0 is no limit.
    slow_minutes: Mapped[int] = mapped_column(default=0)
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(String(300), default="")
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_activity_at: Mapped[datetime] = mapped_column(default=utcnow)

    space: Mapped[Space] = relationship()
    author: Mapped[Member] = relationship(foreign_keys=[author_id])
    posts: Mapped[list["Post"]] = relationship(
        back_populates="thread", order_by="Post.number", foreign_keys="Post.thread_id"
    )

    def settle(self) -> None:
        """Find the state word from what is known; an accepted answer wins over the desk, closing over both."""
        if self.closed_at is not None:
            self.state = State.CLOSED
        elif self.solution_id is not None:
            self.state = State.SOLVED
        elif self.decided_state or self.desk_state:
            self.state = self.decided_state or self.desk_state
        else:
            self.state = State.ANSWERED if self.reply_count else State.OPEN
        self.touch()

    def touch(self) -> None:
        """Say that the page shows something else now. One statement, so that no change is lost to another."""
        self.version = Thread.version + 1


class Post(Base):
    """One contribution; number 1 opens the thread. `html` was rendered when `body` was written."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        Index("ix_post_author", "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer_version: Mapped[int] = mapped_column(default=0)
    timed_out: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(10), default="en")
    origin: Mapped[str] = mapped_column(String(10), default="peer")
    proposed: Mapped[bool] = mapped_column(default=False)
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    helpful_count: Mapped[int] = mapped_column(default=0)
    not_helpful_count: Mapped[int] = mapped_column(default=0)
    thanks_count: Mapped[int] = mapped_column(default=0)
    revision_count: Mapped[int] = mapped_column(default=0)
    attachments: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(String(300), default="")
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    suggested_count: Mapped[int] = mapped_column(default=0)
    # What was typed into the fields of a space, where the post opened a thread that was merged into this one.
    fields: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)

    thread: Mapped[Thread] = relationship(back_populates="posts", foreign_keys=[thread_id])
    author: Mapped[Member] = relationship(foreign_keys=[author_id])
    revisions: Mapped[list["PostRevision"]] = relationship(back_populates="post", order_by="PostRevision.number")

    @property
    def opens(self) -> bool:
        """Whether this is the opening post."""
        return self.number == 1


class PostRevision(Base):
    """A text as it was before an edit, and who changed it."""

    __tablename__ = "post_revision"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(160), default="")
    body: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    editor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)

    post: Mapped[Post] = relationship(back_populates="revisions")
    editor: Mapped[Member] = relationship()


class ThreadTag(Base):
    """Which thread carries which tag; the thread keeps the same names for its page."""

    __tablename__ = "thread_tag"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class HelpfulVote(Base):
    """A member found a post helpful, or not; the key makes a second vote impossible."""

    __tablename__ = "helpful_vote"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    helpful: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class HaveToo(Base):
    """A member has the same problem; in which version and at which site, where they said so."""

    __tablename__ = "have_too"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    version: Mapped[str] = mapped_column(String(60), default="")
    site: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    via_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))


class Attachment(Base):
    """An uploaded file; it belongs to nobody's post until that post is saved."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    content_type: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class RelatedThread(Base):
    """Threads alike, found by a job when the thread was written, best first."""

    __tablename__ = "related_thread"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True, index=True)
    rank: Mapped[int]


class Tie(StrEnum):
    """How one thread came to point at another."""

    DUPLICATE = "duplicate"
    SPLIT = "split"


class ThreadTie(Base):
    """`thread_id` is a duplicate of `other_id`, or was split from it; both show it, and both are `linked`.

    A duplicate that was open `reopens` once it is none after all.
    """

    __tablename__ = "thread_tie"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    reopens: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=utcnow)
