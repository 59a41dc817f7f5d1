"""Reactions: where one has it too, not helpful, thanks, did it last, and votes in polls."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.app import limiter
from community.core.numbers import whole_numbers
from community.core.policies import actor, allow, member_required

from .. import policies, standing
from ..views import living_thread, readable_post, to_post, to_thread
from . import affected, confirming, limits, polls, thanking, voting
from .forms import AffectedForm, ThanksForm

reacting = Blueprint("reacting", __name__)


@reacting.post("/threads/<int:thread_id>/have-too/details")
@member_required
@limiter.limit("200 per hour")
def details(thread_id: int) -> Response | tuple[str, int]:
    """Say in which version and at which site one has the problem too."""
    thread, form = living_thread(thread_id), AffectedForm()
    allow(policies.can_have_too(actor(), thread))
    if not (form.validate_on_submit() and form.may_go(thread.space_id)):
        action = url_for("reacting.details", thread_id=thread.id)
        return render_template("forum/small_form.html", form=form, thread=thread, action=action), 422
    said = form.version.data or "", form.site.data or ""
    allow(affected.describe(thread, member_id=actor().id or 0, version=said[0], site=said[1]))
    return to_thread(thread, anchor="too")


@reacting.post("/posts/<int:post_id>/not-helpful")
@member_required
@limiter.limit("200 per hour")
def not_helpful(post_id: int) -> Response:
    """Find a reply not helpful, or take that back with `to=off`; sent twice it is the same."""
    post, me = readable_post(post_id), actor().id or 0
    allow(policies.can_find_not_helpful(actor(), post))
    if request.form.get("to") == "off":
        voting.unmark_not_helpful(post, member_id=me)
    else:
        allow(standing.holds(actor()))
        if refused := limits.refusal(post, member_id=me, helpful=False):
            flash(str(limits.SAID[refused]), "bad")
            return to_post(post)
        voting.mark_not_helpful(post, member_id=me)
    return to_post(post)


@reacting.post("/posts/<int:post_id>/thanks")
@member_required
@limiter.limit("100 per hour")
def thank(post_id: int) -> Response | tuple[str, int]:
    """Thank the author of a post, with a line where one wants to say more."""
    post, form = readable_post(post_id), ThanksForm()
    allow(policies.can_thank(actor(), post))
    if not (form.validate_on_submit() and form.may_go(post.thread.space_id)):
        action = url_for("reacting.thank", post_id=post.id)
        return render_template("forum/small_form.html", form=form, thread=post.thread, action=action), 422
    thanking.thank(post, member_id=actor().id or 0, line=form.line.data or "")
    return to_post(post)


@reacting.post("/posts/<int:post_id>/thanks/withdrawal")
@member_required
def no_thanks(post_id: int) -> Response:
    """Take one's thanks back."""
    post = readable_post(post_id)
    allow(policies.can_thank(actor(), post))
    thanking.withdraw(post, member_id=actor().id or 0)
    return to_post(post)


@reacting.post("/threads/<int:thread_id>/confirmation")
@member_required
def confirm(thread_id: int) -> Response:
    """The author says whether the answer lasted."""
    thread = living_thread(thread_id)
    allow(policies.can_confirm(actor(), thread) and request.form.get("lasted") in ("yes", "no"))
    if request.form["lasted"] == "yes":
        confirming.confirm(thread)
        flash(_("Thank you. Others see now that this answer lasts."), "good")
        return to_thread(thread)
    confirming.deny(thread)
    flash(_("The thread is open again. Say below what happens now."), "good")
    return to_thread(thread, anchor="reply")


@reacting.post("/threads/<int:thread_id>/poll/votes")
@member_required
@limiter.limit("200 per hour")
def vote(thread_id: int) -> Response:
    """Vote in a poll, or choose otherwise; nothing chosen takes the vote back."""
    thread = living_thread(thread_id)
    shown = polls.poll_of(thread, actor())
    allow(shown is not None and shown.can_vote)
    chosen = whole_numbers(request.form.getlist("option"))
    if not polls.vote(thread, chosen, member_id=actor().id or 0):
        flash(_("This vote could not be counted. Look at the poll once more."), "bad")
    return to_thread(thread, anchor="poll")
