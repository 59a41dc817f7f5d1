"""Pages of agreements: written, sent, signed by each party, printed, changed, ended."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, utcnow
from community.core.policies import actor, allow, member_required, requires
from community.core.web import section

from ..appointing import policies
from . import operations
from .forms import AgreementForm
from .models import Agreement, AgreementState, AgreementVersion
from .operations import ChangedError

agreements = Blueprint("agreements", __name__, url_prefix="/agreements")
agreements.before_request(lambda: section("appointments.people"))

PARTIES = {"provider": _l("the provider"), "customer": _l("the customer"), "member": _l("the super user")}
STATES = {
    "draft": ("edit", _l("Draft"), "plain"),
    "waiting": ("clock", _l("Waits for signatures"), "wait"),
    "in_force": ("solved", _l("In force"), "solved"),
    "ended": ("closed", _l("Ended"), "plain"),
}


@agreements.app_template_global()
def agreement_state(agreement: Agreement) -> tuple[str, str, str]:
    """Glyph, word and tone of where an agreement stands; one that waits says for whom."""
    state = agreement.shown_state(i18n.day_here(utcnow()))
    glyph, word, tone = STATES[state]
    if state == AgreementState.WAITING:
        who = i18n.listed(PARTIES[party] for party in agreement.missing)
        return glyph, _("Waits for %(who)s", who=who), tone
    return glyph, str(word), tone


def _agreement(agreement_id: int) -> Agreement:
    return operations.agreement_for(actor(), agreement_id) or abort(404)


def _to(agreement: Agreement) -> Response:
    return redirect(url_for("agreements.one", agreement_id=agreement.id))


@agreements.get("")
@member_required
def list_() -> str:
    """One's own agreements; all for those who run the programme."""
    rows = operations.agreements_of(actor())
    return render_template("superusers/agreements.html", rows=rows, runs=policies.can_run(actor()))


@agreements.route("/new", methods=["GET", "POST"])
@requires(policies.RUN_PROGRAMME)
def new() -> str | Response | tuple[str, int]:
    """Write an agreement."""
    form = AgreementForm()
    if form.validate_on_submit():
        return _to(operations.draft(form.terms(), by_id=actor().id))
    return render_template("superusers/agree.html", form=form, found=None), 422 if form.errors else 200


@agreements.get("/<int:agreement_id>")
@member_required
def one(agreement_id: int) -> str:
    """One agreement, with its signatures; on paper it is all that is printed."""
    found = _agreement(agreement_id)
    return render_template(
        "superusers/agreement.html",
        found=found,
        parties=PARTIES,
        hash=operations.hash_of(found),
        signs_as=operations.signs_as(actor(), found),
        changes=operations.can_change(actor(), found),
        versions=[kept for kept in found.versions if operations.can_read_version(actor(), found, kept)],
        state=found.shown_state(i18n.day_here(utcnow())),
    )


@agreements.route("/<int:agreement_id>/edit", methods=["GET", "POST"])
@requires(policies.RUN_PROGRAMME)
def edit(agreement_id: int) -> str | Response | tuple[str, int]:
    """Change an agreement; signatures are void then."""
    found = _agreement(agreement_id)
    allow(operations.can_change(actor(), found))
    form = AgreementForm(found)
    if form.validate_on_submit():
        if operations.change(found, form.terms(), by_id=actor().id) and found.state != AgreementState.DRAFT:
            flash(_("A new version is kept. What was signed before is void."), "good")
        return _to(found)
    return render_template("superusers/agree.html", form=form, found=found), 422 if form.errors else 200


@agreements.post("/<int:agreement_id>/sending")
@requires(policies.RUN_PROGRAMME)
def send(agreement_id: int) -> Response:
    """Show it to the parties."""
    found = _agreement(agreement_id)
    allow(operations.can_change(actor(), found))
    operations.send(found, by_id=actor().id)
    flash(_("The parties are asked to sign."), "good")
    return _to(found)


@agreements.post("/<int:agreement_id>/signature")
@member_required
def sign(agreement_id: int) -> Response:
    """Sign, as oneself, the text that was shown."""
    found = _agreement(agreement_id)
    party = operations.signs_as(actor(), found) or abort(404)
    member = db.session.get_one(Member, actor().id)
    try:
        operations.sign(found, party, member=member, hash_seen=request.form.get("hash", ""))
    except ChangedError:
        flash(_("The text was changed meanwhile. Read it again before you sign."), "bad")
    else:
        flash(_("Signed."), "good")
    return _to(found)


@agreements.post("/<int:agreement_id>/end")
@requires(policies.RUN_PROGRAMME)
def end(agreement_id: int) -> Response:
    """End it before its last day."""
    found = _agreement(agreement_id)
    allow(operations.can_change(actor(), found))
    was_draft = found.state == AgreementState.DRAFT
    operations.end(found, by_id=actor().id)
    flash(_("Ended."), "good")
    return redirect(url_for("agreements.list_")) if was_draft else _to(found)


@agreements.get("/<int:agreement_id>/versions/<int:number>")
@member_required
def version(agreement_id: int, number: int) -> str:
    """The terms as they were in an earlier version."""
    found = _agreement(agreement_id)
    kept: AgreementVersion = db.first_or_404(
        select(AgreementVersion).where(AgreementVersion.agreement_id == found.id, AgreementVersion.number == number)
    )
    allow(operations.can_read_version(actor(), found, kept))
    signed = [one for one in found.signatures if one.version == number]
    begins, ends = (date.fromisoformat(kept.content[name]) for name in ("begins_on", "ends_on"))
    return render_template(
        "superusers/agreement_version.html",
        found=found,
        kept=kept,
        signed=signed,
        parties=PARTIES,
        begins=begins,
        ends=ends,
    )
