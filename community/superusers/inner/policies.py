"""Who is inside: super users of any space, while their standing lasts, and the provider's people."""

from community.core.policies import Actor, Role, declare

ENTER = declare("inner.enter", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
RUN = declare("inner.run", Role.MANAGER)


def inside(actor: Actor) -> bool:
    """Super users and staff. Moderating by a group alone brings nobody in."""
    return actor.is_staff or bool(actor.super_user_in)
