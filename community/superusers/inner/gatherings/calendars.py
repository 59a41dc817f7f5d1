"""Gatherings as iCalendar (RFC 5545) and as invitations in it (RFC 5546)."""

from collections.abc import Iterable
from datetime import UTC

from flask import current_app
from icalendar import Calendar, Event, vCalAddress, vText

from community.accounts.models import Member
from community.core.addresses import address
from community.core.mail import addresses
from community.core.settings import Settings
from community.core.web import public_url

from .models import MAYBE, NO, YES, Gathering

PRODUCT = "-//Isthmus//Community//EN"
PURPOSE = "gathering"
STATES = {YES: "ACCEPTED", NO: "DECLINED", MAYBE: "TENTATIVE"}
ANSWERS = {state: word for word, state in STATES.items()}


def calendar(name: str, gatherings: Iterable[Gathering], method: str = "PUBLISH") -> Calendar:
    """A calendar with these gatherings; `name` is what programs call it at first."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
    for gathering in gatherings:
        made.add_component(_entry(gathering))
    return made


def invitation(gathering: Gathering, guest: Member, answer: str, method: str) -> str:
    """What goes to one person: a request, or that it is off for them."""
    made = calendar("", [gathering], method)
    entry = made.walk("VEVENT")[0]
    if method == "CANCEL":
        entry["status"] = vText("CANCELLED")
    entry.add("organizer", _party(answers_to(gathering, guest), gathering.by.name))
    invited = _party(guest.email, guest.name)
    state = STATES.get(answer, "NEEDS-ACTION")
    says = {"ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE", "CUTYPE": "INDIVIDUAL", "PARTSTAT": state}
    invited.params.update({name: vText(value) for name, value in says.items()})
    entry.add("attendee", invited, encode=False)
    return str(made.to_ical().decode())


def answers_to(gathering: Gathering, guest: Member) -> str:
    """Where replies of a guest's calendar come to; nowhere that reads them in an installation without incoming mail."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    if settings.imap_url or settings.mail_domain:
        return addresses.make_address(PURPOSE, (guest.id, gathering.id))
    return settings.mail_from.rpartition("<")[2].rstrip(">").strip()


def _party(mail: str, name: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{mail}")
    made.params["CN"] = vText(name)
    return made


def _entry(row: Gathering) -> Event:
    url = public_url(address("gatherings.page", gathering_id=row.id))
    made = Event()
    made.add("uid", row.uid)
    made.add("sequence", row.sequence)
    made.add("dtstamp", row.changed_at.astimezone(UTC))
    made.add("last-modified", row.changed_at.astimezone(UTC))
    made.add("dtstart", row.starts_at.astimezone(UTC))
    made.add("dtend", row.ends_at.astimezone(UTC))
    made.add("summary", row.title)
    made.add("description", f"{row.agenda}\n\n{url}")
    made.add("url", url)
    made.add("status", "CANCELLED" if row.cancelled_at else "CONFIRMED")
    if row.place:
        made.add("location", row.place)
    return made
