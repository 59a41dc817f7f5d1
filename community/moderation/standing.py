"""How far somebody is trusted, as a number, for limits and for the weight of what they say.

The package that keeps levels says so: `app.extensions["isthmus.level"]`, a function of a member's id that gives 0 to 3.
Without one it is 1 for whoever has been here for some weeks and posts.
"""

from collections.abc import Callable

from flask import current_app

from community.core.policies import Actor
from community.forum.standing import by_weeks_and_posts

from .rules import STAFF_LEVEL, SUPER_USER_LEVEL

Level = Callable[[int], int]


def level_of(member_id: int) -> int:
    """The level of a member, 0 for somebody new."""
    known: Level = current_app.extensions.get("isthmus.level", lambda id_: int(by_weeks_and_posts(id_)))
    return known(member_id)


def trust(actor: Actor, space_id: int | None) -> int:
    """The level of whoever acts; super users of the space and staff stand above all levels."""
    return trust_at(actor, space_id, level=lambda: level_of(actor.id or 0))


def trust_at(actor: Actor, space_id: int | None, *, level: Callable[[], int]) -> int:
    """The same for somebody whose own level `level` tells; it is asked only where it counts."""
    if actor.is_staff:
        return STAFF_LEVEL
    if space_id is not None and space_id in actor.leads_in:
        return SUPER_USER_LEVEL
    return level()
