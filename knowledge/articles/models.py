"""Articles, what they said before, where they came from and whom they helped."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow

BigId = BigInteger().with_variant(Integer, "sqlite")


class Confidence(StrEnum):
    """How far an article can be trusted."""

    WORK_IN_PROGRESS = "work_in_progress"
    NOT_VALIDATED = "not_validated"
    VALIDATED = "validated"
    ARCHIVED = "archived"


class Audience(StrEnum):
    """Who reads an article once it is published."""

    SPACE = "space"
    PUBLIC = "public"


class LinkKind(StrEnum):
    """What a thread is to an article."""

    SOURCE = "source"
    REUSED = "reused"


class Article(Base):
    """One answer worth keeping. The *_html fields and `plain` are made when the text is written.

    `space_id` is the space it belongs to; with the audience "space" only readers of that space may read it.
    """

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_listed", "published_at", "id"),
        Index("ix_article_space", "space_id", "published_at"),
        Index("ix_article_author", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    issue: Mapped[str] = mapped_column(Text)
    issue_html: Mapped[str] = mapped_column(Text, default="")
    environment: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    resolution: Mapped[str] = mapped_column(Text)
    resolution_html: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    cause_html: Mapped[str] = mapped_column(Text, default="")
    plain: Mapped[str] = mapped_column(Text, default="")
    renderer_version: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(10), default="en")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    confidence: Mapped[str] = mapped_column(String(20), default=Confidence.WORK_IN_PROGRESS.value)
    audience: Mapped[str] = mapped_column(String(10), default=Audience.PUBLIC.value)
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    last_editor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    validated_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    validated_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    helped_count: Mapped[int] = mapped_column(default=0)
    not_helped_count: Mapped[int] = mapped_column(default=0)
    revision_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def is_draft(self) -> bool:
        """Whether it was never published."""
        return self.published_at is None

    @property
    def is_archived(self) -> bool:
        """Whether it was put away as out of date."""
        return self.confidence == Confidence.ARCHIVED

    @property
    def is_validated(self) -> bool:
        """Whether a second person found the present text right."""
        return self.confidence == Confidence.VALIDATED

    @property
    def is_listed(self) -> bool:
        """Whether its audience finds it."""
        return not self.is_draft and not self.is_archived

    @property
    def answers(self) -> int:
        """How many members said whether it helped."""
        return self.helped_count + self.not_helped_count


class ArticleRevision(Base):
    """The article's text as one save left it; the highest number is what it says now."""

    __tablename__ = "article_revision"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    issue: Mapped[str] = mapped_column(Text)
    environment: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    resolution: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    editor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)


class ArticleTag(Base):
    """Which article carries which tag; the article keeps the same names for its page."""

    __tablename__ = "article_tag"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ArticleThread(Base):
    """A thread that an article came from or was used in. A thread is the source of one article at most."""

    __tablename__ = "article_thread"
    __table_args__ = (
        Index(
            "uq_article_thread_source",
            "thread_id",
            unique=True,
            sqlite_where=text("kind = 'source'"),
            postgresql_where=text("kind = 'source'"),
        ),
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10), default=LinkKind.SOURCE.value)


class SimilarArticle(Base):
    """Articles that may help in a thread, found by a job from their titles, best first."""

    __tablename__ = "similar_article"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True, index=True)
    rank: Mapped[int]


class ArticleFeedback(Base):
    """Whether an article helped a member: one answer each. `credited` once a "yes" was told to others."""

    __tablename__ = "article_feedback"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    helped: Mapped[bool]
    credited: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=utcnow)
