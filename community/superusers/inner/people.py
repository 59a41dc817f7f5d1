"""Who is inside, of other people."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, or_, select

from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db, utcnow
from community.core.policies import STAFF


def is_inside() -> ColumnElement[bool]:
    """The query form of `policies.inside` for a `Member`, now; suspended people are outside."""
    return Member.suspended_at.is_(None) & or_(Member.role.in_(STAFF), Member.id.in_(super_users()))


def super_users(space_ids: Collection[int] | None = None) -> Select[int]:
    """Ids of super users of these spaces, or of any, now."""
    lasts = or_(Grant.until.is_(None), Grant.until > utcnow())
    held = select(Grant.member_id).where(Grant.kind == SUPER_USER, lasts)
    return held if space_ids is None else held.where(Grant.space_id.in_(space_ids))


def still_inside(member_ids: Collection[int]) -> list[Member]:
    """Those of the members who are inside now, by name."""
    wanted = select(Member).where(Member.id.in_(member_ids), is_inside()).order_by(Member.name, Member.id)
    return list(db.session.scalars(wanted)) if member_ids else []
