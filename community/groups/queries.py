"""Reads of groups, all through the actor."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.accounts.operations import keep_free
from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor

from .models import Group, GroupMember, MemberState, Sight
from .policies import MANAGE_GROUPS, can_mention, can_see
from .rights import BELONGS

MEMBERS_A_PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A group in the directory, and where the reader is on the way into it ("" for nowhere)."""

    group: Group
    size: int
    state: str


def sight(actor: Actor) -> ColumnElement[bool]:
    """The query form of `policies.can_see`."""
    if actor.can(MANAGE_GROUPS):
        return true()
    if not actor.is_member:
        return Group.visibility == Sight.EVERYBODY
    own = select(GroupMember.group_id).where(GroupMember.member_id == actor.id)
    return or_(Group.visibility != Sight.HIDDEN, Group.id.in_(own))


def _size() -> ColumnElement[int]:
    inside = GroupMember.group_id == Group.id
    return select(func.count()).select_from(GroupMember).where(inside, BELONGS).scalar_subquery()


def _own_state(actor: Actor) -> ColumnElement[str]:
    own = GroupMember.group_id == Group.id, GroupMember.member_id == (actor.id or 0)
    return select(GroupMember.state).where(*own).scalar_subquery()


def directory(actor: Actor) -> list[Listed]:
    """The groups that one sees by name, one's own first, in one statement."""
    rows = db.session.execute(
        select(Group, _size(), _own_state(actor)).where(sight(actor)).order_by(func.lower(Group.name), Group.id)
    )
    found = [Listed(group, size, state or "") for group, size, state in rows]
    return sorted(found, key=lambda listed: not listed.state)


def shown(actor: Actor, slug: str) -> tuple[Group, GroupMember | None] | None:
    """A group that one sees, and one's own row in it."""
    own = (GroupMember.group_id == Group.id) & (GroupMember.member_id == (actor.id or 0))
    row = db.session.execute(select(Group, GroupMember).outerjoin(GroupMember, own).where(Group.slug == slug)).first()
    if row is None or not can_see(actor, row[0], row[1]):
        return None
    return row[0], row[1]


def size_of(group: Group) -> int:
    """How many are in it."""
    inside = GroupMember.group_id == group.id
    return db.session.scalar(select(func.count()).select_from(GroupMember).where(inside, BELONGS)) or 0


def _people(group: Group, state: MemberState) -> Select[GroupMember]:
    return (
        select(GroupMember)
        .join(GroupMember.member)
        .where(GroupMember.group_id == group.id, GroupMember.state == state.value, Member.suspended_at.is_(None))
        .order_by(GroupMember.owner.desc(), Member.name, Member.id)
        .options(joinedload(GroupMember.member))
    )


def members_page(group: Group, number: int) -> Page[GroupMember]:
    """One page of its members, owners first. Whether the reader may see them is asked before."""
    wanted = _people(group, MemberState.MEMBER)
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = db.session.scalars(wanted.limit(MEMBERS_A_PAGE).offset((number - 1) * MEMBERS_A_PAGE))
    return Page(list(rows), number, MEMBERS_A_PAGE, total)


def waiting(group: Group, state: MemberState) -> list[GroupMember]:
    """Who asked, or is invited; for those who run it. At most two hundred."""
    return list(db.session.scalars(_people(group, state).limit(200)))


def owners_of(group_id: int) -> set[int]:
    """Ids of those who decide about the group."""
    return set(
        db.session.scalars(
            select(GroupMember.member_id).where(GroupMember.group_id == group_id, BELONGS, GroupMember.owner)
        )
    )


def members_of(group_ids: Iterable[int]) -> set[int]:
    """Ids of all who are in one of the groups."""
    return set(
        db.session.scalars(select(GroupMember.member_id).where(GroupMember.group_id.in_(list(group_ids)), BELONGS))
    )


def callable_by(actor: Actor, slugs: Iterable[str]) -> dict[str, Group]:
    """Those of the groups that the actor may mention, by their slugs."""
    wanted = list(slugs)
    if not wanted or not actor.is_member:
        return {}
    return {group.slug: group for group, size in _sized(Group.slug.in_(wanted)) if can_mention(actor, group, size)}


def completions(actor: Actor, query: str, most: int) -> list[tuple[Group, int]]:
    """Groups that the actor may mention, whose slug or name goes on as `query` does."""
    begins = Group.slug.startswith(query.lower(), autoescape=True)
    called = func.lower(Group.name).contains(query.lower(), autoescape=True)
    found = [(group, size) for group, size in _sized(or_(begins, called)) if can_mention(actor, group, size)]
    return found[:most]


def _sized(which: ColumnElement[bool]) -> list[Row[Group, int]]:
    return list(db.session.execute(select(Group, _size()).where(which).order_by(Group.name, Group.id).limit(100)))


def _slugs(beginning: str) -> list[str]:
    return list(db.session.scalars(select(Group.slug).where(Group.slug.startswith(beginning))))


keep_free(_slugs)


def slug_is_free(slug: str) -> bool:
    """Whether neither a group nor a member is called that, for mentions lead to either."""
    taken = select(Group.id).where(Group.slug == slug)
    person = select(Member.id).where(Member.handle == slug)
    return db.session.scalar(taken) is None and db.session.scalar(person) is None
