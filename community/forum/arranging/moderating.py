"""Hiding and restoring, closing and reopening."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.policies import actor, allow, member_required

from .. import operations, policies
from ..forms import ReasonForm
from ..models import Thread
from ..views import readable_post, readable_thread, to_post, to_thread
from .forms import RecordedForm
from .views import Page, ask_why

moderating = Blueprint("moderating", __name__)


@moderating.route("/posts/<int:post_id>/hiding", methods=["GET", "POST"])
@member_required
def hide(post_id: int) -> str | Response | tuple[str, int]:
    """Take a post from view, with a reason that its author reads."""
    post, form = readable_post(post_id), ReasonForm()
    allow(policies.can_hide(actor(), post))
    if form.validate_on_submit():
        operations.hide_post(post, by_id=actor().id or 0, reason=form.reason.data)
        flash(_("It is hidden. It can be shown again at any time."), "good")
        still_seen = not post.opens or policies.can_restore(actor(), post)
        return to_thread(post.thread) if still_seen else redirect("/")
    return render_template("forum/hide.html", post=post, form=form), 422 if form.errors else 200


@moderating.post("/posts/<int:post_id>/restoration")
@member_required
def restore(post_id: int) -> Response:
    """Show a hidden post again."""
    post = readable_post(post_id)
    allow(policies.can_restore(actor(), post))
    operations.restore_post(post, by_id=actor().id or 0)
    flash(_("It is shown again."), "good")
    return to_post(post)


@moderating.route("/threads/<int:thread_id>/closing", methods=["GET", "POST"])
@member_required
def close(thread_id: int) -> Page:
    """Take no more replies, for a reason that goes on the record."""
    thread, form = readable_thread(thread_id), RecordedForm()
    allow(policies.can_close(actor(), thread))

    def do() -> Thread:
        operations.close(thread, by_id=actor().id or 0, reason=form.reason.data)
        return thread

    return ask_why("forum/arrange/close.html", thread, form, do, _("It is closed."))


@moderating.post("/threads/<int:thread_id>/reopening")
@member_required
def reopen(thread_id: int) -> Response:
    """Take replies again."""
    thread = readable_thread(thread_id)
    allow(policies.can_close(actor(), thread))
    operations.reopen(thread, by_id=actor().id or 0)
    return to_thread(thread)
