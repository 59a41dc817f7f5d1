"""Who sees groups, runs them, joins them and calls them."""

from community.core.policies import Actor, Role, declare

from .models import Calling, Group, GroupMember, Joining, ListSight, Sight

MANAGE_GROUPS = declare("groups.manage", Role.MANAGER)
MOST_CALLED = 500  # people whom one mention reaches


def can_see(actor: Actor, group: Group, mine: GroupMember | None) -> bool:
    """A hidden group is there for its own people, those who are invited, and managers."""
    if group.visibility == Sight.EVERYBODY or mine is not None or actor.can(MANAGE_GROUPS):
        return True
    return group.visibility == Sight.MEMBERS and actor.is_member


def can_see_members(actor: Actor, group: Group, mine: GroupMember | None) -> bool:
    """Who is in it, for those to whom the group shows its list."""
    if can_run(actor, mine):
        return True
    if group.list_visibility == ListSight.MEMBERS:
        return belongs(mine)
    return group.list_visibility == ListSight.EVERYBODY and can_see(actor, group, mine)


def can_run(actor: Actor, mine: GroupMember | None) -> bool:
    """Owners and managers decide who belongs to a group."""
    return actor.can(MANAGE_GROUPS) or (mine is not None and mine.belongs and mine.owner)


def can_manage(actor: Actor) -> bool:
    """Managers make groups, delete them and write their rules."""
    return actor.can(MANAGE_GROUPS)


def can_join(actor: Actor, group: Group, mine: GroupMember | None) -> bool:
    """At once: where the group is open, or one is invited."""
    if not actor.is_member or belongs(mine):
        return False
    return is_invited(mine) or (group.joining == Joining.OPEN and can_see(actor, group, mine))


def can_ask(actor: Actor, group: Group, mine: GroupMember | None) -> bool:
    """To be let in, where owners decide."""
    if not actor.is_member or mine is not None:
        return False
    return group.joining == Joining.REQUEST and can_see(actor, group, mine)


def can_leave(actor: Actor, mine: GroupMember | None) -> bool:
    """What one was not brought into by a rule; a request and an invitation as well."""
    return actor.is_member and mine is not None and not (mine.belongs and mine.automatic)


def can_mention(actor: Actor, group: Group, size: int) -> bool:
    """Whether the actor may call the group, of which `size` people would hear."""
    if not actor.is_member or size > MOST_CALLED:
        return False
    if group.mentionable == Calling.NOBODY:
        return False
    if group.visibility == Sight.HIDDEN and group.id not in actor.groups and not actor.can(MANAGE_GROUPS):
        return False
    if group.mentionable == Calling.EVERYBODY or group.id in actor.groups:
        return True
    return group.mentionable == Calling.STAFF and (actor.is_staff or bool(actor.super_user_in))


def belongs(mine: GroupMember | None) -> bool:
    """Whether one is in the group."""
    return mine is not None and mine.belongs


def is_invited(mine: GroupMember | None) -> bool:
    """Whether one may come in by saying yes."""
    return mine is not None and mine.state == "invited"
