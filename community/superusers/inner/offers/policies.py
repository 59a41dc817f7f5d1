"""Who invites, and who reads what people said afterwards."""

from community.core.policies import Actor, Role, declare

from ..policies import RUN
from .models import Offer, OfferPlace

INVITE = declare("inner.invite", Role.AGENT, Role.MANAGER)


def can_organise(actor: Actor, offer: Offer) -> bool:
    """Whoever invited, and managers: they change it, end it, and read the feedback."""
    return actor.can(INVITE) and (offer.by_id == actor.id or actor.can(RUN))


def can_tell(offer: Offer, mine: OfferPlace | None) -> bool:
    """Who took part says how it was, once it is over."""
    return offer.ended_at is not None and mine is not None and not mine.waiting
