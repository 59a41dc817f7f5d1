"""Turns as calendars: one's own, and those of a space; for programs that cannot sign in by the address of one's own."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _
from icalendar import Calendar
from werkzeug.wrappers import Response as WsgiResponse

from community.core import i18n, ical
from community.core.addresses import address
from community.core.db import utcnow
from community.core.policies import Actor, actor, public, requires
from community.core.web import public_url
from community.forum.own_feeds.views import holder_of, kept_to_oneself, more_addresses
from community.spaces import queries as spaces
from community.spaces.models import Space

from . import pages
from .around import Duty, roster_of
from .policies import HELP, SEE, can_see

duty_feeds = Blueprint("duty_feeds", __name__)

PRODUCT = "-//Isthmus//Duty//EN"
BACK, AHEAD = timedelta(weeks=4), timedelta(weeks=13)


@duty_feeds.get("/feeds/own/<string:token>/duty.ics")
@public
def own(token: str) -> WsgiResponse:
    """One's own turns, those taken over and those in which one steps in among them."""
    who = holder_of(token)
    with i18n.speaking(who.language):
        rows = [entry for space in pages.spaces_of(who.id or 0) for entry in _own(space, who)]
        return kept_to_oneself(ical.answer(_calendar(_("My turns"), rows), "duty"))


@duty_feeds.get("/feeds/own/<string:token>/spaces/<string:slug>/duty.ics")
@public
def of_space(token: str, slug: str) -> WsgiResponse:
    """The roster of a space, for who may see it."""
    who = holder_of(token)
    with i18n.speaking(who.language):
        return kept_to_oneself(ical.answer(_roster(who, slug), slug))


@duty_feeds.get("/spaces/<string:slug>/roster.ics")
@requires(SEE)
def of_roster(slug: str) -> WsgiResponse:
    """The same, for a browser in which one is signed in."""
    return ical.answer(_roster(actor(), slug), slug, "private, no-cache")


def _addresses(token: str) -> Iterator[tuple[str, str]]:
    """One's turns, and the rosters that one may see."""
    if actor().can_somewhere(HELP):
        yield _("My turns, for a calendar"), url_for("duty_feeds.own", token=token)
        for space in pages.spaces_with_roster(actor()):
            said = _("Roster of %(space)s, for a calendar", space=space.name)
            yield said, url_for("duty_feeds.of_space", token=token, slug=space.slug)


more_addresses.append(_addresses)


def _roster(who: Actor, slug: str) -> Calendar:
    space = spaces.by_slug(who, slug)
    if space is None or not can_see(who, space):
        abort(404)
    return _calendar(_("Roster of %(space)s", space=space.name), _entries(space, _duties(space)))


def _calendar(name: str, entries: Iterable[ical.Entry]) -> Calendar:
    """Each day is an entry of its own: so swaps of single days and changes of the clocks are told in a way that every
    program understands alike.
    """
    return ical.calendar(name, entries, product=PRODUCT)


def _duties(space: Space) -> list[Duty]:
    roster = roster_of(space.id, utcnow() - BACK, utcnow() + AHEAD)
    return roster.duties() if roster is not None else []


def _own(space: Space, who: Actor) -> Iterator[ical.Entry]:
    """What one does oneself: whole turns, or the part in which one steps in for somebody."""
    for duty in _duties(space):
        for number, stretch in enumerate(duty.stretches):
            if stretch.member_id == who.id:
                yield _entry(space, duty, number, _("Duty: %(space)s", space=space.name))


def _entries(space: Space, duties: list[Duty]) -> Iterator[ical.Entry]:
    """Each part of each turn with the name of who is there."""
    people = pages.cards_of(set(_ids(duties)))
    for duty in duties:
        for number, stretch in enumerate(duty.stretches):
            there = people.get(stretch.member_id or 0)
            name = there.name if there is not None else _("nobody is there")
            yield _entry(space, duty, number, f"{space.name}: {name}")


def _ids(duties: list[Duty]) -> Iterable[int]:
    return (part.member_id for duty in duties for part in duty.stretches if part.member_id is not None)


def _entry(space: Space, duty: Duty, number: int, title: str) -> ical.Entry:
    each, part = duty.occurrence, duty.stretches[number]
    host = public_url("").split("//", 1)[-1].split("/")[0]
    page = public_url(address("rosters.week", slug=space.slug, week=each.on.isoformat()))
    uid = f"duty-{each.turn.id}-{each.on:%Y%m%d}{f'-{number}' if number else ''}@{host}"
    return ical.Entry(uid, part.starts_at, part.ends_at, each.turn.changed_at, title, page)
