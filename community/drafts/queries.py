"""Reads of one's own drafts; nobody reads another's."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from community.core.db import db

from .models import Draft, Place

_AT_PLACE = (
    select(Draft)
    .where(
        Draft.member_id == bindparam("member_id"),
        Draft.kind == bindparam("kind"),
        Draft.target_id == bindparam("target_id"),
    )
    .order_by(Draft.updated_at.desc(), Draft.id.desc())
)


def of_member(member_id: int) -> Sequence[Draft]:
    """All that a member has in the making, the newest first."""
    rows = select(Draft).where(Draft.member_id == member_id).order_by(Draft.updated_at.desc(), Draft.id.desc())
    return db.session.scalars(rows).all()


def at_place(member_id: int, place: Place) -> Sequence[Draft]:
    """What a member has in the making for one place, the newest first."""
    wanted = {"member_id": member_id, "kind": str(place.kind), "target_id": place.target_id}
    return db.session.scalars(_AT_PLACE, wanted).all()


def own(member_id: int, draft_id: int) -> Draft | None:
    """A draft of the member's, or nothing."""
    return db.session.scalar(select(Draft).where(Draft.id == draft_id, Draft.member_id == member_id))
