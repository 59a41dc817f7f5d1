"""Bringing an earlier text back."""

from flask import Blueprint, abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.policies import actor, allow, member_required

from .. import policies
from ..views import readable_post, to_post
from .operations import edit_post
from .pages import versions_of

editing = Blueprint("editing", __name__)


@editing.post("/posts/<int:post_id>/revisions/<int:number>/restoration")
@member_required
def restore(post_id: int, number: int) -> Response:
    """Let a post read as it once did; that is a new version, and none is lost."""
    post = readable_post(post_id)
    allow(policies.can_edit(actor(), post))
    version = next((each for each in versions_of(post) if each.number == number), None) or abort(404)
    reason = _("Version %(number)s brought back", number=number)
    me, fields = actor().id or 0, version.fields
    edit_post(post, editor_id=me, body=version.body, title=version.title, fields=fields, reason=reason)
    flash(_("Version %(number)s is shown again.", number=number), "good")
    return to_post(post)
