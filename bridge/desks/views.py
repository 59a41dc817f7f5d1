"""The built-in desk: the queue, one query with its thread beside it, and what could come next."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WsgiResponse

from bridge import words
from bridge.permissions import WORK_QUERIES
from bridge.promotion.staff import show_suggestions
from bridge.queries import queries
from bridge.queries.models import Query
from bridge.queries.queries import QueueFilter
from community import public
from community.core.db import undo
from community.core.forms import PageForm
from community.core.numbers import whole_number
from community.core.paging import page_number
from community.core.policies import Actor, actor, requires
from community.core.web import section

from .forms import FilterForm
from .pages import desk_page, queue_rows
from .verbs import VERBS, RefusedError, Verb

desk = Blueprint("desk", __name__, url_prefix="/desk")


@desk.get("")
@requires(WORK_QUERIES)
def queue() -> str:
    """What must be taken next, time left first."""
    form = FilterForm(request.args)
    rows = queue_rows(_narrowed(form, actor()), page_number())
    if page_number() > rows.pages:
        abort(404)
    return render_template("bridge/queue.html", rows=rows, form=form, narrowed=any(form.data.values()))


def _narrowed(form: FilterForm, who: Actor) -> QueueFilter:
    """The filter as asked for; what is not offered narrows nothing."""
    form.validate()
    asked = {name: value for name, value in form.data.items() if value and name not in form.errors}
    person = asked.get("who", "")
    return QueueFilter(
        query_class=asked.get("query_class", ""),
        status=asked.get("state", ""),
        priority=int(asked.get("priority", 0)),
        assignee_id=(who.id or 0) if person == "me" else whole_number(person) or 0,
        unassigned=person == "nobody",
    )


@desk.get("/suggestions")
@requires(WORK_QUERIES)
def suggestions() -> str:
    """What rules suggest or are about to promote, the longest waiting first."""
    return show_suggestions()


@desk.get("/unanswered")
@requires(WORK_QUERIES)
def unanswered() -> str:
    """Questions that nobody has answered yet, the one that waits longest first."""
    section("desk.queue")
    return render_template("bridge/rules/unanswered.html", threads=public.unresolved_threads(actor(), limit=50))


@desk.get("/queries/<int:query_id>")
@requires(WORK_QUERIES)
def query(query_id: int) -> str:
    """One query, with the thread beside it."""
    return show(queries.by_id(query_id) or abort(404))


def show(found: Query, failed: PageForm | None = None) -> str:
    """The page of a query, with what was typed where a form could not be taken."""
    section("desk.queue")
    page = desk_page(actor(), found, failed)
    return render_template("bridge/desk.html", page=page, query=found, failed=failed, words=words)


def _performing(verb: Verb) -> Callable[[int], WsgiResponse | tuple[str, int]]:
    @requires(WORK_QUERIES)
    def perform(query_id: int) -> WsgiResponse | tuple[str, int]:
        found = queries.locked(query_id) or abort(404)
        form = verb.form()
        if form.validate_on_submit() and not _refused(verb, found, form):
            flash(str(verb.done), "good")
            return redirect(url_for("desk.query", query_id=query_id))
        undo()
        return show(queries.by_id(query_id) or abort(404), form), 422

    perform.__doc__ = verb.act.__doc__ or f"The verb {verb.noun}."
    return perform


def _refused(verb: Verb, found: Query, form: PageForm) -> bool:
    """Do it; where that cannot be, the form says why."""
    try:
        verb.perform(found, form, actor().id or 0)
    except RefusedError as reason:
        form.form_errors.append(str(reason))
        return True
    return False


for _verb in VERBS:
    desk.add_url_rule(
        f"/queries/<int:query_id>/{_verb.noun}",
        endpoint=_verb.noun.replace("-", "_"),
        view_func=_performing(_verb),
        methods=["POST"],
    )
