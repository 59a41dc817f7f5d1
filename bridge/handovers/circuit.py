"""A desk that does not answer is left in peace for a while, longer each time, so that its queue wears nothing down."""

from datetime import timedelta

from bridge.desks.contract import DeskBusyError, DeskError
from community.core.db import db, utcnow

from .models import ServiceDesk

OPENS_AFTER = 3
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)


def is_closed(desk: ServiceDesk) -> bool:
    """Whether the desk may be asked now."""
    return desk.enabled and not _is_paused(desk)


def _is_paused(desk: ServiceDesk) -> bool:
    return desk.paused_until is not None and desk.paused_until > utcnow()


def locked(desk_id: int) -> ServiceDesk | None:
    """A desk as it is now; nobody else changes it until this transaction ends."""
    return db.session.get(ServiceDesk, desk_id, with_for_update={"key_share": True}, populate_existing=True)


def note_silence(desk_id: int, error: DeskError) -> None:
    """Count a failure to reach the desk; the third in a row pauses it. A desk that names a time is obeyed at once.

    Several are under way at once: those that fail during a pause were begun before it, and say nothing new.
    """
    desk = locked(desk_id)
    if desk is None:
        return
    desk.last_error = str(error)[:2000]
    paused = _is_paused(desk)
    desk.failures += not paused
    if isinstance(error, DeskBusyError):
        until = utcnow() + error.wait
        desk.paused_until = max(until, desk.paused_until or until)
    elif desk.failures >= OPENS_AFTER and not paused:
        desk.paused_until = utcnow() + min(FIRST_PAUSE * 2 ** min(desk.failures - OPENS_AFTER, 8), LONGEST_PAUSE)


def note_answer(desk_id: int) -> None:
    """The desk answered: all is well, unless a pause has begun since it was asked. That one lasts."""
    desk = locked(desk_id)
    if desk is None:
        return
    desk.answered_at = utcnow()
    if not _is_paused(desk):
        desk.failures, desk.paused_until, desk.last_error = 0, None, ""
