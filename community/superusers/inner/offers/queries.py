"""Reads of invitations, for people who are inside: they see all of them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.policies import Actor

from .models import Offer, OfferPlace

MOST = 50


@dataclass(frozen=True)
class Listed:
    """An invitation, how many places are taken, and one's own."""

    offer: Offer
    taken: int
    mine: OfferPlace | None

    @property
    def free(self) -> int:
        """How many places are left."""
        return max(0, self.offer.places - self.taken)


def listed(actor: Actor) -> list[Listed]:
    """All invitations, those that are not over first, newest first."""
    own = (OfferPlace.offer_id == Offer.id) & (OfferPlace.member_id == (actor.id or 0))
    other = OfferPlace.__table__.alias("other")
    taken = select(func.count()).select_from(other).where(other.c.offer_id == Offer.id, other.c.waiting.is_(False))
    rows = db.session.execute(
        select(Offer, taken.scalar_subquery(), OfferPlace)
        .outerjoin(OfferPlace, own)
        .order_by(Offer.ended_at.is_not(None), Offer.id.desc())
        .limit(MOST)
    )
    return [Listed(row[0], row[1], row[2]) for row in rows]


def people(offer: Offer) -> list[OfferPlace]:
    """Who takes part and who waits, in the order in which they came."""
    rows = select(OfferPlace).where(OfferPlace.offer_id == offer.id).order_by(OfferPlace.waiting, OfferPlace.turn)
    return list(db.session.scalars(rows.options(joinedload(OfferPlace.member))))


def locked(offer_id: int) -> Offer | None:
    """An invitation in which nobody else takes a place until this transaction ends."""
    wanted = select(Offer).where(Offer.id == offer_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)
