"""Setting votes between two people aside by hand, and giving all of them back."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from community.accounts.forms import refuse
from community.accounts.known import person_called
from community.accounts.models import Member
from community.core.policies import actor, allow, requires

from . import on_votes, people, policies, queries
from .between import between
from .forms import OtherForm, VoidForm

about_votes = Blueprint("about_votes", __name__)


def _other(form: OtherForm, member: Member) -> Member | None:
    """Whom the line names; the reader is told where that is nobody whose votes they may decide about."""
    if not form.other.data or not form.validate():
        return None
    found = person_called(form.other.data, actor())
    if found is None:
        refuse(form.other, _("Nobody here has this handle."))
    elif found.id == member.id:
        refuse(form.other, _("Name somebody else: people do not vote for themselves."))
    elif found.id == actor().id:
        refuse(form.other, _("Somebody else decides about votes that you gave or got."))
    else:
        return found
    return None


@about_votes.route("/people/<string:handle>/votes", methods=["GET", "POST"])
@requires(policies.VOID_VOTES)
def pair(handle: str) -> str | Response | tuple[str, int]:
    """The votes between two people, both ways, and setting them aside."""
    member = people.member_for(actor(), handle) or abort(404)
    naming, form = OtherForm(request.args), VoidForm()
    other = _other(naming, member)
    if form.is_submitted():
        allow(other is not None)
    if other is not None and form.validate_on_submit():
        return _done(member, other, form)
    found = between(actor(), member, other) if other else None
    page = render_template("moderation/votes.html", member=member, naming=naming, form=form, found=found)
    return page, 422 if form.errors or naming.errors else 200


def _done(member: Member, other: Member, form: VoidForm) -> Response:
    taken = on_votes.void_pair(member.id, other.id, by_id=actor().id or 0, words=form.words.data)
    if not taken:
        flash(_("No votes between them count any more. Nothing was done twice."), "wait")
        return redirect(url_for("about_votes.pair", handle=member.handle, other=other.handle))
    number = on_votes.number_aside(taken[0])
    flash(
        ngettext("%(num)s vote is set aside.", "%(num)s votes are set aside.", number)
        + " "
        + _("Both are told why, and how to ask for a second look."),
        "good",
    )
    return redirect(url_for("moderation.measure", measure_id=taken[0].id))


@about_votes.post("/measures/<int:measure_id>/votes/undoing")
@requires(policies.VOID_VOTES)
def undo(measure_id: int) -> Response:
    """Give all of it back, to everybody concerned."""
    found = queries.measure_for(actor(), measure_id) or abort(404)
    allow(on_votes.can_give_back(actor(), found))
    done = on_votes.give_back(found, by_id=actor().id or 0)
    said = _("All these votes count again, as they did before.") if done else _("It was taken back meanwhile.")
    flash(said, "good" if done else "wait")
    return redirect(url_for("moderation.measure", measure_id=found.id))
