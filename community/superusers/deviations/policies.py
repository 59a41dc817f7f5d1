"""Who records rules broken on purpose, and who reads and reviews them."""

from community.core.policies import Actor, Role, declare

from .models import Deviation

RECORD = declare("superusers.record_deviations", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
REVIEW_DEVIATIONS = declare("superusers.review_deviations", Role.MANAGER)


def can_record(actor: Actor) -> bool:
    """Super users, wherever they are one, and the provider's staff."""
    return actor.is_member and actor.can_somewhere(RECORD)


def is_own(actor: Actor, deviation: Deviation) -> bool:
    """Whether the actor recorded it or did it."""
    return actor.is_member and actor.id in (deviation.member_id, deviation.by_id)


def can_read(actor: Actor, deviation: Deviation) -> bool:
    """Their own, and for managers all."""
    return is_own(actor, deviation) or actor.can(REVIEW_DEVIATIONS)


def can_review(actor: Actor, deviation: Deviation) -> bool:
    """Managers; nobody looks at their own."""
    return actor.can(REVIEW_DEVIATIONS) and not is_own(actor, deviation)


def can_change_rule(actor: Actor, deviation: Deviation) -> bool:
    """Managers, once somebody decided that the rule is to change."""
    return actor.can(REVIEW_DEVIATIONS) and deviation.outcome == "change"
