"""Pages of letters of recognition: written, shown, answered, signed, printed, and shared by the person."""

from datetime import date

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.core.app import limiter
from community.core.db import db, utcnow
from community.core.policies import actor, allow, member_required, public, requires
from community.core.web import public_url, section

from ..appointing.forms import member_called
from ..appointing.policies import RUN_PROGRAMME, can_run
from . import operations, policies, queries
from .figures import HOURS
from .forms import LetterForm, LinkForm, WishForm
from .models import MOST_LINKS, SILENCE, Letter, LetterLink, LetterVersion
from .operations import ChangedError
from .words import STEPS, figures_of, letter_sheet, letter_state, letter_title

letters = Blueprint("letters", __name__, url_prefix="/letters")
letters.before_request(lambda: section("appointments.people"))
letters.add_app_template_global(letter_state)
Page = str | Response | tuple[str, int]


def _letter(letter_id: int) -> Letter:
    return queries.letter_for(actor(), letter_id) or abort(404)


def _locked(letter_id: int) -> Letter:
    """A letter that nobody else changes meanwhile."""
    found = _letter(letter_id)
    operations.lock(found)
    return found


def _to(letter: Letter) -> Response:
    return redirect(url_for("letters.one", letter_id=letter.id))


@letters.get("")
@member_required
def list_() -> str:
    """One's own letters; those about others for who runs the programme."""
    runs = can_run(actor())
    own = queries.own(actor())
    return render_template("superusers/letters/list.html", own=own, rows=queries.all_for(actor()), runs=runs)


@letters.route("/new", methods=["GET", "POST"])
@requires(RUN_PROGRAMME)
def new() -> Page:
    """Write a letter."""
    form = LetterForm(actor())
    if form.validate_on_submit():
        person = member_called(form.handle.data) or abort(404)
        return _to(operations.draft(person, form.told(), by_id=actor().id or 0))
    return render_template("superusers/letters/edit.html", form=form, found=None), 422 if form.errors else 200


def _page(found: Letter, *, wish: WishForm | None = None, link: LinkForm | None = None, address: str = "") -> str:
    who = actor()
    may = {name: getattr(policies, f"can_{name}")(who, found) for name in ("write", "show", "answer", "share")}
    return render_template(
        "superusers/letters/letter.html",
        found=found,
        may=may | {"sign": policies.can_sign(who, found, utcnow())},
        title=letter_title(found),
        sheet_html=letter_sheet(found),
        hash=operations.hash_of(found),
        asks_hours=[key for key in found.told if key in HOURS],
        history=[(str(STEPS[step.what]), step) for step in queries.history(who, found)],
        theirs=policies.is_theirs(who, found),
        versions=[kept for kept in found.versions if policies.can_see_version(who, found, kept.number)],
        silence=SILENCE.days,
        wish=wish or WishForm(formdata=None),
        link=link or LinkForm(formdata=None),
        address=address,
    )


@letters.get("/<int:letter_id>")
@member_required
def one(letter_id: int) -> str:
    """One letter; on paper it is all that is printed."""
    return _page(_letter(letter_id))


@letters.route("/<int:letter_id>/edit", methods=["GET", "POST"])
@requires(RUN_PROGRAMME)
def edit(letter_id: int) -> Page:
    """Say it anew."""
    found = _letter(letter_id)
    allow(policies.can_write(actor(), found))
    form = LetterForm(actor(), found)
    if form.validate_on_submit():
        if operations.change(found, form.told(), by_id=actor().id or 0):
            flash(_("A new version is kept."), "good")
        return _to(found)
    return render_template("superusers/letters/edit.html", form=form, found=found), 422 if form.errors else 200


@letters.post("/<int:letter_id>/count")
@requires(RUN_PROGRAMME)
def count_again(letter_id: int) -> Response:
    """Take the figures from the record as it is now."""
    found = _letter(letter_id)
    allow(policies.can_write(actor(), found))
    if operations.count_again(found, by_id=actor().id or 0):
        flash(_("Counted again; a new version is kept."), "good")
    else:
        flash(_("Nothing is different."), "good")
    return _to(found)


@letters.post("/<int:letter_id>/showing")
@requires(RUN_PROGRAMME)
def show(letter_id: int) -> Response:
    """Let the person read it."""
    found = _locked(letter_id)
    allow(policies.can_show(actor(), found))
    operations.show(found, by_id=actor().id or 0)
    flash(_("%(name)s reads it now, and may ask for a change.", name=found.member.name), "good")
    return _to(found)


