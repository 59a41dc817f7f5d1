"""Who looks after joining, and who may invite."""

from community.accounts.entering import inviting, rules
from community.core.policies import Actor, Role, declare
from community.forum import standing

ADMIT = declare("accounts.admit", Role.MANAGER)


def can_invite(actor: Actor) -> bool:
    """Members with standing, super users and staff invite others."""
    return actor.is_member and standing.holds(actor)


def invitations_left(actor: Actor) -> int:
    """How many more letters the actor may send within these thirty days."""
    most = inviting.STAFF_A_MONTH if actor.is_staff else rules.settings().invitations
    return max(0, most - inviting.sent_lately(actor.id or 0))
