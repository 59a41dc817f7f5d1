"""Whom a check-list can be for, and who that is now: by the rights, groups and pools that there are."""

from collections import defaultdict
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import or_, select

from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db, utcnow
from community.core.policies import STAFF, Role
from community.groups.models import GroupMember, Right, SpaceRight
from community.groups.rights import BELONGS
from community.spaces.models import Space

from ..inner.experts.models import ExpertPool, PoolExpert

EVERYBODY, SUPER_USERS, MODERATORS, AGENTS, EXPERTS = "everybody", "super_user", "moderator", "agent", "expert"
Held = dict[int, frozenset[str]]


def held(member_id: int | None = None) -> Held:
    """For each member with a role in the programme, or for one of them, the audiences that they belong to now."""
    found: dict[int, set[str]] = defaultdict(set)
    for key, rows in ((SUPER_USERS, _super_users()), (MODERATORS, _moderators()), (EXPERTS, _experts())):
        for who, where in rows:
            if member_id in (None, who):
                found[who] |= {EVERYBODY, key, f"{key}:{where}"}
    for who in _agents():
        if member_id in (None, who):
            found[who] |= {EVERYBODY, AGENTS}
    return {who: frozenset(keys) for who, keys in found.items()}


def audiences_of(member_id: int | None) -> frozenset[str]:
    """The audiences that one member belongs to now."""
    return held(member_id).get(member_id, frozenset()) if member_id is not None else frozenset()


def _super_users() -> Iterable[tuple[int, int]]:
    lasts = or_(Grant.until.is_(None), Grant.until > utcnow())
    wanted = select(Grant.member_id, Grant.space_id).join(Member, Member.id == Grant.member_id)
    rows = db.session.execute(wanted.where(Grant.kind == SUPER_USER, lasts, Member.suspended_at.is_(None)))
    return [(row[0], row[1]) for row in rows]


def _moderators() -> Iterable[tuple[int, int]]:
    """Who moderates a space because a group of theirs does."""
    wanted = (
        select(GroupMember.member_id, SpaceRight.space_id)
        .join(SpaceRight, SpaceRight.group_id == GroupMember.group_id)
        .join(Member, Member.id == GroupMember.member_id)
        .where(SpaceRight.right == Right.MODERATE.value, BELONGS, Member.suspended_at.is_(None))
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def _experts() -> Iterable[tuple[int, int]]:
    wanted = select(PoolExpert.member_id, PoolExpert.pool_id).join(Member, Member.id == PoolExpert.member_id)
    rows = db.session.execute(wanted.where(Member.role.in_(STAFF), Member.suspended_at.is_(None)))
    return [(row[0], row[1]) for row in rows]


def _agents() -> Iterable[int]:
    return db.session.scalars(select(Member.id).where(Member.role == Role.AGENT, Member.suspended_at.is_(None)))


def choices() -> list[tuple[str, str]]:
    """All audiences with their names: the roles, then those of each space and each pool."""
    found = [(key, str(said)) for key, said in _roles().items()]
    for space_id, name in db.session.execute(select(Space.id, Space.name).order_by(Space.name)):
        found.append((f"{SUPER_USERS}:{space_id}", _("Super users of %(space)s", space=name)))
        found.append((f"{MODERATORS}:{space_id}", _("Moderators of %(space)s", space=name)))
    for pool_id, name in db.session.execute(select(ExpertPool.id, ExpertPool.name).order_by(ExpertPool.name)):
        found.append((f"{EXPERTS}:{pool_id}", _("Experts of %(pool)s", pool=name)))
    return found


def _roles() -> dict[str, str]:
    return {
        EVERYBODY: _("Everybody in the programme"),
        SUPER_USERS: _("Super users"),
        MODERATORS: _("Moderators of spaces"),
        AGENTS: _("Agents of the provider"),
        EXPERTS: _("Experts"),
    }


def said(key: str) -> str:
    """The name of an audience in the reader's language; what it was for where its space or pool is gone."""
    return dict(choices()).get(key) or _roles().get(key.partition(":")[0], key)
