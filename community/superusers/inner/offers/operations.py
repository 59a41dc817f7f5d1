"""Inviting, signing up and withdrawing, feedback and thanks. Places are given under the invitation's lock."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import every
from community.forum.rendering import rendered

from ..people import still_inside, super_users
from .events import MovedUp, OfferEnded, OfferMade, PeopleThanked
from .models import Offer, OfferPlace


@dataclass(frozen=True)
class Said:
    """What is said in an invitation."""

    kind: str
    title: str
    body: str
    places: int
    closes_at: datetime | None


def invite(said: Said, *, by_id: int) -> Offer:
    """Invite all super users."""
    made = Offer(by_id=by_id)
    _write(made, said)
    db.session.add(made)
    db.session.flush()
    people = tuple(sorted(set(db.session.scalars(super_users()))))
    events.record(OfferMade(actor_id=by_id, offer_id=made.id, member_ids=people))
    return made


def change(offer: Offer, said: Said) -> None:
    """Say it anew; more places go to who waits. Nobody loses a place by this."""
    _write(offer, said)
    db.session.flush()
    _move_up(offer)


def _write(offer: Offer, said: Said) -> None:
    for name, value in vars(said).items():
        setattr(offer, name, value)
    offer.body_html = rendered(said.body).html


def sign_up(offer: Offer, member_id: int) -> OfferPlace:
    """Take a place, or wait for one where none is left. A second time changes nothing. The invitation is locked."""
    held = place_of(offer, member_id)
    if held is not None:
        return held
    _move_up(offer)
    last = db.session.scalar(select(func.max(OfferPlace.turn)).where(OfferPlace.offer_id == offer.id)) or 0
    full = _taken(offer) >= offer.places
    made = OfferPlace(offer_id=offer.id, member_id=member_id, turn=last + 1, waiting=full)
    db.session.add(made)
    db.session.flush()
    return made


def withdraw(offer: Offer, held: OfferPlace) -> None:
    """Give the place back, to whoever waits longest."""
    db.session.delete(held)
    db.session.flush()
    _move_up(offer)


@every(minutes=10)
def give_places_on() -> None:
    """Of open invitations, give places of people who are no longer inside to whoever waits longest."""
    with_waiting = select(OfferPlace.offer_id).where(OfferPlace.waiting)
    wanted = select(Offer).where(Offer.ended_at.is_(None), Offer.id.in_(with_waiting)).order_by(Offer.id)
    for offer in db.session.scalars(wanted.with_for_update(skip_locked=True)).all():
        _move_up(offer)


def _let_go(offer: Offer) -> None:
    """Who is not inside any more has no place; should they be back, they wait, before who came later."""
    rows = select(OfferPlace).where(OfferPlace.offer_id == offer.id, OfferPlace.waiting.is_(False))
    held = list(db.session.scalars(rows))
    inside = {member.id for member in still_inside([row.member_id for row in held])}
    for row in held:
        row.waiting = row.member_id not in inside
    db.session.flush()


def _move_up(offer: Offer) -> None:
    """Give free places to who waits and is still inside, and tell them."""
    if offer.ended_at is None:
        _let_go(offer)
    free = offer.places - _taken(offer)
    rows = select(OfferPlace).where(OfferPlace.offer_id == offer.id, OfferPlace.waiting).order_by(OfferPlace.turn)
    waiting = list(db.session.scalars(rows)) if free > 0 and offer.ended_at is None else []
    inside = {member.id for member in still_inside([row.member_id for row in waiting])}
    moved = [row for row in waiting if row.member_id in inside][: max(0, free)]
    for row in moved:
        row.waiting = False
    if moved:
        ids = tuple(row.member_id for row in moved)
        events.record(MovedUp(actor_id=None, offer_id=offer.id, member_ids=ids))
    db.session.flush()


def _taken(offer: Offer) -> int:
    mine = OfferPlace.offer_id == offer.id, OfferPlace.waiting.is_(False)
    return db.session.scalar(select(func.count()).select_from(OfferPlace).where(*mine)) or 0


def place_of(offer: Offer, member_id: int | None) -> OfferPlace | None:
    """Somebody's place, or where they wait."""
    return db.session.get(OfferPlace, (offer.id, member_id), populate_existing=True) if member_id else None


def end(offer: Offer, *, by_id: int) -> None:
    """It is over; who took part is asked how it was."""
    offer.ended_at = utcnow()
    events.record(OfferEnded(actor_id=by_id, offer_id=offer.id, member_ids=_participants(offer)))


def tell(held: OfferPlace, rating: int, words: str) -> None:
    """Say how it was, from 1 to 5 and in words; a second time says it anew."""
    held.rating, held.words, held.feedback_at = rating, words, utcnow()


def thank(offer: Offer, words: str, *, by_id: int) -> None:
    """Thank everybody who took part."""
    offer.thanks = words
    events.record(PeopleThanked(actor_id=by_id, offer_id=offer.id, member_ids=_participants(offer)))


def _participants(offer: Offer) -> tuple[int, ...]:
    mine = OfferPlace.offer_id == offer.id, OfferPlace.waiting.is_(False)
    return tuple(db.session.scalars(select(OfferPlace.member_id).where(*mine).order_by(OfferPlace.member_id)))
