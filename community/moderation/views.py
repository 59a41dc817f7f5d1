"""Flagging, and what the person concerned sees of a measure and may say against it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.forms import refuse
from community.core.app import limiter
from community.core.policies import actor, allow, member_required, public

from . import appeal_links, appeals, flagging, measures, on_votes, people, policies, queries, targets
from .flagging import FlaggingError
from .forms import AppealForm, EndForm, FlagForm
from .models import Measure
from .rules import APPEAL_WITHIN, REASONS
from .targets import Target

moderation = Blueprint("moderation", __name__)


def _readable(kind: str, target_id: int) -> Target:
    return targets.find(actor(), kind, target_id) or abort(404)


@moderation.route("/flags/<string:kind>/<int:target_id>", methods=["GET", "POST"])
@member_required
@limiter.limit("60 per hour", methods=["POST"])
def flag(kind: str, target_id: int) -> str | Response | tuple[str, int]:
    """Report something that is not right, to those who decide."""
    target = _readable(kind, target_id)
    allow(policies.can_flag(actor(), target))
    form, own = FlagForm().offer(), queries.own_flag(actor(), kind, target_id)
    if own is None and form.validate_on_submit() and _flagged(form, target):
        flash(_("Thank you. Somebody looks at it, and you are told what came of it."), "good")
        return redirect(target.address if targets.find(actor(), kind, target_id) else "/")
    status = 422 if form.errors else 200
    return render_template("moderation/flag.html", form=form, target=target, own=own, reasons=REASONS), status


def _flagged(form: FlagForm, target: Target) -> bool:
    try:
        flagging.flag(actor(), target, reason=form.reason.data, note=form.note.data or "")
    except FlaggingError as error:
        said = {
            "again": _("It was decided a short while ago. It can be reported again after a day."),
            "limit": _("You reported as much as one person can in a day. For what cannot wait, write to the staff."),
        }
        refuse(form.reason, said[error.why])
        return False
    return True


@moderation.post("/flags/<string:kind>/<int:target_id>/withdrawal")
@member_required
def withdraw(kind: str, target_id: int) -> Response:
    """Take one's report back while nobody decided on it."""
    target = _readable(kind, target_id)
    own = queries.own_flag(actor(), kind, target_id) or abort(404)
    flagging.withdraw(own, by_id=actor().id or 0)
    flash(_("Your report is taken back."), "good")
    return redirect(target.address)


def _measure(measure_id: int) -> Measure:
    return queries.measure_for(actor(), measure_id) or abort(404)


@moderation.get("/measures/<int:measure_id>")
@member_required
def measure(measure_id: int) -> str:
    """What was done, by which rule, until when, and how to ask for a second look."""
    return _shown(_measure(measure_id), AppealForm())


def _shown(found: Measure, form: AppealForm, token: str = "") -> str:
    """As the person concerned sees it, or a moderator; with a token the person came by a letter."""
    mine = bool(token) or actor().id == found.member_id
    to = "moderation.appeal_by_link" if token else "moderation.appeal"
    return render_template(
        "moderation/measure.html",
        measure=found,
        kind=measures.measure_kind(found.kind),
        mine=mine,
        form=form,
        to=url_for(to, token=token) if token else url_for(to, measure_id=found.id),
        can_appeal=mine and appeals.can_appeal(found.member_id, found),
        until_appeal=found.at + APPEAL_WITHIN,
        may_change=people.may_change(actor(), found),
        others=on_votes.others_in(found),
        can_give_back=not mine and on_votes.can_give_back(actor(), found),
        end=EndForm(),
    )


@moderation.route("/measures/appeal/<string:token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def appeal_by_link(token: str) -> str | Response | tuple[str, int]:
    """The measure of a letter, and the second look, for people who cannot sign in. It signs nobody in."""
    found, form = appeal_links.measure_of(token) or abort(404), AppealForm()
    if request.method == "POST":
        allow(appeals.can_appeal(found.member_id, found))
        if form.validate():
            appeals.appeal(found, member_id=found.member_id or 0, words=form.words.data)
            flash(_("Somebody else looks at it. You are told what they decide."), "good")
            return redirect(url_for("moderation.appeal_by_link", token=token))
    return _shown(found, form, token), 422 if form.errors else 200


@moderation.post("/measures/<int:measure_id>/appeal")
@member_required
def appeal(measure_id: int) -> Response | tuple[str, int]:
    """Ask somebody else to look again."""
    found, form = _measure(measure_id), AppealForm()
    allow(appeals.can_appeal(actor().id, found))
    if not form.validate_on_submit():
        return _shown(found, form), 422
    appeals.appeal(found, member_id=actor().id or 0, words=form.words.data)
    flash(_("Somebody else looks at it. You are told what they decide."), "good")
    return redirect(url_for("moderation.measure", measure_id=found.id))


@moderation.get("/measures")
@member_required
def own_measures() -> str:
    """Everything that was done to what one wrote, or to oneself."""
    return render_template("moderation/own.html", found=queries.measures_against(actor().id or 0))
