"""Who calls gatherings, sees them and changes them."""

from community.core.db import utcnow
from community.core.policies import Actor, Role, declare

from ..policies import RUN, inside
from .models import Gathering, GatheringGuest

CALL = declare("inner.call_gatherings", Role.AGENT, Role.MANAGER)


def can_see(actor: Actor, gathering: Gathering, mine: GatheringGuest | None) -> bool:
    """Whoever is invited, called it, or runs the programme; each while they are inside."""
    return inside(actor) and (mine is not None or gathering.by_id == actor.id or actor.can(RUN))


def can_change(actor: Actor, gathering: Gathering) -> bool:
    """Whoever called it, and managers, while it is not called off."""
    return actor.can(CALL) and (gathering.by_id == actor.id or actor.can(RUN)) and gathering.cancelled_at is None


def can_answer(gathering: Gathering, mine: GatheringGuest | None) -> bool:
    """Who is invited, until it ends or is called off."""
    return mine is not None and gathering.cancelled_at is None and utcnow() < gathering.ends_at
