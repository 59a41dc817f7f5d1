"""Who may do what with spaces."""

from community.core.policies import Actor, Role, declare

from .models import Space

READ_EVERYWHERE = declare("spaces.read_everywhere", Role.AGENT, Role.MANAGER)
MANAGE_SPACES = declare("spaces.manage", Role.MANAGER)


def can_read(actor: Actor, space: Space) -> bool:
    """An open space is read by all, a members-only one by its members, its super users and the provider's staff."""
    if space.is_open:
        return True
    if actor.can(READ_EVERYWHERE):
        return True
    return space.id in actor.member_of or space.id in actor.super_user_in


def can_manage(actor: Actor, space: Space | None = None) -> bool:
    """Managers change spaces and who belongs to them."""
    return actor.can(MANAGE_SPACES, space_id=space.id if space else None)
