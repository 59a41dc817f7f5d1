"""Votes between two people, as a manager sees them before setting them aside by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import Actor
from community.forum.models import HelpfulVote, Post, Thread
from community.forum.queries import visible

MOST = 200


@dataclass(frozen=True)
class VoteBetween:
    """A vote that counts, in the thread `thread_id`. `thread` is None where the reader may not read it."""

    post_id: int
    voter_id: int
    author_id: int
    helpful: bool
    at: datetime
    thread: Thread | None
    thread_id: int


@dataclass(frozen=True)
class Between:
    """What two people gave each other: how many for and against each way, and the newest of them."""

    first: Member
    second: Member
    counts: dict[tuple[int, bool], int]
    votes: Sequence[VoteBetween]

    @property
    def total(self) -> int:
        """How many count now."""
        return sum(self.counts.values())

    def given(self, by: Member, *, helpful: bool) -> int:
        """How many of one kind one of them gave the other."""
        return self.counts.get((by.id, helpful), 0)


def between(actor: Actor, first: Member, second: Member) -> Between:
    """The votes that count between two people, in four statements; titles only of what the actor may read."""
    counted = (
        select(HelpfulVote.member_id, HelpfulVote.helpful, func.count())
        .join(Post, Post.id == HelpfulVote.post_id)
        .where(_of(first, second))
        .group_by(HelpfulVote.member_id, HelpfulVote.helpful)
    )
    counts = {(row[0], row[1]): int(row[2]) for row in db.session.execute(counted)}
    return Between(first, second, counts, _newest(actor, first, second) if counts else [])


def _of(first: Member, second: Member) -> ColumnElement[bool]:
    """Votes of the one on posts of the other, both ways."""
    ways = ((first.id, second.id), (second.id, first.id))
    return or_(*(and_(HelpfulVote.member_id == voter, Post.author_id == author) for voter, author in ways))


def _newest(actor: Actor, first: Member, second: Member) -> list[VoteBetween]:
    rows = db.session.execute(
        select(HelpfulVote, Post.author_id, Post.thread_id)
        .join(Post, Post.id == HelpfulVote.post_id)
        .where(_of(first, second))
        .order_by(HelpfulVote.at.desc(), HelpfulVote.post_id.desc())
        .limit(MOST)
    ).all()
    wanted = select(Thread).join(Thread.space).where(Thread.id.in_({row[2] for row in rows}), visible(actor))
    threads = {thread.id: thread for thread in db.session.scalars(wanted)}
    return [
        VoteBetween(vote.post_id, vote.member_id, author_id, vote.helpful, vote.at, threads.get(thread_id), thread_id)
        for vote, author_id, thread_id in rows
    ]
