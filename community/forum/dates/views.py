"""Saying when something happens, and calendars of it."""

from flask import Blueprint, abort, flash, render_template
from flask_babel import gettext as _
from icalendar import Calendar
from werkzeug.wrappers import Response as WsgiResponse

from community.core import i18n, ical
from community.core.db import db
from community.core.policies import actor, allow, public, requires
from community.core.web import section
from community.spaces import queries as space_queries

from ..own_feeds.views import holder_of, kept_to_oneself
from ..policies import ANNOUNCE
from ..views import living_thread, readable_thread, to_thread
from . import operations
from .calendars import calendar
from .forms import EventFields
from .models import ThreadEvent
from .queries import for_calendar

dates = Blueprint("dates", __name__)

FRESH_SECONDS = 300


@dates.get("/threads/<int:thread_id>/event.ics")
@public
def of_thread(thread_id: int) -> WsgiResponse:
    """The one event of an announcement."""
    thread = living_thread(thread_id)
    row = db.session.get(ThreadEvent, thread.id) if thread.has_event else None
    return _answer(calendar(thread.title, [row or abort(404)]), f"event-{thread.id}")


@dates.get("/spaces/<string:slug>/calendar.ics")
@public
def of_space(slug: str) -> WsgiResponse:
    """What happens in a space, as the reader may read it."""
    space = space_queries.by_slug(actor(), slug) or abort(404)
    return _answer(calendar(space.name, for_calendar(actor(), space)), space.slug)


@dates.get("/feeds/own/<string:token>/calendar.ics")
@public
def own(token: str) -> WsgiResponse:
    """Everything that a member may read, for a calendar that cannot sign in."""
    who = holder_of(token)
    with i18n.speaking(who.language):
        return kept_to_oneself(_answer(calendar(_("Events"), for_calendar(who)), "calendar"))


def _answer(made: Calendar, name: str) -> WsgiResponse:
    return ical.answer(made, name, "private, no-cache" if actor().is_member else f"public, max-age={FRESH_SECONDS}")


@dates.route("/threads/<int:thread_id>/event", methods=["GET", "POST"])
@requires(ANNOUNCE)
def edit(thread_id: int) -> str | WsgiResponse | tuple[str, int]:
    """Say when what is announced happens, or say it anew."""
    section("pages.news")
    thread = readable_thread(thread_id)
    allow(operations.can_set(actor(), thread))
    row, form = db.session.get(ThreadEvent, thread.id), EventFields()
    if row is not None:
        form.hold(operations.when_of(row))
    form.offer_zones(i18n.zone().key)
    when = form.date() if form.validate_on_submit() else None
    if when is not None:
        operations.set_date(thread, when, by_id=actor().id)
        flash(_("The date is saved."), "good")
        return to_thread(thread)
    if form.is_submitted() and not form.errors:
        form.event_starts.errors = (_("Say when it begins."),)
    page = render_template("forum/dates/edit.html", form=form, thread=thread, row=row)
    return page, 422 if form.errors else 200


@dates.post("/threads/<int:thread_id>/event/cancellation")
@requires(ANNOUNCE)
def cancel(thread_id: int) -> WsgiResponse:
    """Call it off."""
    thread = readable_thread(thread_id)
    allow(operations.can_set(actor(), thread) and thread.has_event)
    operations.cancel(thread, by_id=actor().id)
    flash(_("It is called off. Calendars that have it learn so."), "good")
    return to_thread(thread)
