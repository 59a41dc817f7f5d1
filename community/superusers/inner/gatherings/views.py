"""Pages of gatherings."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from community.accounts.cards import card
from community.core import i18n, ical
from community.core.db import db, utcnow
from community.core.numbers import whole_numbers
from community.core.policies import Actor, actor, allow, public, requires
from community.core.slots import fill
from community.core.web import section
from community.forum.composing import admitting
from community.forum.composing.gates import Way
from community.forum.own_feeds.views import holder_of, kept_to_oneself
from community.spaces.policies import can_start_in

from ..place import inner_space
from ..policies import ENTER, inside
from . import calendars, operations, policies, queries, words
from .forms import FollowUpForm, GatheringForm, MaterialForm
from .models import FollowUp
from .policies import CALL
from .queries import Seen

gatherings = Blueprint("gatherings", __name__)
gathering_feeds = Blueprint("gathering_feeds", __name__)
Page = str | WsgiResponse | tuple[str, int]


@gatherings.before_request
def only_inside() -> None:
    """Nobody else finds any of these pages."""
    allow(inside(actor()))
    section("inner.index")


def _seen(gathering_id: int, *, lock: bool = False) -> Seen:
    return queries.shown(actor(), gathering_id, lock=lock) or abort(404)


def _own(gathering_id: int) -> Seen:
    """One that the actor may change, which nobody else changes meanwhile."""
    seen = _seen(gathering_id, lock=True)
    allow(policies.can_change(actor(), seen.gathering))
    return seen


def _back(gathering_id: int) -> WsgiResponse:
    return redirect(url_for("gatherings.page", gathering_id=gathering_id))


@gatherings.get("/inner/gatherings")
@requires(ENTER)
def index() -> str:
    """What is to come, and what was."""
    return render_template(
        "superusers/inner/gatherings/list.html",
        coming=queries.listed(actor()),
        past=queries.listed(actor(), past=True),
        can_call=actor().can(CALL),
        words=words,
    )


def _form_page(form: GatheringForm, seen: Seen | None) -> Page:
    gathering = seen.gathering if seen else None
    page = render_template("superusers/inner/gatherings/edit.html", form=form, gathering=gathering)
    return page, 422 if form.errors else 200


def _said(form: GatheringForm) -> operations.Call | None:
    """What was typed, once it is valid and says when."""
    said = form.said() if form.validate_on_submit() else None
    if form.is_submitted() and said is None and not form.errors:
        form.event_starts.errors = (_("Say when it begins."),)
    return said


@gatherings.route("/inner/gatherings/new", methods=["GET", "POST"])
@requires(CALL)
def new() -> Page:
    """Call a gathering."""
    form = GatheringForm()
    form.offer(actor())
    said = _said(form)
    if said is None:
        return _form_page(form, None)
    made = operations.call(said, by_id=actor().id or 0)
    flash(_("It is called, and who is invited gets a letter that calendars read."), "good")
    return _back(made.id)


@gatherings.route("/inner/gatherings/<int:gathering_id>/edit", methods=["GET", "POST"])
@requires(CALL)
def edit(gathering_id: int) -> Page:
    """Say it anew."""
    seen, form = _own(gathering_id), GatheringForm()
    form.show(seen.gathering)
    form.offer(actor())
    said = _said(form)
    if said is None:
        return _form_page(form, seen)
    operations.change(seen.gathering, said, by_id=actor().id or 0)
    flash(_("It is saved. Calendars that have it learn what changed."), "good")
    return _back(gathering_id)


@gatherings.get("/inner/gatherings/<int:gathering_id>")
@requires(ENTER)
def page(gathering_id: int) -> str:
    """One gathering."""
    return _page(_seen(gathering_id), MaterialForm(formdata=None), FollowUpForm(formdata=None))


def _page(seen: Seen, material: MaterialForm, follow_up: FollowUpForm) -> str:
    found = queries.guests(seen.gathering)
    follow_up.offer(found, seen.gathering.by)
    return render_template(
        "superusers/inner/gatherings/page.html",
        gathering=seen.gathering,
        mine=seen.mine,
        guests=[(guest, card(guest.member)) for guest in found],
        follow_ups=queries.follow_ups(seen.gathering),
        changes=policies.can_change(actor(), seen.gathering),
        answers=policies.can_answer(seen.gathering, seen.mine),
        over=seen.gathering.starts_at <= utcnow(),
        ended=seen.gathering.ends_at <= utcnow(),
        space=inner_space(),
        words=words,
        material=material,
        follow_up=follow_up,
    )


@gatherings.post("/inner/gatherings/<int:gathering_id>/answer")
@requires(ENTER)
def answer(gathering_id: int) -> WsgiResponse:
    """Say whether one comes."""
    seen, word = _seen(gathering_id), request.form.get("answer", "")
    allow(policies.can_answer(seen.gathering, seen.mine))
    if word not in words.ANSWERS or seen.mine is None:
        abort(400)
    operations.answer(seen.mine, word)
    flash(_("Your answer is noted."), "good")
    return _back(gathering_id)


@gatherings.post("/inner/gatherings/<int:gathering_id>/cancellation")
@requires(CALL)
def cancel(gathering_id: int) -> WsgiResponse:
    """Call it off, before it is over."""
    found = _own(gathering_id).gathering
    allow(found.ends_at > utcnow())
    operations.cancel(found, by_id=actor().id or 0)
    flash(_("It is called off. Calendars that have it learn so."), "good")
    return _back(gathering_id)


@gatherings.post("/inner/gatherings/<int:gathering_id>/attendance")
@requires(CALL)
def attendance(gathering_id: int) -> WsgiResponse:
    """Say who was there."""
    there = set(whole_numbers(request.form.getlist("there")[:2000]))
    operations.take_attendance(_own(gathering_id).gathering, there)
    flash(_("Who was there is saved."), "good")
    return _back(gathering_id)


def _goes(form: MaterialForm, **about: int | None) -> bool:
    """Whether the gates let it out, as any reply."""
    return admitting.judged(form, admitting.writing(Way.REPLY, form, **about), holds=False).goes


@gatherings.post("/inner/gatherings/<int:gathering_id>/material")
@requires(ENTER)
def share(gathering_id: int) -> Page:
    """Add material, in the gathering's thread in the inner space."""
    seen, form = _seen(gathering_id, lock=True), MaterialForm()
    space = inner_space() or abort(404)
    allow(can_start_in(actor(), space))
    about = {"space_id": space.id, "thread_id": seen.gathering.thread_id}
    if not form.validate_on_submit() or not _goes(form, **about):
        return _page(seen, form, FollowUpForm(formdata=None)), 422
    operations.share(seen.gathering, space, form.body.data, by_id=actor().id or 0)
    flash(_("It stands in the inner space now."), "good")
    return _back(gathering_id)


