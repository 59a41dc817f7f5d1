"""Who belongs to automatic groups, by their rules: asked again whenever something that rules look at has changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from community.accounts.known import KNOWN
from community.accounts.models import SUPER_USER, Grant, Member
from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import every, job
from community.organisations.domains import written

from .events import MembersSettled
from .models import ANY_SPACE, Group, GroupMember, GroupRule, Joining, MemberState, RuleKind


@job
def settle_group(group_id: int) -> None:
    """Bring in and take out whom the rules of one group mean."""
    group = db.session.get(Group, group_id)
    if group is not None:
        settle(group)


def settle_members(member_ids: Iterable[int]) -> None:
    """The same of all groups, for these members only."""
    ids = sorted(set(member_ids))
    automatic = select(GroupMember.group_id).where(GroupMember.member_id.in_(ids), GroupMember.automatic)
    wanted = or_(Group.joining == Joining.AUTOMATIC, Group.id.in_(automatic))
    for group in db.session.scalars(select(Group).where(wanted).order_by(Group.id)).all():
        settle(group, ids)


@every(minutes=1)
def settle_ended() -> None:
    """Take out whose standing has ended by itself; what it allowed them ended at that moment already."""
    ended = select(GroupMember.member_id).where(GroupMember.automatic, GroupMember.until <= utcnow()).distinct()
    member_ids = db.session.scalars(ended).all()
    if member_ids:
        settle_members(member_ids)


@every(hours=24)
def settle_all() -> None:
    """The same of all groups, for whatever else may have changed."""
    for group in db.session.scalars(select(Group).order_by(Group.id)).all():
        settle(group)


def settle(group: Group, member_ids: list[int] | None = None) -> None:
    """Make the automatic members those whom the rules mean; whoever came in by hand stays."""
    meant = _meant(group, member_ids)
    rows = select(GroupMember.member_id, GroupMember.state, GroupMember.automatic, GroupMember.until).where(
        GroupMember.group_id == group.id
    )
    if member_ids is not None:
        rows = rows.where(GroupMember.member_id.in_(member_ids))
    known = db.session.execute(rows).all()
    inside = {id_ for id_, state, _automatic, _until in known if state == MemberState.MEMBER}
    automatic = {id_: until for id_, _state, by_rule, until in known if by_rule}
    _set_ends(group.id, {id_: end for id_, end in meant.items() if id_ in automatic and automatic[id_] != end})
    added = {id_: end for id_, end in meant.items() if id_ not in inside}
    _settle(group, added, sorted(automatic.keys() - meant.keys()))


def _settle(group: Group, added: dict[int, datetime | None], removed: list[int]) -> None:
    if removed:
        out = delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.member_id.in_(removed))
        db.session.execute(out.where(GroupMember.automatic), execution_options={"synchronize_session": False})
    if added:
        _bring_in(group.id, added)
    if added or removed:
        db.session.expire_all()
        fact = MembersSettled(actor_id=None, group_id=group.id, added=tuple(sorted(added)), removed=tuple(removed))
        events.record(fact)


def _set_ends(group_id: int, ends: dict[int, datetime | None]) -> None:
    """What brought them lasts longer now, or less long."""
    for member_id, end in sorted(ends.items()):
        row = update(GroupMember).where(GroupMember.group_id == group_id, GroupMember.member_id == member_id)
        db.session.execute(row.values(until=end))


def _bring_in(group_id: int, members: dict[int, datetime | None]) -> None:
    """Whoever had asked or was invited comes in by the rule as well."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    state = {"state": MemberState.MEMBER.value, "automatic": True, "since": utcnow()}
    ids = sorted(members)
    for first in range(0, len(ids), 500):
        some = ids[first:][:500]
        rows = [
            {"group_id": group_id, "member_id": id_, "owner": False, "until": members[id_], **state} for id_ in some
        ]
        statement = dialect.insert(GroupMember).values(rows)
        keys = [GroupMember.group_id, GroupMember.member_id]
        statement = statement.on_conflict_do_update(
            index_elements=keys,
            set_=state | {"until": statement.excluded.until},
            where=GroupMember.state != MemberState.MEMBER.value,
        )
        db.session.execute(statement)


def _meant(group: Group, member_ids: list[int] | None) -> dict[int, datetime | None]:
    """Whom the rules mean, and until when; None for as long as the rules stand."""
    if group.joining != Joining.AUTOMATIC:
        return {}
    standing = [rule for rule in group.rules if rule.kind == RuleKind.SUPER_USER]
    others = [_condition(rule) for rule in group.rules if rule.kind != RuleKind.SUPER_USER]
    ends: dict[int, datetime | None] = {}
    for id_, until in db.session.execute(_grants(standing, member_ids)) if standing else ():
        held = ends.get(id_, until)
        ends[id_] = max(held, until) if held is not None and until is not None else None
    only = [KNOWN] if member_ids is None else [KNOWN, Member.id.in_(member_ids)]
    if others:
        ends |= dict.fromkeys(db.session.scalars(select(Member.id).where(or_(*others), *only)))
    return ends


def _grants(rules: list[GroupRule], member_ids: list[int] | None) -> Select[*tuple[Any, ...]]:
    """Members with the ends of what the rules look at."""
    lasts = or_(Grant.until.is_(None), Grant.until > utcnow())
    held = select(Grant.member_id, Grant.until).where(Grant.kind == SUPER_USER, lasts)
    values = {rule.value for rule in rules}
    if ANY_SPACE not in values:
        held = held.where(Grant.space_id.in_(sorted(map(int, values))))
    return held if member_ids is None else held.where(Grant.member_id.in_(member_ids))


def _condition(rule: GroupRule) -> ColumnElement[bool]:
    if rule.kind == RuleKind.DOMAIN:
        return Member.email_confirmed_at.is_not(None) & _address_in(rule.value)
    if rule.kind == RuleKind.ROLE:
        return Member.role == rule.value
    return Member.organisation_id == int(rule.value)


def _address_in(domain: str) -> ColumnElement[bool]:
    spellings = {domain, written(domain)}
    return or_(*(Member.email.endswith(f"@{each}", autoescape=True) for each in sorted(spellings)))
