"""For the people of the desk: what did not reach another desk, what was sent where, and taking a query back or on."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as WsgiResponse

from bridge.desks.views import show
from bridge.permissions import MANAGE_DESKS, WORK_QUERIES
from bridge.queries import queries as query_reads
from bridge.queries.models import Query
from community import public
from community.core.db import db, undo
from community.core.forms import PageForm
from community.core.paging import page_number
from community.core.policies import actor, allow, requires
from community.core.web import section

from . import operations, policies, watching
from .forms import HandOverForm, MoveForm, TakeBackForm
from .models import HandOver, ServiceDesk
from .pages import desks_open_to, failure_rows, offer, register_rows, sheets_of
from .queries import active_of, desk_by_key, desks, locked
from .receiving import touch_threads_of

handovers = Blueprint("handovers", __name__, url_prefix="/desk")
handovers.before_request(lambda: section("desk.queue"))


def _asked_desk() -> ServiceDesk | None:
    """The desk to which a list is narrowed."""
    key = request.args.get("desk", "")
    return (desk_by_key(key[:40]) or abort(404)) if key else None


@handovers.get("/failures")
@requires(WORK_QUERIES)
def failures() -> str:
    """What did not reach another desk, with the reason."""
    narrowed = _asked_desk()
    rows = failure_rows(desk_id=narrowed.id if narrowed else None, number=page_number())
    return _list("bridge/desks/failures.html", rows, narrowed)


@handovers.get("/register")
@requires(WORK_QUERIES)
def register() -> str:
    """What was sent where."""
    narrowed = _asked_desk()
    rows = register_rows(desk_id=narrowed.id if narrowed else None, number=page_number())
    return _list("bridge/desks/register.html", rows, narrowed)


def _list(template: str, rows: object, narrowed: ServiceDesk | None) -> str:
    return render_template(template, rows=rows, desk=narrowed, desks=desks(), manages=actor().can(MANAGE_DESKS))


@handovers.get("/queries/<int:query_id>/register")
@requires(WORK_QUERIES)
def sheet(query_id: int) -> str:
    """Every field and word of a query that went to another desk or came from there."""
    query = query_reads.by_id(query_id) or abort(404)
    return render_template("bridge/desks/sheet.html", query=query, sheets=sheets_of(query))


@handovers.post("/failures/<int:hand_over_id>/retry")
@requires(WORK_QUERIES)
def retry(hand_over_id: int) -> WsgiResponse:
    """Try one again, from the list or from the page of its query."""
    found = db.session.get(HandOver, hand_over_id) or abort(404)
    if policies.can_retry(found, dead_words=bool(watching.refusals([found.id]))):
        _try_again(found)
        flash(_("It is being tried again."), "good")
    if request.form.get("from") == "query":
        return redirect(url_for("desk.query", query_id=found.query_id))
    return redirect(url_for("handovers.failures", desk=request.args.get("desk")))


@handovers.post("/failures/retry")
@requires(WORK_QUERIES)
def retry_all() -> WsgiResponse:
    """Try everything again that is on the first page of the list."""
    narrowed = _asked_desk()
    rows = watching.failures(desk_id=narrowed.id if narrowed else None).rows
    locked(*(found.id for found in rows))
    for found in rows:
        _try_again(found)
    flash(ngettext("%(num)s query is tried again.", "%(num)s queries are tried again.", len(rows)), "good")
    return redirect(url_for("handovers.failures", desk=narrowed.key if narrowed else None))


def _try_again(found: HandOver) -> None:
    operations.retry(found)
    touch_threads_of(found)


@handovers.post("/queries/<int:query_id>/take-back")
@requires(WORK_QUERIES)
def take_back(query_id: int) -> WsgiResponse | tuple[str, int]:
    """The built-in desk goes on with a query."""
    query, present = _query_elsewhere(query_id)
    allow(policies.can_take_back(query, present))
    form = TakeBackForm()
    return _performed(query, form, lambda: _take_back(present, form))


def _take_back(present: HandOver, form: TakeBackForm) -> str:
    operations.retract(present, form.back_reason.data, by=actor())
    return _("Taken back. %(desk)s is told why.", desk=present.desk.name)


@handovers.post("/queries/<int:query_id>/move")
@requires(WORK_QUERIES)
def move(query_id: int) -> WsgiResponse | tuple[str, int]:
    """Another desk goes on with a query."""
    query, present = _query_elsewhere(query_id)
    allow(policies.can_hand_over(query))
    form = MoveForm()
    offered = desks_open_to(query, besides=present.desk_id)
    offer(form, offered)
    return _performed(query, form, lambda: _move(query, offered, form))


def _move(query: Query, offered: list[ServiceDesk], form: MoveForm) -> str:
    chosen = next(desk for desk in offered if desk.id == form.other_desk.data)
    operations.move(query, chosen, form.move_reason.data, by=actor())
    return _("It moves to %(desk)s.", desk=chosen.name)


@handovers.post("/queries/<int:query_id>/hand-over")
@requires(WORK_QUERIES)
def hand_over(query_id: int) -> WsgiResponse | tuple[str, int]:
    """Let a query of the built-in desk go to another one, whatever the routes say."""
    query = query_reads.locked(query_id) or abort(404)
    allow(policies.can_hand_over(query))
    form = HandOverForm()
    offered = desks_open_to(query)
    offer(form, offered)
    return _performed(query, form, lambda: _hand_over(query, offered, form))


def _hand_over(query: Query, offered: list[ServiceDesk], form: HandOverForm) -> str:
    chosen = next(desk for desk in offered if desk.id == form.chosen_desk.data)
    made = operations.hand_over(query, desk=chosen, by_id=actor().id)
    return _("It goes to %(desk)s.", desk=made.desk.name if made else chosen.name)


def _query_elsewhere(query_id: int) -> tuple[Query, HandOver]:
    """A query that another desk has, which nobody else changes until this transaction ends; or 404."""
    query = query_reads.locked(query_id) or abort(404)
    return query, active_of(query.id) or abort(404)


def _performed(query: Query, form: PageForm, act: Callable[[], str]) -> WsgiResponse | tuple[str, int]:
    """Do it where the form is right, and show the query; else show what is wrong with what was typed."""
    if form.validate_on_submit():
        said = act()
        for thread_id in query.active_thread_ids:
            public.touch_thread(thread_id)
        flash(said, "good")
        return redirect(url_for("desk.query", query_id=query.id))
    query_id = query.id
    undo()
    return show(query_reads.by_id(query_id) or abort(404), form), 422
