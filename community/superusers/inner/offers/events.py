"""Facts about invitations."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class OfferEvent(Event):
    """A fact about one invitation, and whom it concerns."""

    subject = "offer_id"
    offer_id: int
    member_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfferMade(OfferEvent):
    """Super users are invited."""

    name = "inner.offer.made"


@dataclass(frozen=True, kw_only=True)
class MovedUp(OfferEvent):
    """These people waited and have a place now."""

    name = "inner.offer.moved_up"


@dataclass(frozen=True, kw_only=True)
class OfferEnded(OfferEvent):
    """It is over; who took part is asked how it was."""

    name = "inner.offer.ended"


@dataclass(frozen=True, kw_only=True)
class PeopleThanked(OfferEvent):
    """Who took part is thanked."""

    name = "inner.offer.thanked"
