"""The author's way to show a thread to the people of their organisation only."""

from flask import Blueprint, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.policies import actor, allow, member_required

from .. import policies
from ..views import readable_thread, to_thread
from .operations import keep_within

kept_within = Blueprint("within", __name__)


@kept_within.post("/threads/<int:thread_id>/organisation")
@member_required
def keep(thread_id: int) -> Response:
    """Show one's own thread to the people of one's organisation only."""
    thread = readable_thread(thread_id)
    allow(policies.can_keep_within(actor(), thread))
    keep_within(thread, actor().organisation_id or 0, by_id=actor().id)
    flash(_("From now on only people of your organisation and the provider's staff read it."), "good")
    return to_thread(thread)
