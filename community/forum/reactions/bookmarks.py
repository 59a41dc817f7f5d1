"""Bookmarks: private marks on posts, with a note and a day of a reminder. A thread's is on its opening post."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from community.accounts.models import Member
from community.core import events, i18n
from community.core.db import Base, db, insert_once, utcnow
from community.core.jobs import every
from community.core.paging import Page
from community.core.policies import Actor
from community.spaces.models import Space

from ..events import BookmarkDue
from ..models import BigId, Post, Thread
from ..policies import SEE_HIDDEN, can_read_thread
from ..queries import visible
from . import own

MOST = 2000
LONGEST_NOTE = 200
BOOKMARKS_A_PAGE = 25
REMINDED_AT_ONCE = 500
REMIND_AT = time(8)
SHOWN = ("", "threads", "replies", "reminders")


class Bookmark(Base):
    """A member's mark on a post. `remind_at` is when to remind of it, empty where none is wanted or it was sent."""

    __tablename__ = "bookmark"
    __table_args__ = (
        UniqueConstraint("member_id", "post_id"),
        Index("ix_bookmark_list", "member_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    post: Mapped[Post] = relationship()


own.find_too(
    select(literal("bookmarked"), Bookmark.post_id)
    .join(Post, Post.id == Bookmark.post_id)
    .where(Post.thread_id == bindparam("thread_id"), Bookmark.member_id == bindparam("member_id"))
)


def add(post: Post, *, member_id: int) -> bool:
    """Mark a post; whether it is marked now. False where the member has as many bookmarks as one may have."""
    # Whoever marks two posts at once waits here, so that the limit holds.
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update())
    if _is_marked(post, member_id):
        return True
    if (db.session.scalar(select(func.count(Bookmark.id)).where(Bookmark.member_id == member_id)) or 0) >= MOST:
        return False
    return insert_once(Bookmark, member_id=member_id, post_id=post.id)


def _is_marked(post: Post, member_id: int) -> bool:
    mine = select(Bookmark.id).where(Bookmark.post_id == post.id, Bookmark.member_id == member_id)
    return db.session.scalar(mine) is not None


def remove(post_id: int, *, member_id: int) -> bool:
    """Take the mark away; whether there was one."""
    gone = delete(Bookmark).where(Bookmark.post_id == post_id, Bookmark.member_id == member_id)
    return bool(cast(CursorResult[Any], db.session.execute(gone)).rowcount)


def note(bookmark: Bookmark, text: str, remind_on: date | None, *, zone: str) -> None:
    """Keep a note, and remind at eight in the morning of a day, as the clocks of `zone` show it."""
    bookmark.note = text
    bookmark.remind_at = datetime.combine(remind_on, REMIND_AT, i18n.zone_of(zone)) if remind_on else None


def today_in(zone: str) -> date:
    """The present day in a time zone."""
    return utcnow().astimezone(i18n.zone_of(zone)).date()


@every(minutes=5)
def remind() -> None:
    """Reminders whose moment has come become facts, each once."""
    due = (
        select(Bookmark.id)
        .where(Bookmark.remind_at <= utcnow())
        .order_by(Bookmark.remind_at)
        .limit(REMINDED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Bookmark)
        .where(Bookmark.id.in_(due), Bookmark.remind_at.is_not(None))
        .values(remind_at=None)
        .returning(Bookmark.id, Bookmark.member_id, Bookmark.post_id)
    )
    for id_, member_id, post_id in db.session.execute(taken).all():
        thread_id = db.session.get_one(Post, post_id).thread_id
        events.record(BookmarkDue(thread_id=thread_id, post_id=post_id, bookmark_id=id_, member_id=member_id))


@dataclass(frozen=True)
class Marked:
    """A bookmark in the list; without a thread where its owner may not read it any more."""

    bookmark: Bookmark
    thread: Thread | None


def page_of(actor: Actor, number: int, *, show: str = "", words: str = "") -> Page[Marked]:
    """One page of the actor's own bookmarks, newest first: all, of threads, of replies, or with a reminder."""
    conditions = [Bookmark.member_id == actor.id]
    if show == "threads":
        conditions.append(Post.number == 1)
    elif show == "replies":
        conditions.append(Post.number > 1)
    elif show == "reminders":
        conditions.append(Bookmark.remind_at.is_not(None))
    if words:
        titled = and_(visible(actor), _holds(Thread.title, words))  # what is not shown is not looked into
        conditions.append(or_(_holds(Bookmark.note, words), titled))
    chosen = select(Bookmark).join(Bookmark.post).join(Post.thread).join(Thread.space).where(*conditions)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    by = (Bookmark.remind_at, Bookmark.id) if show == "reminders" else (Bookmark.created_at.desc(), Bookmark.id.desc())
    rows = db.session.scalars(
        chosen.order_by(*by).limit(BOOKMARKS_A_PAGE).offset((number - 1) * BOOKMARKS_A_PAGE).options(*_SHOWN)
    )
    return Page([_marked(actor, row) for row in rows], number, BOOKMARKS_A_PAGE, total)


_of_post = joinedload(Bookmark.post, innerjoin=True)
_SHOWN = (
    _of_post.load_only(Post.number, Post.hidden_at, Post.author_id, Post.thread_id),
    _of_post.joinedload(Post.author, innerjoin=True).load_only(Member.name, Member.handle),
    _of_post.joinedload(Post.thread, innerjoin=True)
    .joinedload(Thread.space, innerjoin=True)
    .load_only(Space.slug, Space.name, Space.visibility, Space.language),
)


def _holds(column: Any, words: str) -> Any:
    return column.icontains(words, autoescape=True)


def _marked(actor: Actor, bookmark: Bookmark) -> Marked:
    thread = bookmark.post.thread
    hidden = bookmark.post.hidden_at is not None and not actor.can(SEE_HIDDEN, space_id=thread.space_id)
    return Marked(bookmark, thread if can_read_thread(actor, thread) and not hidden else None)


def own_bookmark(actor: Actor, bookmark_id: int) -> Bookmark | None:
    """A bookmark of the actor's."""
    return db.session.scalar(select(Bookmark).where(Bookmark.id == bookmark_id, Bookmark.member_id == actor.id))