@letters.post("/<int:letter_id>/agreement")
@member_required
def agree(letter_id: int) -> Response:
    """I find it right."""
    found = _locked(letter_id)
    allow(policies.can_answer(actor(), found))
    operations.agree(found)
    flash(_("Thank you. It can be signed now."), "good")
    return _to(found)


@letters.post("/<int:letter_id>/wish")
@member_required
def ask_for_change(letter_id: int) -> Page:
    """I would like it to tell something else."""
    found, form = _locked(letter_id), WishForm()
    allow(policies.can_answer(actor(), found))
    if not form.validate_on_submit():
        return _page(found, wish=form), 422
    operations.ask_for_change(found, form.words.data)
    flash(_("Whoever wrote it is told what you would like."), "good")
    return _to(found)


@letters.post("/<int:letter_id>/hours")
@member_required
def allow_hours(letter_id: int) -> Response:
    """My hours may stand in it, or may not."""
    found = _letter(letter_id)
    allow(policies.can_answer(actor(), found))
    operations.allow_hours(found, allowed=request.form.get("to") == "on")
    return _to(found)


@letters.post("/<int:letter_id>/signature")
@requires(RUN_PROGRAMME)
def sign(letter_id: int) -> Response:
    """Sign, as oneself, the letter that was shown."""
    found = _locked(letter_id)
    allow(policies.can_sign(actor(), found, utcnow()))
    try:
        member = db.session.get_one(Member, actor().id)
        operations.sign(found, member=member, hash_seen=request.form.get("hash", ""))
    except ChangedError:
        flash(_("The text was changed meanwhile. Read it again before you sign."), "bad")
    else:
        flash(_("Signed. From now on it is theirs."), "good")
    return _to(found)


@letters.post("/<int:letter_id>/discarding")
@requires(RUN_PROGRAMME)
def discard(letter_id: int) -> Response:
    """It is not written after all."""
    found = _locked(letter_id)
    allow(policies.can_write(actor(), found))
    operations.discard(found, by_id=actor().id or 0)
    flash(_("Discarded."), "good")
    return redirect(url_for("letters.list_"))


@letters.post("/<int:letter_id>/links")
@member_required
@limiter.limit("30 per hour")
def share(letter_id: int) -> Page:
    """A new secret address, shown this once."""
    found, form = _locked(letter_id), LinkForm()
    allow(policies.can_share(actor(), found))
    if not form.validate_on_submit():
        return _page(found, link=form), 422
    token = operations.share(found, form.note.data or "")
    if token is None:
        flash(_("You have %(most)s addresses already. End one first.", most=MOST_LINKS), "wait")
        return _to(found)
    return _page(found, address=public_url(url_for("letters.shared", token=token)))


@letters.post("/<int:letter_id>/links/<int:link_id>/removal")
@member_required
def revoke(letter_id: int, link_id: int) -> Response:
    """The address opens nothing from now on."""
    found = _letter(letter_id)
    allow(policies.can_share(actor(), found))
    wanted = select(LetterLink).where(LetterLink.id == link_id, LetterLink.letter_id == found.id)
    operations.revoke(db.first_or_404(wanted))
    flash(_("The address opens nothing any more."), "good")
    return _to(found)


@letters.get("/<int:letter_id>/versions/<int:number>")
@member_required
def version(letter_id: int, number: int) -> str:
    """The letter as it was."""
    found = _letter(letter_id)
    allow(policies.can_see_version(actor(), found, number))
    wanted = select(LetterVersion).where(LetterVersion.letter_id == found.id, LetterVersion.number == number)
    kept: LetterVersion = db.first_or_404(wanted)
    sees_hours = found.hours_allowed or policies.is_theirs(actor(), found)
    told = {key: number for key, number in kept.content["figures"].items() if sees_hours or key not in HOURS}
    begins, ends = (date.fromisoformat(kept.content[name]) for name in ("begins_on", "ends_on"))
    return render_template(
        "superusers/letters/version.html",
        found=found,
        kept=kept,
        figures=figures_of(told),
        begins=begins,
        ends=ends,
    )


@letters.get("/shared/<string:token>")
@public
def shared(token: str) -> Response:
    """A letter that its owner shares: nothing else is read at this address."""
    found = queries.shared(token) or abort(404)
    page = make_response(
        render_template(
            "superusers/letters/shared.html", found=found, title=letter_title(found), sheet_html=letter_sheet(found)
        )
    )
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    return page
