"""The roster of a space: its weeks, its turns, and its calendar."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import db
from community.core.policies import actor, allow, requires
from community.core.web import section
from community.spaces import queries as spaces
from community.spaces.models import Space

from . import operations, pages
from .forms import TurnForm, ZoneForm
from .models import DutyTurn
from .policies import PLAN, SEE, can_plan, can_see

rosters = Blueprint("rosters", __name__)
rosters.before_request(lambda: section("spaces.index"))


def _space(slug: str) -> Space:
    space = spaces.by_slug(actor(), slug) or abort(404)
    allow(can_see(actor(), space))
    return space


def _planned(slug: str) -> Space:
    space = _space(slug)
    allow(can_plan(actor(), space))
    return space


def _turn(space: Space, turn_id: int) -> DutyTurn:
    turn = db.session.get(DutyTurn, turn_id)
    if turn is None or turn.space_id != space.id:
        abort(404)
    return turn


def day_asked(text: str) -> date | None:
    """A day of this century from an address; None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


@rosters.get("/spaces/<string:slug>/roster")
@requires(SEE)
def week(slug: str) -> str:
    """One week of the roster."""
    space = _space(slug)
    shown = pages.week_of(space.id, day_asked(request.args.get("week", "")), actor().id)
    form = ZoneForm()
    form.offer(shown.zone)
    return render_template(
        "superusers/duty/week.html", space=space, week=shown, plans=can_plan(actor(), space), zone_form=form
    )


@rosters.route("/spaces/<string:slug>/roster/turns/new", methods=["GET", "POST"])
@requires(PLAN)
def new(slug: str) -> str | Response | tuple[str, int]:
    """Put a turn into the roster."""
    space, form = _planned(slug), TurnForm()
    form.offer(pages.candidates(space.id))
    if form.validate_on_submit():
        zone = pages.zone_of_roster(space.id)
        operations.plan(space.id, form.wanted(), zone=zone, by_id=actor().id)
        flash(_("The turn stands in the roster. Who has it is told."), "good")
        return redirect(url_for("rosters.week", slug=slug))
    page = render_template("superusers/duty/turn.html", space=space, form=form, turn=None)
    return page, 422 if form.errors else 200


@rosters.route("/spaces/<string:slug>/roster/turns/<int:turn_id>", methods=["GET", "POST"])
@requires(PLAN)
def edit(slug: str, turn_id: int) -> str | Response | tuple[str, int]:
    """Change a turn of every week."""
    space, form = _planned(slug), TurnForm()
    turn = _turn(space, turn_id)
    known = pages.candidates(space.id)
    form.offer([*known, *(each for each in (turn.member, turn.backup) if each is not None and each not in known)])
    if not form.is_submitted():
        form.show(turn)
    if form.validate_on_submit():
        operations.change(turn, form.wanted(), by_id=actor().id)
        flash(_("The turn is changed."), "good")
        return redirect(url_for("rosters.week", slug=slug))
    page = render_template("superusers/duty/turn.html", space=space, form=form, turn=turn)
    return page, 422 if form.errors else 200


@rosters.post("/spaces/<string:slug>/roster/turns/<int:turn_id>/removal")
@requires(PLAN)
def remove(slug: str, turn_id: int) -> Response:
    """Take a turn out of the roster."""
    space = _planned(slug)
    operations.remove(_turn(space, turn_id))
    flash(_("The turn is gone from the roster."), "good")
    return redirect(url_for("rosters.week", slug=slug))


@rosters.post("/spaces/<string:slug>/roster/zone")
@requires(PLAN)
def zone(slug: str) -> Response:
    """Say where the hours of the roster are."""
    space, form = _planned(slug), ZoneForm()
    form.offer(pages.zone_of_roster(space.id))
    if not form.validate_on_submit():
        abort(400)
    operations.set_zone(space.id, form.zone.data)
    flash(_("The hours of the roster are in this time zone now."), "good")
    return redirect(url_for("rosters.week", slug=slug))
