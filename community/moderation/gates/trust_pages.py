"""Who is trusted in a space, since when and by whom; and trusting them no more."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import db
from community.core.policies import actor, allow, requires
from community.core.web import section
from community.spaces.models import Space
from community.spaces.policies import OVERSEE_SPACES, can_oversee
from community.spaces.queries import by_slug

from ..policies import REVIEW
from . import trusting
from .forms import WithdrawForm
from .models import TrustedWriter

trust_pages = Blueprint("trust", __name__)


def _space(slug: str) -> Space:
    section("spaces.index")
    return by_slug(actor(), slug) or abort(404)


@trust_pages.get("/spaces/<string:slug>/manage/trusted-writers")
@requires(OVERSEE_SPACES)
def writers(slug: str) -> str:
    """Whose first words are looked at no more here, and from whom that was taken lately."""
    space = _space(slug)
    allow(can_oversee(actor(), space))
    return render_template(
        "moderation/trusted.html",
        space=space,
        rows=trusting.trusted_in(space.id),
        ended=trusting.ended_in(space.id),
        withdraws=actor().can(REVIEW, space_id=space.id),
    )


@trust_pages.route("/spaces/<string:slug>/manage/trusted-writers/<int:member_id>/withdrawal", methods=["GET", "POST"])
@requires(REVIEW)
def withdraw(slug: str, member_id: int) -> str | Response | tuple[str, int]:
    """Trust somebody no more, for a reason that stays on the record."""
    space, form = _space(slug), WithdrawForm()
    allow(actor().can(REVIEW, space_id=space.id) and member_id != actor().id)
    row = db.session.get(TrustedWriter, (member_id, space.id)) or abort(404)
    if not form.validate_on_submit():
        page = render_template("moderation/trust_withdrawal.html", space=space, row=row, form=form)
        return page, 422 if form.errors else 200
    name = row.member.name
    trusting.withdraw(member_id, space.id, by_id=actor().id or 0, reason=form.reason.data)
    flash(_("Done. What %(name)s writes here is looked at again as of everybody.", name=name), "good")
    return redirect(url_for("trust.writers", slug=slug))
