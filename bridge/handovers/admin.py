"""Pages for admins: which desks are connected, how they fare, what goes where, and what their words mean."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as WsgiResponse

from bridge.desks import connecting
from bridge.desks.contract import DeskSettings
from bridge.permissions import MANAGE_DESKS
from community import public
from community.core.app import limiter
from community.core.db import db, undo
from community.core.policies import actor, requires
from community.core.web import section

from . import entering, routing, watching
from .entering import Trial
from .forms import SPARE_ROWS, DeskForm, RoutesForm, StatusesForm, form_for
from .kinds import installed, kind_of
from .models import DeskRoute, ServiceDesk
from .pages import desk_rows, desk_view, effects
from .queries import desk_by_key
from .queries import desks as all_desks
from .wording import DESK_STATUSES

desks = Blueprint("desks", __name__, url_prefix="/admin/desks")
desks.before_request(lambda: section("desks.index"))
TRIALS = "30 per minute"


def _desk(key: str) -> ServiceDesk:
    return desk_by_key(key) or abort(404)


@desks.get("")
@requires(MANAGE_DESKS)
def index() -> str:
    """All desks, the built-in one too."""
    return render_template("bridge/desks/index.html", rows=desk_rows(), kinds=installed())


@desks.route("/connect/<string:kind>", methods=["GET", "POST"])
@requires(MANAGE_DESKS)
def connect(kind: str) -> str | WsgiResponse | tuple[str, int]:
    """Connect a desk of a kind that is installed."""
    if kind not in connecting.KINDS:
        abort(404)
    form = form_for(kind_of(kind), fresh=request.method == "GET")
    if not form.validate_on_submit():
        return _form_page(form), 422 if form.errors else 200
    made = entering.enter(None, form.entered)
    flash(_("Connected. Say now which queries go there."), "good")
    return redirect(url_for("desks.desk", key=made.key))


@desks.route("/<string:key>/settings", methods=["GET", "POST"])
@requires(MANAGE_DESKS)
def settings(key: str) -> str | WsgiResponse | tuple[str, int]:
    """Change what was entered; keys are kept unless they are typed anew."""
    found = _desk(key)
    form = form_for(kind_of(found.kind), found, fresh=request.method == "GET")
    if not form.validate_on_submit():
        return _form_page(form), 422 if form.errors else 200
    entering.enter(found, form.entered)
    flash(_("Saved. It holds from the next query or word on."), "good")
    return redirect(url_for("desks.desk", key=found.key))


def _form_page(form: DeskForm, trial: Trial | None = None) -> str:
    return render_template("bridge/desks/form.html", form=form, kind=form.kind, desk=form.desk, trial=trial)


@desks.post("/trials/<string:kind>")
@limiter.limit(TRIALS)
@requires(MANAGE_DESKS)
def trial(kind: str) -> str | tuple[str, int]:
    """Ask a desk that was entered and not kept yet who we are: a fragment for a script, else the form again."""
    if kind not in connecting.KINDS:
        abort(404)
    form = form_for(kind_of(kind), _desk_of(kind))
    scripted = request.headers.get("X-Requested-With") == "fetch"
    if not form.validate():
        return (_fragment(form, None), 200) if scripted else (_form_page(form), 422)
    tried = _tried(entering.settings_entered(form.desk, form.entered))
    return _fragment(form, tried) if scripted else _form_page(form, tried)


def _desk_of(kind: str) -> ServiceDesk | None:
    """The desk whose settings are being changed, if it is not a new one."""
    key = request.args.get("desk", "")
    found = _desk(key[:40]) if key else None
    if found is not None and found.kind != kind:
        abort(404)
    return found


def _fragment(form: DeskForm, tried: Trial | None) -> str:
    return render_template("bridge/desks/trial.html", form=form, trial=tried)


def _tried(entered: DeskSettings) -> Trial:
    """Nothing of the database is held while the desk is asked."""
    undo()
    return entering.try_out(entered)


@desks.post("/<string:key>/trial")
@limiter.limit(TRIALS)
@requires(MANAGE_DESKS)
def trial_of_desk(key: str) -> WsgiResponse:
    """Ask a connected desk who we are."""
    found = _desk(key)
    if found.kind not in connecting.KINDS:
        flash(_("This kind of desk is not installed any more."), "bad")
    else:
        tried = _tried(entering.settings_kept(found))
        flash(tried.text, "good" if tried.good else "bad")
    return redirect(url_for("desks.desk", key=key))


@desks.get("/<string:key>")
@requires(MANAGE_DESKS)
def desk(key: str) -> str:
    """How a desk fares: health, traffic, what waits and what failed."""
    found = _desk(key)
    signs = any(asked.name == "push" for asked in kind_of(found.kind).secrets)
    pushes = f"{current_app.config['PUBLIC_URL']}{url_for('pushes.push', key=key)}" if signs else ""
    return render_template("bridge/desks/desk.html", desk=found, view=desk_view(found), pushes=pushes)


@desks.route("/routes", methods=["GET", "POST"])
@requires(MANAGE_DESKS)
def routes() -> str | WsgiResponse | tuple[str, int]:
    """Which queries go where, and what that comes to."""
    spaces = public.spaces_visible_to(actor())
    organisations = public.organisations()
    form = RoutesForm(all_desks(), spaces, organisations, data={"rows": _route_rows()})
    if form.validate_on_submit():
        entering.set_routes(form.wanted)
        flash(_("Saved. It holds for queries that come from now on."), "good")
        return redirect(url_for("desks.routes"))
    effective = effects(routing.routes_in_use(), spaces, organisations)
    return render_template("bridge/desks/routes.html", form=form, effects=effective), 422 if form.errors else 200


def _route_rows() -> list[dict[str, str]]:
    """The routes as they are, and a few empty rows."""
    rows = db.session.scalars(select(DeskRoute).order_by(DeskRoute.position, DeskRoute.id))
    present = [
        {
            "desk": str(row.desk_id),
            "query_class": row.query_class,
            "space": str(row.space_id or ""),
            "organisation": str(row.organisation_id or ""),
        }
        for row in rows
    ]
    return present + [{}] * SPARE_ROWS


@desks.route("/<string:key>/states", methods=["GET", "POST"])
@requires(MANAGE_DESKS)
def statuses(key: str) -> str | WsgiResponse | tuple[str, int]:
    """What the desk's own words for a status mean."""
    found = _desk(key)
    usual, seen = kind_of(found.kind).words, watching.words_seen(found.id)
    form = StatusesForm(data={"rows": _status_rows([*usual, *seen], found.statuses)})
    if form.validate_on_submit():
        entering.set_statuses(found, form.wanted)
        flash(_("Saved. It holds from the next news of the desk on."), "good")
        return redirect(url_for("desks.statuses", key=key))
    page = render_template(
        "bridge/desks/statuses.html", desk=found, form=form, usual=usual, seen=seen, words=DESK_STATUSES
    )
    return page, 422 if form.errors else 200


def _status_rows(known: list[str], entered: dict[str, str]) -> list[dict[str, str]]:
    """Every word that is known, and a few empty rows."""
    rows = [{"word": word, "ours": entered.get(word, "")} for word in dict.fromkeys([*known, *entered])]
    return rows + [{}] * SPARE_ROWS
