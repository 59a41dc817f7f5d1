"""Bringing an earlier text back."""

from flask import Blueprint, abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.policies import actor, allow, member_required

from .. import policies
from ..composing import gates
from ..composing.gates import Way, Writing
from ..models import Post
from ..views import readable_post, to_post
from .operations import edit_post
from .pages import Version, versions_of

editing = Blueprint("editing", __name__)


@editing.post("/posts/<int:post_id>/revisions/<int:number>/restoration")
@member_required
def restore(post_id: int, number: int) -> Response:
    """Let a post read as it once did; that is a new version, and none is lost."""
    post = readable_post(post_id)
    allow(policies.can_edit(actor(), post))
    version = next((each for each in versions_of(post) if each.number == number), None) or abort(404)
    verdict = gates.ask(actor(), _writing(post, version))
    if not verdict.goes:
        flash(verdict.message or _("This cannot be sent like this."), "bad")
        return to_post(post)
    reason = _("Version %(number)s brought back", number=number)
    title, body = verdict.title_of(version.title), verdict.body_of(version.body)
    edit_post(post, editor_id=actor().id or 0, body=body, title=title, fields=version.fields, reason=reason)
    verdict.published(post)
    flash(_("Version %(number)s is shown again.", number=number), "good")
    return to_post(post)


def _writing(post: Post, version: Version) -> Writing:
    thread = post.thread
    return Writing(
        who=actor().id or 0,
        kind=Way.EDIT,
        title=version.title,
        body=version.body,
        space_id=thread.space_id,
        thread_id=thread.id,
        more="\n".join(given["value"] for given in version.fields),
        before="\n".join([thread.title, post.body, *(given["value"] for given in thread.fields)]),
        ip=request.remote_addr or "",
    )
