"""Who may do what with organisations, and who may know of them."""

from community.core.policies import Actor, Role, declare

MANAGE_ORGANISATIONS = declare("organisations.manage", Role.MANAGER)


def can_see_of(actor: Actor, own_id: int | None, organisation_id: int) -> bool:
    """Whether the actor, who belongs to `own_id`, may know who belongs to the organisation.

    Staff, and its own people: a customer never learns who another customer is.
    """
    return actor.is_staff or (actor.is_member and own_id == organisation_id)
