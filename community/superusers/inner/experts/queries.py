"""Reads of pools and questions, all through the actor."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import STAFF, Actor
from community.forum.models import Attachment

from ..policies import RUN, inside
from .models import ExpertPool, ExpertQuestion, PoolExpert
from .policies import can_see

MOST = 100


@dataclass(frozen=True)
class Listed:
    """A pool, who is in it, and how many questions wait in it."""

    pool: ExpertPool
    experts: list[Member]
    waiting: int


def pools_of(actor: Actor) -> frozenset[int]:
    """Ids of the pools whose expert the actor is: one of the provider's people, now."""
    if not actor.is_staff:
        return frozenset()
    return frozenset(db.session.scalars(select(PoolExpert.pool_id).where(PoolExpert.member_id == actor.id)))


def pools() -> list[ExpertPool]:
    """All pools by name; for whoever is inside."""
    return list(db.session.scalars(select(ExpertPool).order_by(func.lower(ExpertPool.name), ExpertPool.id)))


def listed() -> list[Listed]:
    """The same with their experts and what waits; three statements, however many."""
    open_ones = select(ExpertQuestion.pool_id, func.count()).where(ExpertQuestion.answered_at.is_(None))
    waiting: dict[int, int] = {row[0]: row[1] for row in db.session.execute(open_ones.group_by(ExpertQuestion.pool_id))}
    rows = db.session.execute(
        select(PoolExpert.pool_id, Member)
        .join(Member, Member.id == PoolExpert.member_id)
        .where(Member.role.in_(STAFF), Member.suspended_at.is_(None))
        .order_by(Member.name)
    )
    people: dict[int, list[Member]] = {}
    for pool_id, member in rows:
        people.setdefault(pool_id, []).append(member)
    return [Listed(pool, people.get(pool.id, []), waiting.get(pool.id, 0)) for pool in pools()]


def experts_of(pool_id: int) -> list[Member]:
    """The experts of a pool who are the provider's people now, by name."""
    return list(
        db.session.scalars(
            select(Member)
            .join(PoolExpert, PoolExpert.member_id == Member.id)
            .where(PoolExpert.pool_id == pool_id, Member.role.in_(STAFF), Member.suspended_at.is_(None))
            .order_by(Member.name)
        )
    )


def questions(actor: Actor) -> list[ExpertQuestion]:
    """What the actor sees of what was asked: what waits first, then what was answered last."""
    if not inside(actor):
        return []
    mine = ExpertQuestion.pool_id.in_(pools_of(actor)) if actor.is_staff else false()
    sight = true() if actor.can(RUN) else or_(ExpertQuestion.asker_id == actor.id, mine)
    rows = (
        select(ExpertQuestion)
        .where(sight)
        .order_by(ExpertQuestion.answered_at.is_not(None), ExpertQuestion.asked_at.desc(), ExpertQuestion.id.desc())
        .limit(MOST)
        .options(joinedload(ExpertQuestion.pool), joinedload(ExpertQuestion.asker), joinedload(ExpertQuestion.taken_by))
    )
    return list(db.session.scalars(rows))


def shown(actor: Actor, question_id: int, *, lock: bool = False) -> ExpertQuestion | None:
    """A question that the actor sees; with `lock` nobody else changes it until this transaction ends."""
    wanted = select(ExpertQuestion).where(ExpertQuestion.id == question_id).execution_options(populate_existing=lock)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    return found if found is not None and can_see(actor, found, pools_of(actor)) else None


def shown_among(actor: Actor, question_ids: Collection[int]) -> set[int]:
    """Those of the questions that the actor sees, in two statements."""
    if not inside(actor):
        return set()
    rows, mine = db.session.scalars(select(ExpertQuestion).where(ExpertQuestion.id.in_(question_ids))), pools_of(actor)
    return {row.id for row in rows if can_see(actor, row, mine)}


def shows_file(actor: Actor, attachment: Attachment) -> bool:
    """Whether a question that the actor sees shows this file of who asked, or its answer one of who answered."""
    if not inside(actor):
        return False
    asked = and_(ExpertQuestion.asker_id == attachment.member_id, ExpertQuestion.body.contains(attachment.key))
    answered = and_(ExpertQuestion.taken_by_id == attachment.member_id, ExpertQuestion.answer.contains(attachment.key))
    rows = db.session.scalars(select(ExpertQuestion.id).where(or_(asked, answered)))
    return bool(shown_among(actor, rows.all()))
