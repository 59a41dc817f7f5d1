"""Who could be asked to join: found by rules, in a handful of statements however many members there are.

The figures are those of `appointing.evidence`, for many people at once.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from community.accounts.availability import can_take_part
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db
from community.core.policies import STAFF
from community.forum.models import Post, Thread
from community.moderation.models import Flag, FlagState, Measure
from community.superusers.appointing.evidence import LATELY, NOT_AGAINST, Evidence

from .rules import MOST_CANDIDATES, NEAR

Pair = tuple[int, int]


def candidates(now: datetime) -> list[dict[str, Any]]:
    """People with many accepted answers in a space that they do not look after, the most first, with their figures."""
    since = now - LATELY
    accepted = _accepted(since, now)
    people, spaces = {member for _space, member in accepted}, {space for space, _member in accepted}
    replies, flags, against = _replies(people, spaces, since), _flags(people, since), _against(people, since)
    return [
        {
            "space": pair[0],
            "member": pair[1],
            "figures": [number, *replies.get(pair, (0, 0)), *flags.get(pair[1], (0, 0)), against.get(pair[1], 0)],
        }
        for pair, number in accepted.items()
    ]


def evidence_from(figures: list[int]) -> Evidence:
    """The figures as the pages of appointments show them."""
    return Evidence(*figures)


def _accepted(since: datetime, now: datetime) -> dict[Pair, int]:
    number = func.count(Thread.id)
    helps = (
        select(Grant.id)
        .where(
            Grant.member_id == Post.author_id,
            Grant.space_id == Thread.space_id,
            Grant.kind == SUPER_USER,
            or_(Grant.until.is_(None), Grant.until > now),
        )
        .exists()
    )
    rows = db.session.execute(
        select(Thread.space_id, Post.author_id, number)
        .join(Post, Post.id == Thread.solution_id)
        .join(Member, Member.id == Post.author_id)
        .where(
            or_(Thread.solved_at > since, Thread.confirmed_at > since),
            Thread.author_id != Post.author_id,
            Member.role.not_in(STAFF),
            can_take_part(now),
            ~helps,
        )
        .group_by(Thread.space_id, Post.author_id)
        .having(number >= NEAR)
        .order_by(number.desc(), Post.author_id, Thread.space_id)
        .limit(MOST_CANDIDATES)
    )
    return {(space, member): count for space, member, count in rows}


def _replies(people: Collection[int], spaces: Collection[int], since: datetime) -> dict[Pair, tuple[int, int]]:
    rows = db.session.execute(
        select(Thread.space_id, Post.author_id, func.count(Post.id), func.count(Post.id).filter(Post.helpful_count > 0))
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.author_id.in_(people),
            Thread.space_id.in_(spaces),
            Post.number > 1,
            Post.hidden_at.is_(None),
            Post.created_at > since,
        )
        .group_by(Thread.space_id, Post.author_id)
    )
    return {(space, member): (written, helpful) for space, member, written, helpful in rows}


def _flags(people: Collection[int], since: datetime) -> dict[int, tuple[int, int]]:
    decided = Flag.state.in_((FlagState.UPHELD, FlagState.REJECTED))
    rows = db.session.execute(
        select(Flag.member_id, func.count(Flag.id).filter(Flag.state == FlagState.UPHELD), func.count(Flag.id))
        .where(Flag.member_id.in_(people), Flag.decided_at > since, decided)
        .group_by(Flag.member_id)
    )
    return {member: (upheld, number) for member, upheld, number in rows}


def _against(people: Collection[int], since: datetime) -> dict[int, int]:
    rows = db.session.execute(
        select(Measure.member_id, func.count(Measure.id))
        .where(Measure.member_id.in_(people), Measure.at > since, Measure.ended_how.not_in(NOT_AGAINST))
        .group_by(Measure.member_id)
    )
    return {int(member): number for member, number in rows if member is not None}
