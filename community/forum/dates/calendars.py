"""Events as iCalendar (RFC 5545).

Moments are written in UTC: an event that does not repeat needs no more, and every program then agrees about the hours
at which clocks change. The descriptions of time zones that the library can write along would move some of them by one.
"""

from collections.abc import Iterable
from datetime import UTC

from icalendar import Calendar, Event

from community.core.addresses import address
from community.core.web import public_url

from .models import ThreadEvent

PRODUCT = "-//Isthmus//Community//EN"


def calendar(name: str, events: Iterable[ThreadEvent]) -> bytes:
    """A calendar with these events; `name` is what programs call it at first."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for event in events:
        made.add_component(_entry(event))
    return bytes(made.to_ical())


def _entry(row: ThreadEvent) -> Event:
    url = public_url(address("forum.thread", thread_id=row.thread_id))
    made = Event()
    made.add("uid", row.uid)
    made.add("sequence", row.sequence)
    made.add("dtstamp", row.changed_at.astimezone(UTC))
    made.add("last-modified", row.changed_at.astimezone(UTC))
    made.add("dtstart", row.starts_at.astimezone(UTC))
    made.add("dtend", row.ends_at.astimezone(UTC))
    made.add("summary", row.thread.title)
    made.add("description", url)
    made.add("url", url)
    made.add("status", "CANCELLED" if row.cancelled_at else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    if row.place:
        made.add("location", row.place)
    return made
