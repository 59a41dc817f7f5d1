"""Thanks to the author of a post, with a line where one wants to say more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, String, bindparam, delete, literal, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from community.accounts.models import Member
from community.core import events
from community.core.db import Base, db, insert_once, utcnow

from ..events import PostThanked, ThanksWithdrawn
from ..models import Post
from . import own

LONGEST_LINE = 140
LINES_SHOWN = 50


class Thanks(Base):
    """A member thanked the author of a post; `line` may be empty."""

    __tablename__ = "thanks"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    line: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)

    member: Mapped[Member] = relationship()


own.find_too(
    select(literal("thanked"), Thanks.post_id)
    .join(Post, Post.id == Thanks.post_id)
    .where(Post.thread_id == bindparam("thread_id"), Thanks.member_id == bindparam("member_id"))
)


def thank(post: Post, *, member_id: int, line: str = "") -> bool:
    """Thank once; a line given later takes the place of the one before. Whether the thanks were new."""
    if insert_once(Thanks, post_id=post.id, member_id=member_id, line=line):
        post.thanks_count = Post.thanks_count + 1
        post.thread.touch()
        events.record(
            PostThanked(actor_id=member_id, thread_id=post.thread_id, post_id=post.id, author_id=post.author_id)
        )
        return True
    if line:
        db.session.execute(
            update(Thanks)
            .where(Thanks.post_id == post.id, Thanks.member_id == member_id, Thanks.line != line)
            .values(line=line)
        )
        post.thread.touch()
    return False


def withdraw(post: Post, *, member_id: int) -> bool:
    """Take the thanks and their line back; whether there were any."""
    gone = delete(Thanks).where(Thanks.post_id == post.id, Thanks.member_id == member_id)
    if not cast(CursorResult[Any], db.session.execute(gone)).rowcount:
        return False
    post.thanks_count = Post.thanks_count - 1
    post.thread.touch()
    events.record(
        ThanksWithdrawn(actor_id=member_id, thread_id=post.thread_id, post_id=post.id, author_id=post.author_id)
    )
    return True


def lines_of(posts: Sequence[Post]) -> dict[int, list[Thanks]]:
    """Thanks with a line of those posts that were thanked, newest first, at most 50; one statement or none."""
    thanked = [post.id for post in posts if post.thanks_count]
    if not thanked:
        return {}
    rows = db.session.scalars(
        select(Thanks)
        .where(Thanks.post_id.in_(thanked), Thanks.line != "")
        .order_by(Thanks.at.desc(), Thanks.member_id)
        .limit(LINES_SHOWN)
        .options(joinedload(Thanks.member, innerjoin=True).load_only(Member.handle, Member.name))
    )
    found: dict[int, list[Thanks]] = {}
    for row in rows:
        found.setdefault(row.post_id, []).append(row)
    return found
