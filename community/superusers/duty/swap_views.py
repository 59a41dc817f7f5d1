"""Asking others to take a turn, and answering."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import db
from community.core.policies import actor, allow, requires
from community.core.web import section

from . import operations, pages
from .forms import SwapForm
from .models import DutySwap, DutyTurn
from .operations import Day, TakenError
from .pages import TurnView
from .policies import HELP
from .roster_views import day_asked

swaps = Blueprint("swaps", __name__)
swaps.before_request(lambda: section("my_duty.page"))


def _day(turn_id: int, on: str) -> Day:
    """One's own turn on a day to come, where one still helps."""
    turn, found = db.session.get(DutyTurn, turn_id), day_asked(on)
    if turn is None or found is None or operations.day_of(turn, found) is None:
        abort(404)
    allow(operations.holder_of(turn, found) == actor().id and actor().can(HELP, space_id=turn.space_id))
    return Day(turn, found)


def _theirs(turn: DutyTurn, members: set[int]) -> list[TurnView]:
    """Turns of others in the same space that may be taken in return."""
    found = pages.turns_ahead(turn.space_id)
    return [view for view in found if view.holder is not None and view.holder.id in members]


@swaps.route("/my/duty/turns/<int:turn_id>/<string:on>", methods=["GET", "POST"])
@requires(HELP)
def ask(turn_id: int, on: str) -> str | Response | tuple[str, int]:
    """Ask somebody to take one's turn on a day."""
    day, form, own = _day(turn_id, on), SwapForm(), actor().id or 0
    members = [each for each in pages.candidates(day.turn.space_id) if each.id != own]
    theirs = _theirs(day.turn, {each.id for each in members})
    form.offer(members, theirs, [_said(view) for view in theirs])
    if form.validate_on_submit():
        try:
            back = form.wanted_back(theirs)
            operations.ask(day, int(form.asked.data), by_id=own, words=form.words.data or "", back=back)
            flash(_("Asked. Nothing changes until they accept."), "good")
            return redirect(url_for("my_duty.page"))
        except TakenError:
            form.back.errors = (_("Choose a turn of the person whom you ask."),)
    said = pages.said_day(day.on, pages.hours_of(day.turn))
    page = render_template("superusers/duty/swap.html", day=day, form=form, said=said)
    return page, 422 if form.errors else 200


def _said(view: TurnView) -> str:
    name = view.holder.name if view.holder is not None else ""
    return _("%(what)s: %(how)s", what=name, how=pages.said_day(view.on, view.hours))


def _swap(swap_id: int, *, asked: bool) -> DutySwap:
    """A question that waits for one's own answer, or one's own question."""
    swap = operations.swap_for(actor().id or 0, swap_id) or abort(404)
    allow((swap.asked_id if asked else swap.asker_id) == actor().id)
    return swap


def _done(words: str, kind: str = "good") -> Response:
    flash(words, kind)
    return redirect(url_for("my_duty.page"))


def _late() -> Response:
    return _done(_("This turn is somebody else's by now, or over. Nothing was changed."), "wait")


@swaps.post("/my/duty/swaps/<int:swap_id>/acceptance")
@requires(HELP)
def accept(swap_id: int) -> Response:
    """Take the turn."""
    swap = _swap(swap_id, asked=True)
    try:
        operations.accept(swap)
    except TakenError:
        return _late()
    return _done(_("The turn is yours now. Both of you are told."))


@swaps.post("/my/duty/swaps/<int:swap_id>/refusal")
@requires(HELP)
def refuse(swap_id: int) -> Response:
    """Say no."""
    swap = _swap(swap_id, asked=True)
    try:
        operations.refuse(swap)
    except TakenError:
        return _late()
    return _done(_("You said no. The turn stays where it was."))


@swaps.post("/my/duty/swaps/<int:swap_id>/withdrawal")
@requires(HELP)
def withdraw(swap_id: int) -> Response:
    """Ask no more."""
    swap = _swap(swap_id, asked=False)
    try:
        operations.withdraw(swap)
    except TakenError:
        return _late()
    return _done(_("You ask no more. The turn stays yours."))
