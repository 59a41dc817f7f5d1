"""Where super users step in: claim, hold, let go, promote now, or as another class."""

from flask import Blueprint, abort, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from bridge import words
from bridge.queries import promotion
from bridge.queries.forms import PromotionForm
from bridge.queries.views import onward, show_preview
from community import public
from community.core.forms import PageForm
from community.core.policies import actor, allow, member_required
from community.public import ThreadSnapshot

from . import acting, policies
from .forms import ClaimForm, HoldForm, ProposalForm
from .showing import shown
from .watches import watch_of
from .windows import window_of

FORMS: tuple[type[PageForm], ...] = (ClaimForm, HoldForm, ProposalForm)

stepping = Blueprint("stepping", __name__, url_prefix="/threads")


def _thread(thread_id: int) -> ThreadSnapshot:
    """A thread whose way the actor may stop or hasten, or 404."""
    thread = public.thread_for(actor(), thread_id) or abort(404)
    allow(policies.can_step_in(actor(), thread))
    return thread


@stepping.get("/<int:thread_id>/window")
@member_required
def window(thread_id: int) -> str:
    """Everything that rules say of a thread, and what can be done about it."""
    return _page(_thread(thread_id))


def _page(thread: ThreadSnapshot, failed: PageForm | None = None) -> str:
    """The page with its three forms, one of which may be `failed`, with what was typed."""
    watch = watch_of(thread.id)
    forms = {kind: failed if isinstance(failed, kind) else kind(formdata=None) for kind in FORMS}
    return render_template(
        "bridge/promotion_step.html",
        thread=thread,
        window=window_of(watch, actor()),
        verdicts=shown(watch.verdicts) if watch else (),
        claiming=forms[ClaimForm],
        holding=forms[HoldForm],
        proposing=forms[ProposalForm],
        words=words,
    )


@stepping.post("/<int:thread_id>/claim")
@member_required
def claim(thread_id: int) -> WsgiResponse | tuple[str, int]:
    """Look at it for some hours."""
    thread, form = _thread(thread_id), ClaimForm()
    if not form.validate_on_submit() or form.claim_time.data is None:
        return _page(thread, form), 422
    acting.claim(thread, by_id=actor().id or 0, time=form.claim_time.data)
    flash(_("It waits for you. The author sees that somebody looks at it."), "good")
    return redirect(thread.url)


@stepping.post("/<int:thread_id>/hold")
@member_required
def hold(thread_id: int) -> WsgiResponse | tuple[str, int]:
    """Hold it, with a reason."""
    thread, form = _thread(thread_id), HoldForm()
    if not form.validate_on_submit() or form.hold_time.data is None:
        return _page(thread, form), 422
    reason, time = form.hold_reason.data or "", form.hold_time.data
    acting.hold(thread, by_id=actor().id or 0, time=time, reason=reason)
    flash(_("It is held, and everybody who reads it sees why."), "good")
    return redirect(thread.url)


@stepping.post("/<int:thread_id>/proposal")
@member_required
def propose(thread_id: int) -> WsgiResponse | tuple[str, int]:
    """Ask the desk to take it; staff decide."""
    thread, form = _thread(thread_id), ProposalForm()
    if not form.validate_on_submit():
        return _page(thread, form), 422
    reason = form.proposed_reason.data or ""
    watch = acting.propose(thread, by_id=actor().id or 0, query_class=form.proposed_class.data, reason=reason)
    if watch.suggested_at is None:
        flash(_("Your proposal is kept, but no rule brings proposals of this space to the staff's list."), "wait")
    else:
        flash(_("Proposed. The staff of the service desk decide."), "good")
    return redirect(thread.url)


@stepping.post("/<int:thread_id>/let-go")
@member_required
def let_go(thread_id: int) -> WsgiResponse:
    """Take claims and holds back."""
    thread = _thread(thread_id)
    acting.let_go(thread, by_id=actor().id or 0)
    flash(_("Nobody holds it back any more."), "good")
    return redirect(thread.url)


@stepping.post("/<int:thread_id>/promotion/now")
@member_required
def promote_now(thread_id: int) -> WsgiResponse:
    """Take it to the desk as the rule understands it; pressed twice, it leads to the same query."""
    thread = public.thread_for(actor(), thread_id) or abort(404)
    if not acting.at_desk(thread_id):
        allow(policies.can_step_in(actor(), thread))
        query = acting.promote_now(thread, by_id=actor().id or 0)
        flash(_("The service desk has it now as %(reference)s.", reference=query.reference), "good")
    return onward(thread_id)


@stepping.get("/<int:thread_id>/promotion/retype")
@member_required
def retype(thread_id: int) -> str:
    """The preview of a promotion, with the class that the rule would give."""
    thread = _thread(thread_id)
    allow(not acting.at_desk(thread_id))
    preview, watch = promotion.preview(actor(), thread), watch_of(thread_id)
    first = acting.first_of(shown(watch.verdicts)) if watch else None
    wanted = first.query_class if first and first.query_class in words.CLASSES else preview.query_class
    return show_preview(preview, PromotionForm(query_class=wanted, impact=preview.impact, urgency=preview.urgency))
