"""Words about gatherings."""

from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from .models import MAYBE, NO, YES, Gathering

ANSWERS = {YES: _l("Yes, I come"), MAYBE: _l("Maybe"), NO: _l("No, I cannot")}
SAID = {YES: _l("comes"), MAYBE: _l("may come"), NO: _l("does not come"), "": _l("has not answered")}


def hours_of(gathering: Gathering) -> str:
    """From when until when, by the clocks of its own time zone, in the present language."""
    zone, locale = ZoneInfo(gathering.zone), get_locale()
    begins, ends = gathering.starts_at.astimezone(zone), gathering.ends_at.astimezone(zone)
    first = f"{format_date(begins, 'full', locale=locale)} {format_time(begins, 'short', locale=locale)}"
    last = format_time(ends, "short", locale=locale)
    if begins.date() != ends.date():
        last = f"{format_date(ends, 'full', locale=locale)} {last}"
    return f"{first} – {last} ({gathering.zone.replace('_', ' ')})"
