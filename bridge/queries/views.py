"""Promotion, and the query as its author sees it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from bridge import words
from community import public
from community.core.app import limiter
from community.core.policies import Actor, actor, allow, member_required
from community.core.policies import public as public_view
from community.public import ThreadSnapshot

from . import operations, policies, promotion, queries
from .forms import AdditionForm, FurtherForm, NotHelpedForm, PromotionForm
from .pages import author_page, rendered
from .queries import Shown
from .saying import admitted, say

bridge = Blueprint("bridge", __name__)


def promotable_thread(thread_id: int) -> ThreadSnapshot:
    """A thread that the actor may take to the desk, or 404."""
    thread = public.thread_for(actor(), thread_id) or abort(404)
    allow(policies.can_promote(actor(), thread))
    return thread


def further_thread(thread_id: int) -> ThreadSnapshot:
    """A thread of which the actor may take something else to the desk, or 404."""
    thread = public.thread_for(actor(), thread_id) or abort(404)
    allow(policies.can_promote_further(actor(), thread))
    return thread


@bridge.get("/threads/<int:thread_id>/promotion/further")
@member_required
def further_preview(thread_id: int) -> str:
    """Something else in the thread: what it is, and what would go over."""
    return show_preview(promotion.preview(actor(), further_thread(thread_id)), FurtherForm(impact=1, urgency=1))


@bridge.post("/threads/<int:thread_id>/promotion/further")
@member_required
def promote_further(thread_id: int) -> str | WsgiResponse | tuple[str, int]:
    """Make one more query of the thread; sent twice, it leads to the same one."""
    thread, form = further_thread(thread_id), FurtherForm()
    preview = promotion.preview(actor(), thread)
    if not form.validate_on_submit() or not admitted(actor(), thread, form.title, form.reason):
        return show_preview(preview, form), 422
    return _promote(preview, form, topic=form.topic.data or "", title=form.title.data or "")


@bridge.get("/threads/<int:thread_id>/promotion")
@member_required
def promotion_preview(thread_id: int) -> str | WsgiResponse:
    """Exactly what would go over, before it goes."""
    travelling = _already_there(thread_id)
    if travelling:
        return travelling
    preview = promotion.preview(actor(), promotable_thread(thread_id))
    form = PromotionForm(query_class=preview.query_class, impact=preview.impact, urgency=preview.urgency)
    return show_preview(preview, form)


def show_preview(preview: promotion.Preview, form: PromotionForm) -> str:
    """The preview with this form."""
    reasons = words.reason_lines(preview.suggestion.reasons)
    verdict = words.VERDICTS[preview.suggestion.query_class]
    return render_template(
        "bridge/promotion.html",
        preview=preview,
        form=form,
        reasons=reasons,
        weighed=[words.sentence(reason) for reason in preview.weighed],
        verdict=verdict,
        further=isinstance(form, FurtherForm),
        words=words,
        rendered=rendered,
    )


@bridge.post("/threads/<int:thread_id>/promotion")
@member_required
def promote(thread_id: int) -> str | WsgiResponse | tuple[str, int]:
    """Make a query of the thread, or let it join one; sent twice, it leads to the same query."""
    travelling = _already_there(thread_id)
    if travelling:
        return travelling
    preview = promotion.preview(actor(), promotable_thread(thread_id))
    joined = request.form.get("join", "")
    if joined:
        return _join(preview, joined)
    form = PromotionForm()
    if not form.validate_on_submit() or not admitted(actor(), preview.thread, form.reason):
        return show_preview(preview, form), 422
    return _promote(preview, form)


def _promote(preview: promotion.Preview, form: PromotionForm, *, topic: str = "", title: str = "") -> WsgiResponse:
    choice = promotion.Choice(
        query_class=form.query_class.data,
        impact=form.impact.data,
        urgency=form.urgency.data,
        reason=form.reason.data or "",
        suggested_class="" if topic else preview.suggestion.query_class,
        topic=topic,
        title=title,
    )
    query = promotion.promote(preview.thread, choice, by_id=actor().id)
    flash(_("The service desk has it now as %(reference)s.", reference=query.reference), "good")
    return onward(preview.thread.id)


def _join(preview: promotion.Preview, joined: str) -> WsgiResponse:
    offered = {str(duplicate.query.id): duplicate.query for duplicate in preview.duplicates}
    allow(joined in offered)
    query = queries.locked(offered[joined].id) or abort(404)
    allow(policies.can_join(query, preview.thread))
    query = promotion.join(query, preview.thread, by_id=actor().id)
    flash(_("It travels with %(reference)s now.", reference=query.reference), "good")
    return onward(preview.thread.id)


def _already_there(thread_id: int) -> WsgiResponse | None:
    """Where to go when the thread travels with a query that the actor may know of."""
    if queries.taken_by(actor(), thread_id):
        return onward(thread_id)
    thread = public.thread_for(actor(), thread_id)
    return onward(thread_id) if thread and queries.active_query_of(thread_id) else None


def onward(thread_id: int) -> WsgiResponse:
    """To the thread; home, with a word, when it has become restricted for the actor."""
    if public.thread_for(actor(), thread_id):
        return redirect(url_for("forum.thread", thread_id=thread_id))
    flash(
        _("Only its author and the service desk see the thread from now on. Thank you for looking out."),
        "good",
    )
    return redirect(url_for("pages.home"))


def visible_query(reference: str) -> Shown:
    """A query that the actor may see, or 404."""
    return queries.query_for(actor(), reference) or abort(404)


@bridge.get("/queries/<string:reference>")
@public_view
def query(reference: str) -> str | WsgiResponse:
    """Received? Understood as what? By when? What was said last, and how to add something."""
    return show_query(visible_query(reference), AdditionForm(), NotHelpedForm())


def show_query(shown: Shown, addition: AdditionForm, not_helped: NotHelpedForm) -> str:
    """The author's page with these forms."""
    page = author_page(actor(), shown)
    return render_template("bridge/query.html", page=page, addition=addition, not_helped=not_helped, words=words)


