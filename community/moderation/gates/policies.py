"""Who says what is looked at before publishing."""

from community.core.policies import Actor, Role, declare

SET_GATES = declare("moderation.set_gates", Role.MANAGER, by_space=True)


def can_set(actor: Actor, space_id: int | None) -> bool:
    """Managers everywhere, groups that manage a space within it."""
    return actor.can(SET_GATES, space_id=space_id)
