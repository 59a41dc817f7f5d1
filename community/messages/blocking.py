"""Blocking direct contact: no messages from a person, and no news that they mentioned one or wrote something."""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.core.db import db, insert_once, utcnow

from .models import MemberBlock


def block(blocker_id: int, blocked_id: int) -> bool:
    """Want no contact from a person; False where it was so, or where it is oneself."""
    if blocker_id == blocked_id:
        return False
    return insert_once(MemberBlock, blocker_id=blocker_id, blocked_id=blocked_id, at=utcnow())


def unblock(blocker_id: int, blocked_id: int) -> None:
    """Let a person write to one again."""
    db.session.execute(
        delete(MemberBlock).where(MemberBlock.blocker_id == blocker_id, MemberBlock.blocked_id == blocked_id)
    )


def blockers_of(member_id: int | None) -> set[int]:
    """Who wants no contact from a member."""
    return set(db.session.scalars(select(MemberBlock.blocker_id).where(MemberBlock.blocked_id == member_id)))


def around(member_id: int) -> tuple[set[int], set[int]]:
    """Whom a member blocked, and who blocked them, in one statement."""
    rows = db.session.execute(
        select(MemberBlock.blocker_id, MemberBlock.blocked_id).where(
            or_(MemberBlock.blocker_id == member_id, MemberBlock.blocked_id == member_id)
        )
    ).all()
    mine = {blocked for blocker, blocked in rows if blocker == member_id}
    return mine, {blocker for blocker, blocked in rows if blocked == member_id}


def list_of(member_id: int | None) -> Sequence[MemberBlock]:
    """The people whom a member blocked, the newest first, each with their name."""
    return db.session.scalars(
        select(MemberBlock)
        .join(Member, Member.id == MemberBlock.blocked_id)
        .where(MemberBlock.blocker_id == member_id)
        .order_by(MemberBlock.at.desc(), Member.name)
        .options(joinedload(MemberBlock.blocked))
    ).all()