def _own_thread(who: Actor, shown: Shown) -> ThreadSnapshot | None:
    """The thread in which the actor's words go: their own, else the first they can read."""
    own = [thread for thread in shown.threads if thread.author.id == who.id]
    return next(iter(own or shown.threads), None)


@bridge.post("/queries/<string:reference>/additions")
@member_required
@limiter.limit("60 per hour")
def add(reference: str) -> WsgiResponse | tuple[str, int]:
    """Say something more, as a reply in the thread."""
    shown = visible_query(reference)
    form = AdditionForm()
    thread = _own_thread(actor(), shown) or abort(404)
    allow(public.can_reply(actor(), thread.id))
    waits = say(actor(), form.text, thread) if form.validate_on_submit() else None
    if waits is None:
        return show_query(shown, form, NotHelpedForm(formdata=None)), 422
    if waits:
        flash(_("Thank you. Somebody looks at it before others can read it; you are told what they decide."), "wait")
        return redirect(waits)
    flash(_("Added. The service desk sees it too."), "good")
    return redirect(url_for("bridge.query", reference=shown.query.reference))


@bridge.post("/queries/<string:reference>/reopening")
@member_required
def reopen(reference: str) -> WsgiResponse | tuple[str, int]:
    """The proposed answer did not help its author: the desk goes on, and reads why."""
    shown = visible_query(reference)
    thread = _own_thread(actor(), shown) or abort(404)
    locked = queries.locked(shown.query.id) or abort(404)
    allow(policies.can_say_no(actor(), locked, thread))
    form = NotHelpedForm()
    waits = _not_helped(form, thread) if form.validate_on_submit() else None
    if waits is None:
        return show_query(shown, AdditionForm(formdata=None), form), 422
    operations.reopen(locked, by_id=thread.author.id, reason=form.still.data if waits else "")
    flash(_("Thank you for saying so. The service desk works on it again."), "good")
    return redirect(url_for("bridge.query", reference=shown.query.reference))


def _not_helped(form: NotHelpedForm, thread: ThreadSnapshot) -> str | None:
    """As `say`; where the author may not reply any more, the words wait at the desk for good."""
    return say(actor(), form.still, thread) if public.can_reply(actor(), thread.id) else thread.url