@gatherings.post("/inner/gatherings/<int:gathering_id>/follow-ups")
@requires(CALL)
def follow(gathering_id: int) -> Page:
    """Say what somebody does after it."""
    seen, form = _own(gathering_id), FollowUpForm()
    form.offer(queries.guests(seen.gathering), seen.gathering.by)
    if not form.validate_on_submit():
        return _page(seen, MaterialForm(formdata=None), form), 422
    operations.note_follow_up(seen.gathering, form.text.data, int(form.member.data), form.due.data)
    return _back(gathering_id)


@gatherings.post("/inner/gatherings/<int:gathering_id>/follow-ups/<int:row_id>")
@requires(ENTER)
def settle(gathering_id: int, row_id: int) -> WsgiResponse:
    """Done, or not after all; by whoever does it, or who may change the gathering."""
    seen = _seen(gathering_id, lock=True)
    row = db.session.get(FollowUp, row_id)
    if row is None or row.gathering_id != gathering_id:
        abort(404)
    allow(row.member_id == actor().id or policies.can_change(actor(), seen.gathering))
    operations.settle_follow_up(row)
    return _back(gathering_id)


@gatherings.get("/inner/gatherings/<int:gathering_id>/event.ics")
@requires(ENTER)
def event(gathering_id: int) -> WsgiResponse:
    """One gathering, for a calendar."""
    seen = _seen(gathering_id)
    return kept_to_oneself(ical.answer(calendars.calendar("", [seen.gathering]), f"gathering-{gathering_id}"))


@gathering_feeds.get("/feeds/own/<string:token>/gatherings.ics")
@public
def own(token: str) -> WsgiResponse:
    """Everything that somebody is invited to, for a calendar that cannot sign in; nothing once they are outside."""
    who = holder_of(token)
    allow(inside(who))
    with i18n.speaking(who.language):
        made = calendars.calendar(_("Gatherings"), queries.for_calendar(who))
    return kept_to_oneself(ical.answer(made, "gatherings"))


@fill("inner.index")
def coming(*, actor: Actor) -> str:
    """What is to come, on the page for super users."""
    seen = queries.listed(actor)[:5]
    return render_template("superusers/inner/gatherings/coming.html", coming=seen, words=words)


@fill("own_feeds.addresses")
def feed_address(*, token: str, actor: Actor) -> str:
    """The private address of one's gatherings, for who is inside."""
    if not inside(actor):
        return ""
    return render_template("superusers/inner/gatherings/feed.html", token=token)
