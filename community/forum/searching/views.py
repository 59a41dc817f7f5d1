"""What one does with a search: keep it, say that what it found helps; and counting what is opened."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.core.app import limiter
from community.core.markup import clean_text
from community.core.numbers import whole_number
from community.core.policies import actor, allow, member_required, public
from community.core.search.query import parse_query

from . import helped as searching_helped
from . import log as searching_log
from . import saved as searching_saved
from .queries import load_one
from .saved import MOST, Alert

searching = Blueprint("searching", __name__)

ALERTS = {Alert.NONE: _l("No alert"), Alert.IMMEDIATELY: _l("Tell me at once"), Alert.DAILY: _l("Tell me once a day")}


@searching.post("/searches")
@member_required
@limiter.limit("60 per hour")
def save() -> Response:
    """Keep a search, with an alert where one is wanted; the same one again changes its alert."""
    text = clean_text(request.form.get("q", ""))[:500]
    given = request.form.get("alert", "")
    alert = Alert(given) if given in ALERTS else Alert.NONE
    if searching_saved.save(text, alert, member_id=actor().id or 0):
        flash(_("The search is kept. You find it beside every search."), "good")
    else:
        flash(
            _("This was not kept: there are no words in it, or you have %(most)s searches already.", most=MOST), "bad"
        )
    return redirect(url_for("search.results", q=text))


@searching.post("/searches/<int:search_id>/removal")
@member_required
def remove(search_id: int) -> Response:
    """Forget a search of one's own."""
    allow(searching_saved.remove(search_id, member_id=actor().id or 0))
    return redirect(url_for("search.results"))


@searching.get("/search/clicked")
@public
@limiter.limit("120 per minute")
def clicked() -> tuple[str, int]:
    """Take note, in memory and without who, of the place of a result that is opened."""
    position = whole_number(request.args.get("position", ""), most=9999)
    if position is not None:
        searching_log.clicked(parse_query(clean_text(request.args.get("q", ""))[:500]), position)
    return "", 204


@searching.post("/similar/<string:kind>/<int:target_id>")
@member_required
@limiter.limit("60 per hour")
def answered(kind: str, target_id: int) -> Response:
    """What was found while asking answers it: counted once for each member, and shown."""
    found = load_one(actor(), kind, target_id) or abort(404)
    searching_helped.answered(kind, target_id, member_id=actor().id or 0)
    flash(_("Good that you found it. Your question was not sent."), "good")
    return redirect(found.url)
