"""How answering is shared out in each space, and on how few people it rests."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db
from community.forum.models import Kind, Post, Thread

from .rules import LOAD_WITHIN, MOST_LOADS, QUESTIONS_WITHIN, target_size


def loads(now: datetime) -> dict[str, Any]:
    """For each space: its people with the most answers, [member, theirs, all]; and who helps there as a super user."""
    answers = (
        select(Thread.space_id, Post.author_id, func.count(Post.id).label("number"))
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Thread.kind == Kind.QUESTION,
            Post.number > 1,
            Post.author_id != Thread.author_id,
            Post.hidden_at.is_(None),
            Post.created_at > now - LOAD_WITHIN,
        )
        .group_by(Thread.space_id, Post.author_id)
        .subquery()
    )
    place, order = answers.c.space_id, (answers.c.number.desc(), answers.c.author_id)
    ranked = select(
        *answers.c,
        func.sum(answers.c.number).over(partition_by=place).label("total"),
        func.row_number().over(partition_by=place, order_by=order).label("rank"),
    ).subquery()
    helps = select(Grant.id).where(
        Grant.member_id == ranked.c.author_id,
        Grant.space_id == ranked.c.space_id,
        Grant.kind == SUPER_USER,
        or_(Grant.until.is_(None), Grant.until > now),
    )
    rows = db.session.execute(
        select(ranked.c.space_id, ranked.c.author_id, ranked.c.number, ranked.c.total)
        .where(or_(ranked.c.rank <= MOST_LOADS, helps.exists()))
        .order_by(ranked.c.space_id, ranked.c.rank)
    )
    found: dict[str, Any] = {}
    for space, member, number, total in rows:
        found.setdefault(str(space), []).append([member, int(number), int(total)])
    return found


def bus_factors(now: datetime) -> dict[str, Any]:
    """For each space with accepted answers: the smallest number of people who gave half of them, and how many."""
    given = (
        select(Thread.space_id, Post.author_id, func.count(Thread.id).label("number"))
        .join(Post, Post.id == Thread.solution_id)
        .where(Thread.solved_at > now - LOAD_WITHIN, Thread.author_id != Post.author_id)
        .group_by(Thread.space_id, Post.author_id)
        .subquery()
    )
    place = given.c.space_id
    order = (given.c.number.desc(), given.c.author_id)
    added = select(
        given.c.space_id,
        given.c.number,
        func.sum(given.c.number).over(partition_by=place).label("total"),
        func.sum(given.c.number).over(partition_by=place, order_by=order, rows=(None, 0)).label("so_far"),
    ).subquery()
    needed = (added.c.so_far - added.c.number) * 2 < added.c.total
    rows = db.session.execute(
        select(added.c.space_id, func.count().filter(needed), func.max(added.c.total)).group_by(added.c.space_id)
    )
    return {str(space): [int(people), int(total)] for space, people, total in rows}


def sizes(now: datetime) -> dict[str, Any]:
    """How many there are and should be, in all; questions of four weeks and super users for each space."""
    lasts = or_(Grant.until.is_(None), Grant.until > now)
    helping = select(Grant.space_id, Grant.member_id).where(Grant.kind == SUPER_USER, lasts)
    here = helping.join(Member, Member.id == Grant.member_id).where(Member.suspended_at.is_(None)).subquery()
    by_space = select(here.c.space_id, func.count(here.c.member_id)).group_by(here.c.space_id)
    asked = (
        select(Thread.space_id, func.count(Thread.id))
        .where(
            Thread.kind == Kind.QUESTION, Thread.created_at > now - QUESTIONS_WITHIN, Thread.merged_into_id.is_(None)
        )
        .group_by(Thread.space_id)
    )
    members = select(func.count(Member.id)).where(Member.suspended_at.is_(None), Member.email_confirmed_at.is_not(None))
    people = db.session.scalar(select(func.count(here.c.member_id.distinct()))) or 0
    questions = {str(space): number for space, number in db.session.execute(asked)}
    in_all = db.session.scalar(members) or 0
    weeks = QUESTIONS_WITHIN.days / 7
    return {
        "members": in_all,
        "super_users": people,
        "target": target_size(in_all, sum(questions.values()) / weeks),
        "questions": questions,
        "helping": {str(space): number for space, number in db.session.execute(by_space)},
    }
