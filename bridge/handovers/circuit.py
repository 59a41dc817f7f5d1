"""A desk that does not answer is left in peace for a while, longer each time, so that its queue wears nothing down."""

from datetime import timedelta

from bridge.desks.contract import DeskBusyError, DeskError
from community.core.db import utcnow

from .models import ServiceDesk

OPENS_AFTER = 3
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)


def is_closed(desk: ServiceDesk) -> bool:
    """Whether the desk may be asked now."""
    return desk.enabled and (desk.paused_until is None or desk.paused_until <= utcnow())


def note_silence(desk: ServiceDesk, error: DeskError) -> None:
    """Count a failure to reach the desk; the third in a row pauses it. A desk that names a time is obeyed at once."""
    desk.failures += 1
    desk.last_error = str(error)[:2000]
    if isinstance(error, DeskBusyError):
        desk.paused_until = utcnow() + error.wait
    elif desk.failures >= OPENS_AFTER:
        desk.paused_until = utcnow() + min(FIRST_PAUSE * 2 ** min(desk.failures - OPENS_AFTER, 8), LONGEST_PAUSE)


def note_answer(desk: ServiceDesk) -> None:
    """The desk answered: all is well."""
    desk.failures, desk.paused_until, desk.last_error, desk.answered_at = 0, None, "", utcnow()
