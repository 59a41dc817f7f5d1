"""Joining by an invitation."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts import operations
from community.accounts.views import begin
from community.core import email, i18n
from community.core.app import limiter
from community.core.policies import public
from community.core.web import public_url

from . import inviting, joining
from .forms import AcceptForm
from .models import Invitation

joining_pages = Blueprint("joining", __name__)


@joining_pages.route("/invited/<string:token>", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"])
def accept(token: str) -> str | Response | tuple[str, int]:
    """The link of an invitation: name and password, and one is in. Good once."""
    invitation, form = inviting.by_token(token, to_use=request.method == "POST"), AcceptForm()
    if invitation is None:
        return render_template("accounts/invited.html", form=form, invitation=None), 410
    if not (form.validate_on_submit() and form.may_go()):
        page = render_template("accounts/invited.html", form=form, invitation=invitation)
        return page, 422 if form.errors else 200
    return _join(invitation, form)


def _join(invitation: Invitation, form: AcceptForm) -> str | Response:
    try:
        member = joining.join_invited(
            invitation,
            name=form.name.data,
            password=form.password.data,
            language=i18n.language(),
            address=request.remote_addr or "",
        )
    except operations.AddressTakenError:
        return _told_of_account(invitation.email)
    begin(member)
    flash(_("Welcome, %(name)s. You are in.", name=member.name), "good")
    return redirect("/")


def _told_of_account(address: str) -> str:
    """By mail only, for whoever holds the link need not be who has the address."""
    known = operations.by_email(address)
    if known is not None:
        email.post("already-member", known.email, member=known, link=public_url(url_for("accounts.forgotten")))
    return render_template("accounts/check_mail.html", address=address)
