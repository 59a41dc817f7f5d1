"""Inviting others, and seeing what became of it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from community.accounts.entering import inviting, rules
from community.accounts.entering.forms import REFUSED
from community.accounts.entering.models import Invitation
from community.accounts.forms import refuse
from community.accounts.models import Member
from community.accounts.policies import OPERATE
from community.core import i18n
from community.core.app import limiter
from community.core.db import db, utcnow
from community.core.policies import actor, allow, member_required

from . import policies
from .forms import InviteSomebodyForm

invitations = Blueprint("invitations", __name__, url_prefix="/invitations")
MOST_SHOWN = 100


@invitations.route("", methods=["GET", "POST"])
@member_required
@limiter.limit("30 per hour", methods=["POST"])
def index() -> str | Response | tuple[str, int]:
    """Whom one invited, and a form for one more."""
    allowed, form = policies.can_invite(actor()), InviteSomebodyForm()
    if request.method == "POST":
        allow(allowed)
    if form.validate_on_submit() and _sent(form):
        flash(_("We write to %(address)s.", address=form.email.data), "good")
        return redirect(url_for("invitations.index"))
    page = render_template(
        "accounts/invitations.html",
        form=form,
        allowed=allowed,
        left=policies.invitations_left(actor()),
        rows=_own(),
        now=utcnow(),
    )
    return page, 422 if form.errors else 200


def _sent(form: InviteSomebodyForm) -> bool:
    member = db.session.get_one(Member, actor().id, with_for_update={"of": Member})
    if not policies.invitations_left(actor()):
        refuse(form.email, _("You have sent as many as you may within 30 days."))
        return False
    if rules.effect_on_domain(rules.domain_of(form.email.data)) == "refuse":
        refuse(form.email, str(REFUSED["domain"]))
        return False
    inviting.invite(form.email.data, by=member, words=form.words.data or "", language=i18n.language())
    return True


def _own() -> list[Invitation]:
    wanted = select(Invitation).where(Invitation.by_id == actor().id).options(joinedload(Invitation.member))
    return list(db.session.scalars(wanted.order_by(Invitation.id.desc()).limit(MOST_SHOWN)))


@invitations.post("/<int:invitation_id>/revocation")
@member_required
def revoke(invitation_id: int) -> Response:
    """Take back one's own invitation; administrators any."""
    found = db.session.get(Invitation, invitation_id, with_for_update=True) or abort(404)
    allow(found.by_id == actor().id or actor().can(OPERATE))
    inviting.revoke(found)
    flash(_("The invitation is taken back."), "good")
    return redirect(url_for("invitations.index" if found.by_id == actor().id else "entry.index"))
