"""Cases and measures, read through the actor."""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.policies import Actor, Role

from . import targets
from .kinds import all_case_kinds
from .models import Case, Flag, FlagState, Measure
from .policies import REVIEW


def reviewed_by(actor: Actor) -> ColumnElement[bool]:
    """The query form of `policies.can_review`, for lists."""
    if not actor.is_member:
        return false()
    everywhere = [kind.key for kind in all_case_kinds() if actor.can(kind.permission or REVIEW)]
    here = [kind.key for kind in all_case_kinds() if Role.SUPER_USER in (kind.permission or REVIEW).roles]
    in_spaces = and_(Case.kind.in_(here), Case.staff_only.is_(False), Case.space_id.in_(sorted(actor.leads_in)))
    own = or_(Case.member_id.is_(None), Case.member_id != actor.id)
    return and_(own, or_(Case.kind.in_(everywhere), in_spaces))


def case_for(actor: Actor, case_id: int) -> Case | None:
    """A case that the actor may review."""
    return db.session.scalar(
        select(Case)
        .where(Case.id == case_id, reviewed_by(actor))
        .options(joinedload(Case.space), joinedload(Case.member), joinedload(Case.decided_by))
    )


def measure_for(actor: Actor, measure_id: int) -> Measure | None:
    """A measure, for the person concerned and for those who moderate there."""
    measure = db.session.get(Measure, measure_id)
    if measure is None or not actor.is_member:
        return None
    if measure.member_id == actor.id or actor.can(REVIEW):
        return measure
    if measure.space_id is None or not actor.can(REVIEW, space_id=measure.space_id):
        return None
    hidden_from = measure.target_kind and targets.find(actor, measure.target_kind, measure.target_id) is None
    return None if hidden_from else measure


def own_flag(actor: Actor, target_kind: str, target_id: int) -> Flag | None:
    """The open flag that the actor set on something."""
    return db.session.scalar(
        select(Flag).where(
            Flag.target_kind == target_kind,
            Flag.target_id == target_id,
            Flag.member_id == actor.id,
            Flag.state == FlagState.OPEN,
        )
    )


def measures_against(member_id: int) -> list[Measure]:
    """What was done to a person and to what they wrote, newest first, at most a hundred."""
    wanted = select(Measure).where(Measure.member_id == member_id).options(joinedload(Measure.appeal))
    return list(db.session.scalars(wanted.order_by(Measure.id.desc()).limit(100)))
