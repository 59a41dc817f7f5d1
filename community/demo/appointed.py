"""Super users of the demo world: who was asked and accepted, who would like to, and what was agreed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.spaces.models import Space
from community.superusers.agreements import operations as agreements
from community.superusers.agreements.models import Party
from community.superusers.appointing import operations as appointing

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _member(world: World, handle: str) -> Member:
    return db.session.get_one(Member, world.members[handle])


def _terms(world: World, told: Told) -> appointing.Terms:
    ends = world.now + timedelta(days=told["ends_in_days"]) if "ends_in_days" in told else None
    return appointing.Terms(
        spaces=[db.session.get_one(Space, world.spaces[slug]) for slug in told["spaces"]],
        tags=told.get("tags", ()),
        language=told.get("language", ""),
        hours_a_week=told.get("hours_a_week", 3.0),
        ends_at=ends,
        duties=told.get("duties", "").strip(),
        reason=told.get("reason", "").strip(),
    )


def _appointment(world: World, told: Told) -> None:
    made = appointing.appoint(_member(world, told["whom"]), _terms(world, told), by_id=world.members[told["by"]])
    appointing.accept(made)


def _application(world: World, told: Told) -> None:
    appointing.apply(_member(world, told["by"]), _terms(world, told))


def _agreement(world: World, told: Told) -> None:
    """Written and sent by the provider, and signed by those who are named."""
    person, provider, today = _member(world, told["whom"]), _member(world, told["by"]), utcnow().date()
    terms = agreements.AgreementTerms(
        member=person,
        hours_a_week=told["hours_a_week"],
        areas=told["areas"],
        begins_on=today,
        ends_on=world.now.date() + timedelta(days=told["ends_in_days"]),
        text=told["text"].strip(),
        backup=_member(world, told["backup"]),
    )
    made = agreements.draft(terms, by_id=provider.id)
    agreements.send(made, by_id=provider.id)
    for party, member in ((Party.PROVIDER, provider), (Party.MEMBER, person)):
        agreements.sign(made, party, member=member, hash_seen=agreements.hash_of(made))


STEPS: dict[str, Step] = {"appointment": _appointment, "application": _application, "agreement": _agreement}
