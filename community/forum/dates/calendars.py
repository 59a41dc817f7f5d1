"""Events of threads as a calendar."""

from collections.abc import Iterable

from icalendar import Calendar

from community.core import ical
from community.core.addresses import address
from community.core.web import public_url

from .models import ThreadEvent


def calendar(name: str, events: Iterable[ThreadEvent]) -> Calendar:
    """A calendar with these events; `name` is what programs call it at first."""
    return ical.calendar(name, map(_entry, events))


def _entry(row: ThreadEvent) -> ical.Entry:
    return ical.Entry(
        row.uid,
        row.starts_at,
        row.ends_at,
        row.changed_at,
        row.thread.title,
        public_url(address("forum.thread", thread_id=row.thread_id)),
        place=row.place,
        sequence=row.sequence,
        cancelled=row.cancelled_at is not None,
    )
