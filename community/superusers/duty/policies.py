"""Who may do what with rosters."""

from community.core.policies import Actor, Role, declare
from community.spaces.models import Space
from community.spaces.policies import can_read

HELP = declare("duty.help", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
PLAN = declare("duty.plan", Role.SUPER_USER, Role.MANAGER, by_space=True)
SEE = declare("duty.see", Role.SUPER_USER, Role.AGENT, Role.MANAGER, by_space=True)


def can_see(actor: Actor, space: Space) -> bool:
    """Whoever looks after a space sees its roster."""
    return can_read(actor, space) and actor.can(SEE, space_id=space.id)


def can_plan(actor: Actor, space: Space) -> bool:
    """Its super users and managers plan it together."""
    return can_read(actor, space) and actor.can(PLAN, space_id=space.id)
