"""Who may do what with accounts."""

from community.core.policies import Actor, Role, declare

MANAGE_MEMBERS = declare("accounts.manage_members", Role.MANAGER)
OPERATE = declare("accounts.operate")


def can_change_role(actor: Actor, before: str, after: str) -> bool:
    """Managers change roles; only admins make or unmake admins and managers."""
    if not actor.can(MANAGE_MEMBERS):
        return False
    high = {Role.ADMIN, Role.MANAGER}
    return actor.role == Role.ADMIN or (before not in high and after not in high)
