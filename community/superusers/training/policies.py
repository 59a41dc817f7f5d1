"""Who follows check-lists, and who confirms what was shown. Who runs the programme writes them."""

from community.core.policies import Actor, Role, declare

from ..inner.policies import inside
from .models import ChecklistItem, ChecklistTick

FOLLOW = declare("training.follow", Role.SUPER_USER, Role.AGENT, Role.MANAGER)


def can_tick(item: ChecklistItem, audiences: frozenset[str]) -> bool:
    """Whoever the list is for, while both hold."""
    return item.checklist.holds and item.retired_at is None and item.checklist.audience in audiences


def can_confirm(actor: Actor, tick: ChecklistTick, item: ChecklistItem) -> bool:
    """Another super user or staff, once, what is to be shown and was ticked as it is now; nobody their own."""
    waits = item.shown and tick.confirmed_at is None and tick.version == item.version
    living = item.checklist.holds and item.retired_at is None
    return inside(actor) and waits and living and tick.member_id != actor.id


def can_unconfirm(actor: Actor, tick: ChecklistTick, item: ChecklistItem) -> bool:
    """Whoever confirmed it, as long as that counts."""
    return inside(actor) and tick.confirmed_by_id == actor.id and tick.counts(item)
