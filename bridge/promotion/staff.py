"""Where staff decide on what rules suggest: accept, let it join an open query, or dismiss it with a reason."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from bridge import words
from bridge.permissions import WORK_QUERIES
from bridge.queries import policies, queries
from community import public
from community.core.paging import page_number
from community.core.policies import actor, allow, requires
from community.core.web import section
from community.public import ThreadSnapshot

from . import acting
from .book import open_book
from .forms import DismissForm, SuggestionsFilter
from .listing import Narrowed, rule_names, suggestions
from .policies import can_step_in

deciding = Blueprint("deciding", __name__, url_prefix="/desk/suggestions")


def show_suggestions(failed: DismissForm | None = None, failed_id: int = 0) -> str:
    """The list as the address narrows it; `failed` is a dismissal that could not be taken, with its thread."""
    section("desk.queue")
    form = SuggestionsFilter(request.args)
    form.offer(dict(rule_names(open_book())), {each.id: each.name for each in public.spaces_visible_to(actor())})
    form.validate()
    asked = {name: value for name, value in form.data.items() if value and name not in form.errors}
    narrowed = Narrowed(asked.get("rule", ""), int(asked.get("space", 0)))
    rows = suggestions(actor(), narrowed, page_number())
    if page_number() > rows.pages:
        abort(404)
    return render_template(
        "bridge/suggestions.html",
        rows=rows,
        form=form,
        narrowed=bool(asked),
        failed=failed,
        failed_id=failed_id,
        empty_form=DismissForm(formdata=None),
        words=words,
    )


def _thread(thread_id: int) -> ThreadSnapshot:
    """A thread that can still be decided on, or 404."""
    thread = public.thread_for(actor(), thread_id) or abort(404)
    allow(can_step_in(actor(), thread))
    return thread


def _back() -> WsgiResponse:
    return redirect(url_for("desk.suggestions", rule=request.args.get("rule"), space=request.args.get("space")))


@deciding.post("/<int:thread_id>/accept")
@requires(WORK_QUERIES)
def accept(thread_id: int) -> WsgiResponse:
    """Take it to the desk as suggested; pressed twice, or by two people, there is one query."""
    present = queries.active_query_of(thread_id)
    query = present or acting.promote_now(_thread(thread_id), by_id=actor().id or 0)
    flash(_("The service desk has it now as %(reference)s.", reference=query.reference), "good")
    return _back()


@deciding.post("/<int:thread_id>/join/<int:query_id>")
@requires(WORK_QUERIES)
def join(thread_id: int, query_id: int) -> WsgiResponse:
    """Let it travel with an open query."""
    query = queries.locked(query_id) or abort(404)
    present = queries.active_query_of(thread_id)
    if present is None:
        thread = _thread(thread_id)
        allow(policies.can_join(query, thread))
        present = acting.join(query, thread, by_id=actor().id or 0)
    flash(_("It travels with %(reference)s now.", reference=present.reference), "good")
    return _back()


@deciding.post("/<int:thread_id>/dismiss")
@requires(WORK_QUERIES)
def dismiss(thread_id: int) -> str | WsgiResponse | tuple[str, int]:
    """It stays in the community, with a reason."""
    thread, form = _thread(thread_id), DismissForm()
    if not form.validate_on_submit():
        return show_suggestions(form, thread_id), 422
    acting.dismiss(thread, by_id=actor().id or 0, reason=form.dismiss_reason.data or "")
    flash(_("It stays in the community. Rules speak of it again when something new happens."), "good")
    return _back()
