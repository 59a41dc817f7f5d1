"""News that are published later. Until then they are no thread, so nothing that lists threads can show them."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import Base, db, utcnow
from community.core.jobs import every
from community.spaces.models import Space
from community.spaces.policies import can_read

from .. import operations, policies
from ..composing.copying import with_own_files
from ..models import Kind, Thread

AT_ONCE = 20


class ScheduledNews(Base):
    """An announcement and when it is due. `held` where its author may no longer publish it when its time has come."""

    __tablename__ = "scheduled_news"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    publish_at: Mapped[datetime] = mapped_column(index=True)
    held: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    space: Mapped[Space] = relationship()
    author: Mapped[Member] = relationship()


def waiting() -> list[ScheduledNews]:
    """All that is not published yet, what comes next first; for those who may announce."""
    wanted = select(ScheduledNews).options(joinedload(ScheduledNews.space), joinedload(ScheduledNews.author))
    return list(db.session.scalars(wanted.order_by(ScheduledNews.publish_at, ScheduledNews.id)))


def next_in(space_id: int) -> tuple[int, ScheduledNews | None]:
    """(how many wait for a space, what comes next), held ones among them; for those who may announce."""
    rows = list(
        db.session.scalars(
            select(ScheduledNews).where(ScheduledNews.space_id == space_id).order_by(ScheduledNews.publish_at)
        )
    )
    return len(rows), rows[0] if rows else None


def locked(news_id: int) -> ScheduledNews | None:
    """One of them, which nobody else publishes, changes or cancels until this transaction ends."""
    return db.session.scalar(select(ScheduledNews).where(ScheduledNews.id == news_id).with_for_update(of=ScheduledNews))


def publish(news: ScheduledNews) -> Thread:
    """Make it a thread, now; it waits no longer. It has files of its own, where something else shows them already."""
    thread = operations.start_thread(
        space=news.space,
        author_id=news.author_id,
        kind=Kind.ANNOUNCEMENT.value,
        title=news.title,
        body=with_own_files(news.body, by_id=news.author_id),
        tags=news.tags,
    )
    db.session.delete(news)
    db.session.flush()
    return thread


def cancel(news: ScheduledNews) -> None:
    """It is not published at all."""
    db.session.delete(news)


@every(minutes=1)
def publish_what_is_due() -> None:
    """Publish what is due, each once, however many workers ask."""
    due = (
        select(ScheduledNews)
        .where(ScheduledNews.publish_at <= utcnow(), ScheduledNews.held.is_(False))
        .order_by(ScheduledNews.publish_at, ScheduledNews.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for news in db.session.scalars(due).all():
        author = actor_for(news.author_id)
        may = news.author.suspended_at is None and policies.can_start(author, Kind.ANNOUNCEMENT)
        if may and can_read(author, news.space):
            publish(news)
        else:
            news.held = True
