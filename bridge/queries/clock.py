"""How much time is left, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from .models import Query, Status

SOON = 75  # per cent of the time that is used up


@dataclass(frozen=True)
class TimeLeft:
    """The clock of a query as the queue shows it; share is the per cent of the time that is used up."""

    text: str
    word: str
    share: int
    tone: str = ""


def time_left(query: Query, now: datetime) -> TimeLeft:
    """What the clock says now."""
    if query.status == Status.WAITING_USER:
        return TimeLeft(_("paused"), _("needs the author"), 0)
    if query.next_due_at is None:
        return TimeLeft(_("done"), "", 0)
    left = query.next_due_at - now
    if left < timedelta(0):
        return TimeLeft(short(-left), _("over"), 100, "late")
    whole = max(query.next_due_at - query.due_from, timedelta(minutes=1))
    share = 100 - round(100 * min(left / whole, 1))
    return TimeLeft(short(left), _("left"), share, "soon" if share >= SOON else "")


def short(time: timedelta) -> str:
    """Hours and minutes below a day, whole days from there on."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 24 * 60:
        return f"{minutes // 60}:{minutes % 60:02d}"
    return _("%(days)s d", days=minutes // (24 * 60))
