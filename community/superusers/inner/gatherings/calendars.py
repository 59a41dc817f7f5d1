"""Gatherings as iCalendar (RFC 5545) and as invitations in it (RFC 5546)."""

from collections.abc import Iterable

from flask import current_app
from icalendar import Calendar, vCalAddress, vText

from community.accounts.models import Member
from community.core import ical
from community.core.addresses import address
from community.core.mail import addresses
from community.core.settings import Settings
from community.core.web import public_url

from .models import MAYBE, NO, YES, Gathering

PURPOSE = "gathering"
STATES = {YES: "ACCEPTED", NO: "DECLINED", MAYBE: "TENTATIVE"}
ANSWERS = {state: word for word, state in STATES.items()}


def calendar(name: str, gatherings: Iterable[Gathering], method: str = "PUBLISH") -> Calendar:
    """A calendar with these gatherings; `name` is what programs call it at first."""
    return ical.calendar(name, map(_entry, gatherings), method=method)


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


def _entry(row: Gathering) -> ical.Entry:
    return ical.Entry(
        row.uid,
        row.starts_at,
        row.ends_at,
        row.changed_at,
        row.title,
        public_url(address("gatherings.page", gathering_id=row.id)),
        words=row.agenda,
        place=row.place,
        sequence=row.sequence,
        cancelled=row.cancelled_at is not None,
        busy=True,
    )
