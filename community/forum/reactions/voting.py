"""Helpful, or not: one vote for each member and post, switched in one statement, counted where it is written."""

from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, delete, literal, select, update

from community.core import events
from community.core.db import db, insert_once, utcnow

from ..events import HelpfulMarked, HelpfulUnmarked, NotHelpfulMarked, NotHelpfulUnmarked
from ..models import HelpfulVote, Post
from . import own
from .limits import lock_voter
from .set_aside import is_set_aside

own.find_too(
    select(literal("not helpful"), HelpfulVote.post_id)
    .join(Post, Post.id == HelpfulVote.post_id)
    .where(Post.thread_id == bindparam("thread_id"), HelpfulVote.member_id == bindparam("member_id"))
    .where(HelpfulVote.helpful.is_(False))
)
MARKED = {True: HelpfulMarked, False: NotHelpfulMarked}
UNMARKED = {True: HelpfulUnmarked, False: NotHelpfulUnmarked}


def mark_helpful(post: Post, *, member_id: int) -> bool:
    """Count one member's vote once, however often it is sent; whether that changed anything."""
    return _mark(post, member_id, helpful=True)


def unmark_helpful(post: Post, *, member_id: int) -> bool:
    """Take the vote back; whether there was one."""
    return _unmark(post, member_id, helpful=True)


def mark_not_helpful(post: Post, *, member_id: int) -> bool:
    """Count one member's vote against a reply once, in place of one for it; whether that changed anything."""
    return _mark(post, member_id, helpful=False)


def unmark_not_helpful(post: Post, *, member_id: int) -> bool:
    """Take the vote against it back; whether there was one."""
    return _unmark(post, member_id, helpful=False)


def _mark(post: Post, member_id: int, *, helpful: bool) -> bool:
    lock_voter(member_id)
    if is_set_aside(post.id, member_id=member_id):
        return False
    if insert_once(HelpfulVote, post_id=post.id, member_id=member_id, helpful=helpful):
        _count(post, helpful=helpful, by=+1)
    elif _switched(post, member_id, helpful=helpful):
        _count(post, helpful=helpful, by=+1)
        _count(post, helpful=not helpful, by=-1)
        _record(UNMARKED[not helpful], post, member_id)
    else:
        return False
    _record(MARKED[helpful], post, member_id)
    return True


def _switched(post: Post, member_id: int, *, helpful: bool) -> bool:
    """Turn the vote that is there round, where it says the opposite: it is a vote of today."""
    turned = update(HelpfulVote).where(
        HelpfulVote.post_id == post.id, HelpfulVote.member_id == member_id, HelpfulVote.helpful.is_(not helpful)
    )
    return _changed(turned.values(helpful=helpful, at=utcnow()))


def _unmark(post: Post, member_id: int, *, helpful: bool) -> bool:
    gone = delete(HelpfulVote).where(
        HelpfulVote.post_id == post.id, HelpfulVote.member_id == member_id, HelpfulVote.helpful.is_(helpful)
    )
    if not _changed(gone):
        return False
    _count(post, helpful=helpful, by=-1)
    _record(UNMARKED[helpful], post, member_id)
    return True


def _changed(statement: Any) -> bool:
    done = db.session.execute(statement, execution_options={"synchronize_session": False})
    return bool(cast(CursorResult[Any], done).rowcount)


def _count(post: Post, *, helpful: bool, by: int) -> None:
    if helpful:
        post.helpful_count = Post.helpful_count + by
    else:
        post.not_helpful_count = Post.not_helpful_count + by
    post.thread.touch()


def _record(kind: type[Any], post: Post, member_id: int) -> None:
    events.record(kind(actor_id=member_id, thread_id=post.thread_id, post_id=post.id, author_id=post.author_id))
