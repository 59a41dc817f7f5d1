"""Pages and verbs for blocking people."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.cards import card
from community.accounts.known import person_called
from community.accounts.models import Member
from community.core.policies import actor, allow, member_required
from community.core.web import safe_next

from . import blocking

blocking_pages = Blueprint("blocking", __name__)


def _person(handle: str) -> Member:
    return person_called(handle, actor()) or abort(404)


@blocking_pages.get("/blocked")
@member_required
def index() -> str:
    """Whom one blocked. Nobody else sees this."""
    rows = [(row, card(row.blocked)) for row in blocking.list_of(actor().id)]
    return render_template("messages/blocked.html", rows=rows)


@blocking_pages.post("/people/<string:handle>/block")
@member_required
def block(handle: str) -> Response:
    """Want no direct contact from a person."""
    member = _person(handle)
    allow(member.id != actor().id)
    blocking.block(actor().id or 0, member.id)
    flash(_("You blocked %(name)s: no messages, and no news of mentions. They are not told.", name=member.name), "good")
    return redirect(safe_next(request.form.get("next") or url_for("accounts.profile", handle=handle)))


@blocking_pages.post("/people/<string:handle>/unblock")
@member_required
def unblock(handle: str) -> Response:
    """Let a person write to one again."""
    member = _person(handle)
    blocking.unblock(actor().id or 0, member.id)
    flash(_("%(name)s can write to you again.", name=member.name), "good")
    return redirect(safe_next(request.form.get("next") or url_for("accounts.profile", handle=handle)))
