"""Slowing a thread down: everybody waits some minutes between two posts in it."""

from flask import Blueprint, abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import events
from community.core.policies import actor, allow, member_required

from .. import policies
from ..events import ThreadSlowed
from ..models import Thread
from ..views import readable_thread, to_thread

slowing = Blueprint("slowing", __name__)
STEPS = (0, 1, 5, 15, 60, 240, 1440)  # minutes


def slow(thread: Thread, minutes: int, *, by_id: int | None) -> None:
    """Let everybody wait so many minutes between two posts in this thread; 0 lets them write as they like."""
    if thread.slow_minutes == minutes:
        return
    thread.slow_minutes = minutes
    thread.touch()
    events.record(ThreadSlowed(actor_id=by_id, thread_id=thread.id, minutes=minutes))


@slowing.post("/threads/<int:thread_id>/slow-mode")
@member_required
def set_slow(thread_id: int) -> Response:
    """Slow a thread down, or let it go on as usual."""
    thread, minutes = readable_thread(thread_id), request.form.get("minutes", 0, type=int)
    allow(policies.can_close(actor(), thread))
    if minutes not in STEPS:
        abort(422)
    slow(thread, minutes, by_id=actor().id)
    flash(_("People wait between two posts from now on.") if minutes else _("People write as they like again."), "good")
    return to_thread(thread)
