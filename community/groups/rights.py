"""What spaces allow groups: for whoever asks, and of other people in SQL."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, bindparam, cast, delete, func, or_, select

from community.accounts.loading import know_too
from community.accounts.models import Member
from community.core import events
from community.core.db import UtcDateTime, db, utcnow

from .events import SpaceRightsChanged
from .models import GroupMember, MemberState, Right, SpaceRight

# The clock is read whenever a statement is sent, also by statements that are built once.
_now = bindparam("belongs_now", callable_=utcnow, type_=UtcDateTime(), unique=True)
BELONGS = (GroupMember.state == MemberState.MEMBER.value) & or_(GroupMember.until.is_(None), GroupMember.until > _now)


def _rights() -> ScalarSelect[str]:
    pair = SpaceRight.right.concat(":").concat(cast(SpaceRight.space_id, String))
    return (
        select(func.aggregate_strings(pair, ","))
        .select_from(GroupMember)
        .join(SpaceRight, SpaceRight.group_id == GroupMember.group_id)
        .where(GroupMember.member_id == Member.id, BELONGS)
        .scalar_subquery()
    )


def _groups() -> ScalarSelect[str]:
    pair = cast("group:", String).concat(cast(GroupMember.group_id, String))
    return (
        select(func.aggregate_strings(pair, ",")).where(GroupMember.member_id == Member.id, BELONGS).scalar_subquery()
    )


know_too(_rights())
know_too(_groups())


def holders(space_id: Any, *rights: Right) -> Select[int]:
    """Ids of the members whose groups have one of the rights in a space; without rights, any, for each lets read."""
    found = (
        select(GroupMember.member_id)
        .join(SpaceRight, SpaceRight.group_id == GroupMember.group_id)
        .where(SpaceRight.space_id == space_id, BELONGS)
    )
    return found.where(SpaceRight.right.in_(rights)) if rights else found


def holds(member_id: Any, space_id: Any, *rights: Right) -> ColumnElement[bool]:
    """Whether a group of the member has one of the rights there, for statements about other people."""
    return holders(space_id, *rights).where(GroupMember.member_id == member_id).exists()


def rights_in(space_id: int) -> set[tuple[int, str]]:
    """Pairs of a group's id and a right that it has in the space."""
    rows = db.session.execute(select(SpaceRight.group_id, SpaceRight.right).where(SpaceRight.space_id == space_id))
    return {(group_id, right) for group_id, right in rows}


def set_rights(space_id: int, wanted: Collection[tuple[int, str]], *, of: Iterable[int], by_id: int | None) -> None:
    """Have the groups `of` exactly the wanted rights in a space; other groups keep theirs."""
    among = set(of)
    before = {pair for pair in rights_in(space_id) if pair[0] in among}
    after = {(group_id, str(Right(right))) for group_id, right in wanted if group_id in among}
    for group_id, right in sorted(before - after):
        db.session.execute(
            delete(SpaceRight).where(
                SpaceRight.space_id == space_id, SpaceRight.group_id == group_id, SpaceRight.right == right
            )
        )
    db.session.add_all(
        SpaceRight(space_id=space_id, group_id=group_id, right=right) for group_id, right in sorted(after - before)
    )
    if before != after:
        given, taken = _named(after - before), _named(before - after)
        events.record(SpaceRightsChanged(actor_id=by_id, space_id=space_id, given=given, taken=taken))


def _named(pairs: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(f"{group_id}:{right}" for group_id, right in sorted(pairs))
