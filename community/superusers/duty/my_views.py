"""One's own page of duty: what waits, one's turns, what one gave; and for the programme's owners whom to check on."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from community.core.policies import actor, requires
from community.core.web import safe_next, section
from community.superusers.appointing.policies import RUN_PROGRAMME

from . import operations, pages, workload
from .policies import HELP

my_duty = Blueprint("my_duty", __name__)
my_duty.before_request(lambda: section("my_duty.page"))

TAPS = (15, 30, 60)


@my_duty.get("/my/duty")
@requires(HELP)
def page() -> str:
    """What waits for me, my turns, and my last thirty days."""
    own = actor().id or 0
    return render_template(
        "superusers/duty/mine.html",
        waiting=workload.waiting_for(actor()),
        month=workload.month_of(own),
        turns=pages.own_turns(own),
        questions=pages.questions_of(own),
        away=pages.away_words(own),
        taps=TAPS,
        said_day=pages.said_day,
        hours_of=pages.hours_of,
    )


@my_duty.post("/my/duty/hours/<int:minutes>")
@requires(HELP)
def write_down(minutes: int) -> Response:
    """Write down time that one gave, by one tap."""
    if minutes not in TAPS:
        abort(404)
    if operations.write_down(actor().id or 0, minutes) is None:
        flash(_("A day has no more hours."), "wait")
    else:
        said = ngettext("%(num)s minute is written down.", "%(num)s minutes are written down.", minutes)
        flash(said, "good")
    return redirect(url_for("my_duty.page", _anchor="hours"))


@my_duty.post("/my/duty/hours/<int:entry_id>/removal")
@requires(HELP)
def take_back(entry_id: int) -> Response:
    """Undo it."""
    if not operations.take_back(actor().id or 0, entry_id):
        abort(404)
    flash(_("Taken back."), "good")
    return redirect(url_for("my_duty.page", _anchor="hours"))


@my_duty.get("/programme/check-on")
@requires(RUN_PROGRAMME)
def concerns() -> str:
    """Whom the programme's owners were asked to check on; nobody else ever reads it."""
    return render_template("superusers/duty/concerns.html", concerns=workload.concerns(actor()))


@my_duty.post("/programme/check-on/<int:concern_id>/talk")
@requires(RUN_PROGRAMME)
def spoken(concern_id: int) -> Response:
    """Note that one spoke with somebody, so that nothing is said of them for some time."""
    found = workload.speak(actor(), concern_id) or abort(404)
    days = workload.RESTS.days
    said = ngettext(
        "Thank you. %(name)s is left in peace for %(num)s day.",
        "Thank you. %(name)s is left in peace for %(num)s days.",
        days,
        name=found.member.name,
    )
    flash(said, "good")
    return redirect(safe_next(request.form.get("next") or url_for("my_duty.concerns")))
