"""Whose words somebody who reviews trusts in a space, so that rules for newcomers hold nothing back of theirs there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import aliased

from community.accounts.models import Member
from community.core import events
from community.core.db import db, insert_once, utcnow
from community.core.events import EventRecord

from .events import TrustWithdrawn, WriterTrusted
from .models import TrustedWriter

MOST = 500
ENDED_SHOWN = 20


@dataclass(frozen=True)
class Trusted:
    """Somebody who is trusted in a space, since when and by whom."""

    member: Member
    at: datetime
    by: Member | None


@dataclass(frozen=True)
class Ended:
    """Trust that was withdrawn: from whom, by whom, when and why."""

    member: Member
    at: datetime
    by: Member | None
    reason: str


def trust_writer(member_id: int, space_id: int | None, *, by_id: int) -> bool:
    """Hold back nothing more of this person in the space for being new; whether they were not trusted before."""
    if space_id is None:
        return False
    if not insert_once(TrustedWriter, member_id=member_id, space_id=space_id, by_id=by_id, at=utcnow()):
        return False
    events.record(WriterTrusted(actor_id=by_id, member_id=member_id, space_id=space_id))
    return True


def withdraw(member_id: int, space_id: int, *, by_id: int, reason: str) -> bool:
    """What they write is held back again as of everybody; whether they were trusted until now."""
    gone = delete(TrustedWriter).where(TrustedWriter.member_id == member_id, TrustedWriter.space_id == space_id)
    if not cast(CursorResult[Any], db.session.execute(gone)).rowcount:
        return False
    events.record(TrustWithdrawn(actor_id=by_id, member_id=member_id, space_id=space_id, reason=reason))
    return True


def trusted_in(space_id: int) -> Sequence[Trusted]:
    """Who is trusted in a space, the newest first, at most five hundred."""
    by = aliased(Member)
    rows = db.session.execute(
        select(TrustedWriter.at, Member, by)
        .join(Member, Member.id == TrustedWriter.member_id)
        .outerjoin(by, by.id == TrustedWriter.by_id)
        .where(TrustedWriter.space_id == space_id)
        .order_by(TrustedWriter.at.desc(), Member.id)
        .limit(MOST)
    )
    return [Trusted(member, at, giver) for at, member, giver in rows]


def ended_in(space_id: int) -> Sequence[Ended]:
    """The last withdrawals in a space, the newest first."""
    here = EventRecord.payload["space_id"].as_integer() == space_id
    facts = db.session.scalars(
        select(EventRecord)
        .where(EventRecord.name == TrustWithdrawn.name, here)
        .order_by(EventRecord.id.desc())
        .limit(ENDED_SHOWN)
    ).all()
    ids = {id_ for fact in facts for id_ in (fact.actor_id, fact.payload["member_id"])}
    people = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(ids)))}
    return [
        Ended(people[who], fact.at, people.get(fact.actor_id or 0), fact.payload.get("reason", ""))
        for fact in facts
        if (who := fact.payload["member_id"]) in people
    ]
