"""Letters, read through the actor; and through a secret address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from community.accounts.models import SUPER_USER, Grant, Member, hash_token
from community.core.db import db
from community.core.events import EventRecord
from community.core.policies import Actor

from ..appointing.models import Appointment
from ..appointing.policies import can_run
from .models import Letter, LetterLink, LetterState
from .policies import can_see, is_theirs

MOST = 500
THEIRS = ("shared", "revoked")  # with whom somebody shares their letter is nobody else's business


@dataclass(frozen=True)
class Step:
    """One thing that happened to a letter."""

    what: str
    at: datetime
    by: str


def letter_for(actor: Actor, letter_id: int) -> Letter | None:
    """A letter that the actor may see."""
    row = db.session.get(Letter, letter_id)
    return row if row is not None and can_see(actor, row) else None


def own(actor: Actor) -> list[Letter]:
    """One's own letters, newest first, whatever one is by now."""
    wanted = select(Letter).where(Letter.member_id == actor.id).order_by(Letter.ends_on.desc(), Letter.id.desc())
    return [row for row in db.session.scalars(wanted) if can_see(actor, row)] if actor.is_member else []


def all_for(actor: Actor) -> list[Letter]:
    """Those about others, for who runs the programme: what is not signed first."""
    if not can_run(actor):
        return []
    wanted = select(Letter).where(Letter.member_id != actor.id).options(joinedload(Letter.member))
    order = Letter.state == LetterState.DISCARDED, Letter.state == LetterState.SIGNED, Letter.id.desc()
    return list(db.session.scalars(wanted.order_by(*order).limit(MOST)))


def history(actor: Actor, letter: Letter) -> list[Step]:
    """All that happened to it, in order; with whom it was shared for the person alone."""
    rows = db.session.execute(
        select(EventRecord, Member.name)
        .outerjoin(Member, Member.id == EventRecord.actor_id)
        .where(EventRecord.subject == f"letter:{letter.id}")
        .order_by(EventRecord.id)
    )
    steps = [Step(row.payload["what"], row.at, name or "") for row, name in rows]
    return [step for step in steps if step.what not in THEIRS or is_theirs(actor, letter)]


def shared(token: str) -> Letter | None:
    """The signed letter that this address opens now."""
    wanted = (
        select(Letter)
        .join(LetterLink, LetterLink.letter_id == Letter.id)
        .join(Member, Member.id == Letter.member_id)
        .where(
            LetterLink.token_hash == hash_token(token),
            LetterLink.revoked_at.is_(None),
            Letter.state == LetterState.SIGNED,
            Member.suspended_at.is_(None),
        )
    )
    return db.session.scalar(wanted)


def was_super_user(member: Member) -> bool:
    """Whether somebody is a super user, or was one."""
    granted = select(Grant.id).where(Grant.member_id == member.id, Grant.kind == SUPER_USER)
    held = select(Appointment.id).where(Appointment.member_id == member.id, Appointment.review_at.is_not(None))
    return db.session.scalar(select(or_(granted.exists(), held.exists()))) or False
