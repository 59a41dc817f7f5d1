"""Who may do what with spaces."""

from community.core.policies import Actor, Role, declare

from .models import GROUPS, Space

READ_EVERYWHERE = declare("spaces.read_everywhere", Role.AGENT, Role.MANAGER)
MANAGE_SPACES = declare("spaces.manage", Role.MANAGER, by_space=True)
OVERSEE_SPACES = declare("spaces.oversee", Role.SUPER_USER, Role.AGENT, Role.MANAGER, by_space=True)


def can_read(actor: Actor, space: Space) -> bool:
    """An open space is read by all, a members-only one by its members, its super users and the provider's staff."""
    if space.is_open:
        return True
    if actor.can(READ_EVERYWHERE):
        return True
    return space.id in actor.member_of or space.id in actor.super_user_in


def can_start_in(actor: Actor, space: Space) -> bool:
    """Members begin threads in what they read; where only groups do, those whose group may, and who leads it."""
    if not actor.is_member or not can_read(actor, space):
        return False
    return space.start_by != GROUPS or _is_staff_of(actor, space.id) or space.id in actor.starts_in


def can_reply_in(actor: Actor, space: Space) -> bool:
    """Members reply in what they read; where only groups do, those whose group may reply or begin threads."""
    if not actor.is_member or not can_read(actor, space):
        return False
    by_group = space.id in actor.replies_in or space.id in actor.starts_in
    return space.reply_by != GROUPS or _is_staff_of(actor, space.id) or by_group


def _is_staff_of(actor: Actor, space_id: int) -> bool:
    return actor.is_staff or space_id in actor.leads_in


def can_manage(actor: Actor, space: Space | None = None) -> bool:
    """Managers change spaces, and so do groups that manage the space in question."""
    return actor.can(MANAGE_SPACES, space_id=space.id if space else None)


def can_oversee(actor: Actor, space: Space) -> bool:
    """Super users of a space and staff see how it is set, and how it fares; who changes what is asked part by part."""
    return can_read(actor, space) and actor.can(OVERSEE_SPACES, space_id=space.id)
