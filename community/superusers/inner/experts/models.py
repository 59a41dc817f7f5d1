"""Pools of experts, and what is asked of them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow


class ExpertPool(Base):
    """People of the provider who answer about one product, or about some tags."""

    __tablename__ = "expert_pool"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    about: Mapped[str] = mapped_column(String(300), default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class PoolExpert(Base):
    """Somebody in a pool."""

    __tablename__ = "pool_expert"

    pool_id: Mapped[int] = mapped_column(ForeignKey("expert_pool.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)


class ExpertQuestion(Base):
    """A super user's question to a pool, who took it, and the answer.

    `thread_id` is the thread for whose sake it is asked, `inner_thread_id` where the answer stands in the inner space,
    and `published_id` the post by which it came into the first.
    """

    __tablename__ = "expert_question"
    __table_args__ = (Index("ix_expert_question_pool", "pool_id", "answered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("expert_pool.id"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    taken_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answer_html: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    inner_thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))
    published_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    pool: Mapped[ExpertPool] = relationship()
    asker: Mapped[Member] = relationship(foreign_keys=[asker_id])
    taken_by: Mapped[Member | None] = relationship(foreign_keys=[taken_by_id])
