"""Pages of invitations."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import db, utcnow
from community.core.policies import Actor, actor, allow, requires
from community.core.slots import fill
from community.core.web import section

from ..policies import ENTER, inside
from . import operations, policies, queries, words
from .forms import FeedbackForm, OfferForm, ThanksForm
from .models import Offer
from .policies import INVITE

offers = Blueprint("offers", __name__)
Page = str | Response | tuple[str, int]


@offers.before_request
def only_inside() -> None:
    """Nobody else finds any of these pages."""
    allow(inside(actor()))
    section("inner.index")


def _back(offer_id: int) -> Response:
    return redirect(url_for("offers.page", offer_id=offer_id))


def _locked(offer_id: int) -> Offer:
    return queries.locked(offer_id) or abort(404)


def _organised(offer_id: int) -> Offer:
    """An invitation that the actor may change, locked."""
    offer = _locked(offer_id)
    allow(policies.can_organise(actor(), offer))
    return offer


@offers.get("/inner/invitations")
@requires(ENTER)
def index() -> str:
    """All invitations."""
    return render_template(
        "superusers/inner/offers/list.html",
        listed=queries.listed(actor()),
        can_invite=actor().can(INVITE),
        words=words,
        now=utcnow(),
    )


def _form_page(form: OfferForm, offer: Offer | None) -> Page:
    page = render_template("superusers/inner/offers/edit.html", form=form, offer=offer)
    return page, 422 if form.errors else 200


@offers.route("/inner/invitations/new", methods=["GET", "POST"])
@requires(INVITE)
def new() -> Page:
    """Invite super users to something."""
    form = OfferForm()
    if not form.validate_on_submit():
        return _form_page(form, None)
    made = operations.invite(form.said(), by_id=actor().id or 0)
    flash(_("Super users are told of it."), "good")
    return _back(made.id)


@offers.route("/inner/invitations/<int:offer_id>/edit", methods=["GET", "POST"])
@requires(INVITE)
def edit(offer_id: int) -> Page:
    """Say it anew."""
    offer, form = _organised(offer_id), OfferForm()
    form.keep(offer)
    if not form.is_submitted():
        form.show(offer)
    if not form.validate_on_submit():
        return _form_page(form, offer)
    operations.change(offer, form.said())
    flash(_("The invitation is saved."), "good")
    return _back(offer_id)


@offers.get("/inner/invitations/<int:offer_id>")
@requires(ENTER)
def page(offer_id: int) -> str:
    """One invitation."""
    offer = db.session.get(Offer, offer_id) or abort(404)
    return _page(offer, FeedbackForm(formdata=None), ThanksForm(formdata=None))


def _page(offer: Offer, feedback: FeedbackForm, thanks: ThanksForm) -> str:
    people = queries.people(offer)
    mine = next((row for row in people if row.member_id == actor().id), None)
    return render_template(
        "superusers/inner/offers/page.html",
        offer=offer,
        taking=[row for row in people if not row.waiting],
        waiting=[row for row in people if row.waiting],
        mine=mine,
        open=offer.is_open(utcnow()),
        organises=policies.can_organise(actor(), offer),
        tells=policies.can_tell(offer, mine),
        feedback=feedback,
        thanks=thanks,
        words=words,
    )


@offers.post("/inner/invitations/<int:offer_id>/place")
@requires(ENTER)
def sign_up(offer_id: int) -> Response:
    """Take a place, or wait for one."""
    offer = _locked(offer_id)
    if not offer.is_open(utcnow()):
        flash(_("Signing up is over."), "wait")
        return _back(offer_id)
    held = operations.sign_up(offer, actor().id or 0)
    flash(_("No place is left; you are on the waiting list.") if held.waiting else _("You have a place."), "good")
    return _back(offer_id)


@offers.post("/inner/invitations/<int:offer_id>/withdrawal")
@requires(ENTER)
def withdraw(offer_id: int) -> Response:
    """Give the place back."""
    offer = _locked(offer_id)
    held = operations.place_of(offer, actor().id)
    if held is not None and offer.ended_at is None:
        operations.withdraw(offer, held)
        flash(_("You no longer take part."), "good")
    return _back(offer_id)


@offers.post("/inner/invitations/<int:offer_id>/end")
@requires(INVITE)
def end(offer_id: int) -> Response:
    """It is over."""
    offer = _organised(offer_id)
    if offer.ended_at is None:
        operations.end(offer, by_id=actor().id or 0)
        flash(_("Who took part is asked how it was."), "good")
    return _back(offer_id)


@offers.post("/inner/invitations/<int:offer_id>/feedback")
@requires(ENTER)
def tell(offer_id: int) -> Page:
    """Say how it was."""
    offer, form = _locked(offer_id), FeedbackForm()
    held = operations.place_of(offer, actor().id)
    allow(policies.can_tell(offer, held))
    if held is None or not form.validate_on_submit():
        return _page(offer, form, ThanksForm(formdata=None)), 422
    operations.tell(held, int(form.rating.data), form.words.data or "")
    flash(_("Thank you; whoever invited you reads it."), "good")
    return _back(offer_id)


@offers.post("/inner/invitations/<int:offer_id>/thanks")
@requires(INVITE)
def thank(offer_id: int) -> Page:
    """Thank who took part."""
    offer, form = _organised(offer_id), ThanksForm()
    allow(offer.ended_at is not None)
    if not form.validate_on_submit():
        return _page(offer, FeedbackForm(formdata=None), form), 422
    operations.thank(offer, form.line.data, by_id=actor().id or 0)
    flash(_("They are thanked."), "good")
    return _back(offer_id)


@fill("inner.index")
def offered(*, actor: Actor) -> str:
    """What one is invited to, on the page for super users."""
    found = [each for each in queries.listed(actor) if each.offer.ended_at is None][:5]
    return render_template("superusers/inner/offers/offered.html", listed=found, words=words, now=utcnow())
