"""The one inner space, and news that super users read before everybody else."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base
from community.forum.models import Thread
from community.forum.scheduling.operations import ScheduledNews
from community.spaces.models import Space

ONLY = 1


class InnerPlace(Base):
    """Which space is the inner one, and which group brings super users into it. One row at most."""

    __tablename__ = "inner_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("member_group.id", ondelete="CASCADE"))

    space: Mapped[Space | None] = relationship()


class EarlyNews(Base):
    """An announcement of the inner space that is for everybody from a moment on; `news_id` is what waits until then."""

    __tablename__ = "early_news"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True)
    news_id: Mapped[int | None] = mapped_column(ForeignKey("scheduled_news.id", ondelete="SET NULL"), index=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    public_from: Mapped[datetime]

    thread: Mapped[Thread] = relationship()
    space: Mapped[Space] = relationship()
    news: Mapped[ScheduledNews | None] = relationship(passive_deletes=True)
