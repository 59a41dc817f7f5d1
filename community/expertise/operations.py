"""Naming what one knows, and agreeing with what others name."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from community.accounts.models import Member
from community.core import events
from community.core.db import db, insert_once

from .events import EndorsementWithdrawn, ExpertiseChanged, ExpertiseEndorsed
from .models import Endorsement, Expertise


def name_tags(member_id: int, tags: Iterable[str]) -> None:
    """Let a person know exactly these main tags. Of two at once the second waits, and its tags hold."""
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update())
    wanted = set(tags)
    named = set(db.session.scalars(select(Expertise.tag).where(Expertise.member_id == member_id)))
    if wanted == named:
        return
    gone = Expertise.member_id == member_id, Expertise.tag.in_(named - wanted)
    db.session.execute(delete(Expertise).where(*gone))
    for tag in sorted(wanted - named):
        insert_once(Expertise, member_id=member_id, tag=tag)
    events.record(ExpertiseChanged(actor_id=member_id, member_id=member_id, tags=" ".join(sorted(wanted))))


def endorse(member_id: int, tag: str, *, by_id: int) -> None:
    """Agree that a member knows a tag; sent twice, or by two requests at once, it is the same."""
    if insert_once(Endorsement, member_id=member_id, tag=tag, by_id=by_id):
        events.record(ExpertiseEndorsed(actor_id=by_id, member_id=member_id, tag=tag))


def withdraw(member_id: int, tag: str, *, by_id: int) -> None:
    """No longer agree; nothing happens where one did not."""
    own = Endorsement.member_id == member_id, Endorsement.tag == tag, Endorsement.by_id == by_id
    if db.session.scalar(delete(Endorsement).where(*own).returning(Endorsement.tag)) is not None:
        events.record(EndorsementWithdrawn(actor_id=by_id, member_id=member_id, tag=tag))


def move_tag(old: str, new: str) -> None:
    """A tag has another name now. Who named or endorsed both keeps the one of `new`."""
    for (member_id,) in db.session.execute(select(Expertise.member_id).where(Expertise.tag == old)).all():
        insert_once(Expertise, member_id=member_id, tag=new)
    said = select(Endorsement.member_id, Endorsement.by_id).where(Endorsement.tag == old)
    for member_id, by_id in db.session.execute(said).all():
        insert_once(Endorsement, member_id=member_id, tag=new, by_id=by_id)
    db.session.execute(delete(Expertise).where(Expertise.tag == old))
    db.session.execute(delete(Endorsement).where(Endorsement.tag == old))
