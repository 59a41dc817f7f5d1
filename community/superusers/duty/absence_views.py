"""When one is away: days to come, and a calendar elsewhere."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.core import i18n
from community.core.app import limiter
from community.core.db import db
from community.core.outgoing import RefusedAddressError
from community.core.policies import actor, member_required

from . import absences, pages
from .absences import TooManyError
from .forms import AbsenceForm, CalendarForm

away_pages = Blueprint("away_pages", __name__)

TROUBLES = {
    "address": _l("This address may not be asked: it must be a public web address that begins with https."),
    "gone": _l("The calendar says that nobody may read it under this address any more."),
    "refused": _l("The other server gave no calendar."),
    "unreachable": _l("The other server could not be reached."),
    "unreadable": _l("What came is no calendar that can be read."),
}


def _page(form: AbsenceForm, calendar_form: CalendarForm) -> str:
    own = actor().id or 0
    member = db.session.get_one(Member, own)
    calendar = absences.calendar_of(own)
    zone = i18n.zone_of(member.time_zone)
    rows = [(row, *absences.days_of(row, zone)) for row in absences.own_of(own)]
    return render_template(
        "superusers/duty/absences.html",
        form=form,
        calendar_form=calendar_form,
        rows=rows,
        calendar=calendar,
        host=absences.host_of(calendar) if calendar is not None else "",
        trouble=TROUBLES.get(calendar.trouble, "") if calendar is not None else "",
        away=pages.away_words(own),
    )


@away_pages.route("/my/absences", methods=["GET", "POST"])
@member_required
def index() -> str | Response | tuple[str, int]:
    """When one is away; several absences to come may be entered."""
    form = AbsenceForm()
    if form.validate_on_submit():
        first, last = form.days()
        member = db.session.get_one(Member, actor().id)
        try:
            absences.enter(member, first, last, shown=bool(form.shown.data))
            flash(_("Noted. Your turns go to your backups on these days."), "good")
            return redirect(url_for("away_pages.index"))
        except TooManyError:
            form.first.errors = (_("That are more absences than anybody plans. Remove some first."),)
    page = _page(form, CalendarForm(formdata=None))
    return page, 422 if form.errors else 200


@away_pages.post("/my/absences/<int:absence_id>/removal")
@member_required
def remove(absence_id: int) -> Response:
    """Take an absence back."""
    if not absences.remove(actor().id or 0, absence_id):
        abort(404)
    flash(_("The absence is removed."), "good")
    return redirect(url_for("away_pages.index"))


@away_pages.post("/my/absences/calendar")
@member_required
@limiter.limit("20 per hour")
def connect() -> Response | tuple[str, int]:
    """Read a calendar elsewhere from now on."""
    form = CalendarForm()
    if form.validate_on_submit():
        try:
            absences.connect(actor().id or 0, form.url.data, shown=bool(form.told.data))
            flash(_("Your calendar is read in a moment, and every hour from now on."), "good")
            return redirect(url_for("away_pages.index"))
        except (RefusedAddressError, ValueError):
            form.url.errors = (TROUBLES["address"],)
    return _page(AbsenceForm(formdata=None), form), 422


@away_pages.post("/my/absences/calendar/removal")
@member_required
def disconnect() -> Response:
    """Read the calendar no more."""
    absences.disconnect(actor().id or 0)
    flash(_("Your calendar is read no more, and what it said is forgotten."), "good")
    return redirect(url_for("away_pages.index"))
