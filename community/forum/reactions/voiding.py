"""Setting votes between people aside, and giving exactly the same votes back."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, tuple_, update

from community.accounts.models import Member
from community.core import events
from community.core.db import db, utcnow

from ..events import VoteGivenBack
from ..events import VoteSetAside as WasSetAside
from ..models import HelpfulVote, Post, Thread
from .set_aside import VoteSetAside

Cast = tuple[int, int, bool, datetime]


def set_aside(member_ids: Collection[int], *, act_id: int, by_id: int | None) -> int:
    """Set aside every vote that these people gave each other; how many. `act_id` is what gives them back."""
    _lock_voters(member_ids)
    return _set_aside(_between(member_ids), act_id=act_id, by_id=by_id)


def any_between(member_ids: Collection[int]) -> bool:
    """Whether votes that these people gave each other count; none is given or set aside until this transaction ends."""
    _lock_voters(member_ids)
    found = select(HelpfulVote.post_id).join(Post, Post.id == HelpfulVote.post_id).where(_between(member_ids))
    return db.session.scalar(found.limit(1)) is not None


def _between(member_ids: Collection[int]) -> ColumnElement[bool]:
    return HelpfulVote.member_id.in_(member_ids) & Post.author_id.in_(member_ids)


def set_aside_given(member_id: int, *, act_id: int, by_id: int | None, within: ColumnElement[bool]) -> int:
    """Set aside every vote that one person gave in the threads that `within` names; how many."""
    _lock_voters([member_id])
    return _set_aside((HelpfulVote.member_id == member_id) & within, act_id=act_id, by_id=by_id)


def _set_aside(which: ColumnElement[bool], *, act_id: int, by_id: int | None) -> int:
    given = (
        select(HelpfulVote.post_id, HelpfulVote.member_id, HelpfulVote.helpful, HelpfulVote.at)
        .join(Post, Post.id == HelpfulVote.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(which)
        .order_by(HelpfulVote.post_id, HelpfulVote.member_id)
    )
    votes: list[Cast] = [(row[0], row[1], row[2], row[3]) for row in db.session.execute(given)]
    if not votes:
        return 0
    posts = _lock_posts(post_id for post_id, *_rest in votes)
    _move(HelpfulVote, VoteSetAside, votes, "given_at", act_id=act_id, at=utcnow())
    _count(votes, posts, by=-1)
    _record(WasSetAside, votes, posts, by_id)
    return len(votes)


def give_back(act_id: int, *, member_id: int | None = None, by_id: int | None) -> int:
    """Give back the votes of one act, or those of them that one member gave or got; how many. They are as they were."""
    theirs = select(VoteSetAside.member_id).where(VoteSetAside.act_id == act_id)
    _lock_voters(db.session.scalars(theirs.distinct()).all())
    set_aside_ones = (
        select(VoteSetAside.post_id, VoteSetAside.member_id, VoteSetAside.helpful, VoteSetAside.given_at)
        .join(Post, Post.id == VoteSetAside.post_id)
        .where(VoteSetAside.act_id == act_id)
        .order_by(VoteSetAside.post_id, VoteSetAside.member_id)
    )
    if member_id is not None:
        concerned = (VoteSetAside.member_id == member_id) | (Post.author_id == member_id)
        set_aside_ones = set_aside_ones.where(concerned)
    votes: list[Cast] = [(row[0], row[1], row[2], row[3]) for row in db.session.execute(set_aside_ones)]
    if not votes:
        return 0
    posts = _lock_posts(post_id for post_id, *_rest in votes)
    _move(VoteSetAside, HelpfulVote, votes, "at")
    _count(votes, posts, by=+1)
    _record(VoteGivenBack, votes, posts, by_id)
    return len(votes)


def concerned_by(act_id: int) -> set[int]:
    """Who gave or got votes that this act still keeps aside."""
    rows = db.session.execute(
        select(VoteSetAside.member_id, Post.author_id)
        .join(Post, Post.id == VoteSetAside.post_id)
        .where(VoteSetAside.act_id == act_id)
    )
    return {member_id for row in rows for member_id in row}


def _lock_voters(member_ids: Iterable[int]) -> None:
    """As each vote does, so that none is given in between; in one order, so that two at once never wait."""
    ids = sorted(member_ids)
    locked = select(Member.id).where(Member.id.in_(ids)).order_by(Member.id)
    db.session.execute(locked.with_for_update(key_share=True)).all()


def _lock_posts(post_ids: Iterable[int]) -> dict[int, Post]:
    ids = sorted(set(post_ids))
    db.session.flush()
    rows = db.session.scalars(
        select(Post)
        .where(Post.id.in_(ids))
        .order_by(Post.id)
        .with_for_update(of=Post)
        .execution_options(populate_existing=True)
    )
    return {post.id: post for post in rows}


def _move(source: type[Any], target: type[Any], votes: Sequence[Cast], into: str, **more: object) -> None:
    keys = [(post_id, member_id) for post_id, member_id, *_rest in votes]
    db.session.execute(
        delete(source)
        .where(tuple_(source.post_id, source.member_id).in_(keys))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"post_id": post_id, "member_id": member_id, "helpful": helpful, into: at, **more}
        for post_id, member_id, helpful, at in votes
    ]
    db.session.execute(insert(target), rows)


def _count(votes: Sequence[Cast], posts: dict[int, Post], *, by: int) -> None:
    """Change the counts of the posts, and let the pages of their threads be made anew."""
    numbers = Counter((post_id, helpful) for post_id, _member_id, helpful, _at in votes)
    for (post_id, helpful), number in sorted(numbers.items()):
        column = Post.helpful_count if helpful else Post.not_helpful_count
        db.session.execute(
            update(Post)
            .where(Post.id == post_id)
            .values({column: column + by * number})
            .execution_options(synchronize_session=False)
        )
    threads = sorted({post.thread_id for post in posts.values()})
    for post in posts.values():
        db.session.expire(post, ["helpful_count", "not_helpful_count"])
    for thread in db.session.scalars(select(Thread).where(Thread.id.in_(threads)).order_by(Thread.id)):
        thread.touch()


def _record(kind: type[Any], votes: Sequence[Cast], posts: dict[int, Post], by_id: int | None) -> None:
    for post_id, member_id, helpful, _at in votes:
        post = posts[post_id]
        events.record(
            kind(
                actor_id=by_id,
                thread_id=post.thread_id,
                post_id=post_id,
                author_id=post.author_id,
                voter_id=member_id,
                helpful=helpful,
            )
        )
