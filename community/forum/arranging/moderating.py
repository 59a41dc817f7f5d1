"""Hiding and restoring, closing and reopening."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.policies import actor, allow, member_required

from .. import operations, policies
from ..models import Post, Thread
from ..views import readable_post, readable_thread, to_post, to_thread
from . import measuring
from .forms import ClosingForm, HidingForm
from .views import Page, ask_why

moderating = Blueprint("moderating", __name__)


@moderating.route("/posts/<int:post_id>/hiding", methods=["GET", "POST"])
@member_required
def hide(post_id: int) -> str | Response | tuple[str, int]:
    """Take a post from view, with a reason that its author reads."""
    post, form = readable_post(post_id), HidingForm()
    allow(policies.can_hide(actor(), post))
    form.offer_rules(measuring.about(actor(), post.author_id))
    if form.validate_on_submit():
        flash(_hidden(post, form), "good")
        still_seen = not post.opens or policies.can_restore(actor(), post)
        return to_thread(post.thread) if still_seen else redirect("/")
    return render_template("forum/hide.html", post=post, form=form), 422 if form.errors else 200


def _hidden(post: Post, form: HidingForm) -> str:
    kept = measuring.about(actor(), post.author_id)
    if kept is not None:
        return kept.hide(actor(), post, form.named_rule, form.reason.data)
    operations.hide_post(post, by_id=actor().id or 0, reason=form.reason.data)
    return _("It is hidden. It can be shown again at any time.")


@moderating.post("/posts/<int:post_id>/restoration")
@member_required
def restore(post_id: int) -> Response:
    """Show a hidden post again; its author not while a measure keeps it from view."""
    post = readable_post(post_id)
    allow(policies.can_restore(actor(), post))
    kept = measuring.about(actor(), post.author_id)
    allow(kept is not None or not measuring.holds(post))
    if kept is not None:
        kept.restore(actor(), post)
    else:
        operations.restore_post(post, by_id=actor().id or 0)
    flash(_("It is shown again."), "good")
    return to_post(post)


@moderating.route("/threads/<int:thread_id>/closing", methods=["GET", "POST"])
@member_required
def close(thread_id: int) -> Page:
    """Take no more replies, for a reason that goes on the record."""
    thread, form = readable_thread(thread_id), ClosingForm()
    allow(policies.can_close(actor(), thread))
    kept = measuring.about(actor(), thread.author_id)
    form.offer_rules(kept)

    def do() -> Thread:
        if kept is not None:
            kept.close(actor(), thread, form.named_rule, form.reason.data)
        else:
            operations.close(thread, by_id=actor().id or 0, reason=form.reason.data)
        return thread

    return ask_why("forum/arrange/close.html", thread, form, do, _("It is closed."))


@moderating.post("/threads/<int:thread_id>/reopening")
@member_required
def reopen(thread_id: int) -> Response:
    """Take replies again."""
    thread = readable_thread(thread_id)
    allow(policies.can_close(actor(), thread))
    kept = measuring.about(actor(), None)
    if kept is not None:
        kept.reopen(actor(), thread)
    else:
        operations.reopen(thread, by_id=actor().id or 0)
    return to_thread(thread)
