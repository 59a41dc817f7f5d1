"""Writing calendars (RFC 5545).

Moments are written in UTC: what does not repeat needs no more, and every program then agrees about the hours at which
clocks change. The descriptions of time zones that the library can write along would move some of them by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, request
from icalendar import Calendar, Event
from werkzeug.wrappers import Response as WsgiResponse

PRODUCT = "-//Isthmus//Community//EN"


@dataclass(frozen=True)
class Entry:
    """One thing that happens. `sequence` and `status` are written where it can change; one that is not `busy` leaves
    the time free."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    title: str
    url: str
    words: str = ""
    place: str = ""
    sequence: int | None = None
    cancelled: bool = False
    busy: bool = False


def calendar(name: str, entries: Iterable[Entry], *, method: str = "PUBLISH", product: str = PRODUCT) -> Calendar:
    """A calendar with these entries; `name` is what programs call it at first."""
    made = Calendar()
    for key, value in (("prodid", product), ("version", "2.0"), ("method", method)):
        made.add(key, value)
    if name:
        made.add("x-wr-calname", name)
    for entry in entries:
        made.add_component(_event(entry))
    return made


def _event(entry: Entry) -> Event:
    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", entry.changed_at.astimezone(UTC))
    if entry.sequence is not None:
        made.add("sequence", entry.sequence)
        made.add("last-modified", entry.changed_at.astimezone(UTC))
        made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("dtstart", entry.starts_at.astimezone(UTC))
    made.add("dtend", entry.ends_at.astimezone(UTC))
    made.add("summary", entry.title)
    made.add("description", "\n\n".join(part for part in (entry.words, entry.url) if part))
    made.add("url", entry.url)
    if not entry.busy:
        made.add("transp", "TRANSPARENT")
    if entry.place:
        made.add("location", entry.place)
    return made


def answer(made: Calendar, name: str, kept: str = "") -> WsgiResponse:
    """A calendar as a file, whole or "not modified"; `kept` says who may keep it, in the words of `Cache-Control`."""
    response = Response(made.to_ical(), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    if kept:
        response.headers["Cache-Control"] = kept
    response.add_etag()
    return response.make_conditional(request)
