"""Reads of gatherings, all through the actor."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.groups.queries import members_of

from ..people import is_inside, super_users
from ..policies import RUN, inside
from .models import FollowUp, Gathering, GatheringGuest
from .policies import can_see

MOST_PAST = 30


@dataclass(frozen=True)
class Seen:
    """A gathering as one person sees it."""

    gathering: Gathering
    mine: GatheringGuest | None


def _own(actor: Actor) -> ColumnElement[bool]:
    return (GatheringGuest.gathering_id == Gathering.id) & (GatheringGuest.member_id == (actor.id or 0))


def _sight(actor: Actor) -> ColumnElement[bool]:
    """The query form of `policies.can_see` for somebody inside, beside the outer join with one's own row."""
    if actor.can(RUN):
        return true()
    return or_(GatheringGuest.member_id.is_not(None), Gathering.by_id == actor.id)


def shown(actor: Actor, gathering_id: int, *, lock: bool = False) -> Seen | None:
    """A gathering that the actor sees; with `lock` nobody else changes it until this transaction ends."""
    wanted = select(Gathering).where(Gathering.id == gathering_id).execution_options(populate_existing=lock)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    mine = db.session.get(GatheringGuest, (gathering_id, actor.id)) if actor.id else None
    return Seen(found, mine) if found is not None and can_see(actor, found, mine) else None


def listed(actor: Actor, *, past: bool = False) -> list[Seen]:
    """What is to come, the next first; or what is over, the latest first."""
    if not inside(actor):
        return []
    when = Gathering.ends_at <= utcnow() if past else Gathering.ends_at > utcnow()
    order = Gathering.starts_at.desc() if past else Gathering.starts_at
    rows = db.session.execute(
        select(Gathering, GatheringGuest)
        .outerjoin(GatheringGuest, _own(actor))
        .where(_sight(actor), when)
        .order_by(order, Gathering.id)
        .limit(MOST_PAST)
        .options(joinedload(Gathering.by))
    )
    return [Seen(row[0], row[1]) for row in rows]


def for_calendar(actor: Actor) -> list[Gathering]:
    """All to which one is invited, for a calendar; none for somebody who is outside by now."""
    if not inside(actor):
        return []
    own = select(Gathering).join(GatheringGuest, _own(actor)).order_by(Gathering.starts_at.desc()).limit(500)
    return list(db.session.scalars(own))


def guests(gathering: Gathering) -> list[GatheringGuest]:
    """Who is invited and still inside, by name."""
    rows = (
        select(GatheringGuest)
        .join(GatheringGuest.member)
        .where(GatheringGuest.gathering_id == gathering.id, is_inside())
        .order_by(Member.name, Member.id)
        .options(joinedload(GatheringGuest.member))
    )
    return list(db.session.scalars(rows))


def follow_ups(gathering: Gathering) -> list[FollowUp]:
    """What is to be done after it, what is open first."""
    rows = (
        select(FollowUp)
        .where(FollowUp.gathering_id == gathering.id)
        .order_by(FollowUp.done_at.is_not(None), FollowUp.id)
        .options(joinedload(FollowUp.member))
    )
    return list(db.session.scalars(rows))


def meant_by(audience: Iterable[str]) -> set[int]:
    """Ids of everybody whom an audience means and who is inside now."""
    parts = [each.partition(":") for each in audience]
    spaces = [value for kind, _colon, value in parts if kind == "space"]
    ids = {int(value) for kind, _colon, value in parts if kind == "person"}
    ids |= members_of(int(value) for kind, _colon, value in parts if kind == "group")
    if spaces:
        which = None if "any" in spaces else [int(value) for value in spaces]
        ids |= set(db.session.scalars(super_users(which)))
    return set(db.session.scalars(select(Member.id).where(Member.id.in_(ids), is_inside()))) if ids else set()
