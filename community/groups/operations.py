"""Making groups, changing them, and coming in and going out by hand."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from community.core import events
from community.core.db import db, utcnow

from .events import GroupChanged, GroupCreated, GroupDeleted, MembershipChanged
from .models import Calling, Group, GroupMember, GroupRule, Joining, ListSight, MemberState, Sight


@dataclass(frozen=True, kw_only=True)
class GroupDetails:
    """What is written about a group; `rules` are pairs of a kind and its value, and None leaves them."""

    name: str
    description: str = ""
    joining: str = Joining.REQUEST.value
    visibility: str = Sight.EVERYBODY.value
    list_visibility: str = ListSight.EVERYBODY.value
    mentionable: str = Calling.MEMBERS.value
    rules: frozenset[tuple[str, str]] | None = None


def create(slug: str, details: GroupDetails, *, by_id: int | None) -> Group:
    """Make a group. Its address stays for good, for texts mention it. A job finds whom its rules bring."""
    group = Group(slug=slug)
    _write(group, details)
    db.session.add(group)
    db.session.flush()
    events.record(GroupCreated(actor_id=by_id, group_id=group.id))
    return group


def change(group: Group, details: GroupDetails, *, by_id: int | None) -> None:
    """Change a group; nothing is recorded where nothing changed. A job follows changed rules."""
    changed = _write(group, details)
    if changed:
        db.session.flush()
        events.record(GroupChanged(actor_id=by_id, group_id=group.id, changed=changed))


def delete(group: Group, *, by_id: int | None) -> None:
    """Delete a group, and with it what it was allowed."""
    ids = tuple(db.session.scalars(select(GroupMember.member_id).where(GroupMember.group_id == group.id)))
    fact = GroupDeleted(actor_id=by_id, group_id=group.id, was=group.name, member_ids=tuple(sorted(ids)))
    db.session.delete(group)
    events.record(fact)


def _write(group: Group, details: GroupDetails) -> tuple[str, ...]:
    names = ("name", "description", "joining", "visibility", "list_visibility", "mentionable")
    changed = [name for name in names if getattr(group, name) != getattr(details, name)]
    for name in changed:
        setattr(group, name, getattr(details, name))
    if details.rules is not None and details.rules != {(rule.kind, rule.value) for rule in group.rules}:
        kept = [rule for rule in group.rules if (rule.kind, rule.value) in details.rules]
        fresh = details.rules - {(rule.kind, rule.value) for rule in kept}
        group.rules = [*kept, *(GroupRule(kind=kind, value=value) for kind, value in sorted(fresh))]
        changed.append("rules")
    return tuple(changed)


def enter(group: Group, member_id: int, state: MemberState, *, by_id: int | None) -> bool:
    """Join, ask or be invited. Whoever is on the way already gets further; nobody falls back.

    Says whether anything changed.
    """
    held = membership(group.id, member_id, lock=True)
    if held is None:
        if not _insert(group.id, member_id, state):
            return False
        _record(group, member_id, by_id, "", state)
        return True
    if held.belongs or held.state == state:
        return False
    before = held.state
    both = {before, state.value} == {MemberState.ASKED.value, MemberState.INVITED.value}
    after = MemberState.MEMBER if both else state
    held.state, held.since = after.value, utcnow()
    _record(group, member_id, by_id, before, after)
    return True


def _insert(group_id: int, member_id: int, state: MemberState) -> bool:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = {"group_id": group_id, "member_id": member_id, "state": state.value, "since": utcnow()}
    statement = dialect.insert(GroupMember).values(**row, owner=False, automatic=False).on_conflict_do_nothing()
    return db.session.execute(statement.returning(GroupMember.member_id)).first() is not None


def leave(group: Group, held: GroupMember, *, by_id: int | None) -> None:
    """Go out, or have a request or an invitation end."""
    before = held.state
    db.session.delete(held)
    _record(group, held.member_id, by_id, before, "")


def set_owner(group: Group, held: GroupMember, *, owner: bool, by_id: int | None) -> None:
    """Let a member decide about the group, or no longer."""
    if held.belongs and held.owner != owner:
        held.owner = owner
        after = "owner" if owner else MemberState.MEMBER.value
        before = MemberState.MEMBER.value if owner else "owner"
        events.record(
            MembershipChanged(actor_id=by_id, group_id=group.id, member_id=held.member_id, before=before, after=after)
        )


def membership(group_id: int, member_id: int | None, *, lock: bool = False) -> GroupMember | None:
    """Somebody's row in a group; with `lock` nobody else changes it until this transaction ends."""
    if member_id is None:
        return None
    return db.session.get(GroupMember, (group_id, member_id), with_for_update=lock or None, populate_existing=lock)


def _record(group: Group, member_id: int, by_id: int | None, before: str, after: str) -> None:
    fact = MembershipChanged(
        actor_id=by_id, group_id=group.id, member_id=member_id, before=str(before), after=str(after)
    )
    events.record(fact)
