"""The page of whoever looks after a space: how each part of it is set now, and the way to change it.

Other packages add their parts by filling the slots `space.health`, `space.promise` and `space.manage`. They get
`space_id`, `slug` and `actor`, who may oversee the space, and draw cards with `components/setting.html`.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from community.accounts import operations as accounts
from community.accounts.models import Grant
from community.accounts.policies import MANAGE_MEMBERS
from community.core.db import db
from community.core.i18n import LANGUAGES
from community.core.policies import actor, allow, requires
from community.core.web import section

from . import queries, roles
from .models import Space
from .policies import OVERSEE_SPACES, can_manage, can_oversee
from .views import RUN_BY

managing = Blueprint("managing", __name__)
managing.before_request(lambda: section("spaces.index"))


def _space(slug: str) -> Space:
    space = queries.by_slug(actor(), slug) or abort(404)
    allow(can_oversee(actor(), space))
    return space


@managing.get("/spaces/<string:slug>/manage")
@requires(OVERSEE_SPACES)
def overview(slug: str) -> str:
    """All parts of a space in one place."""
    space = _space(slug)
    return render_template(
        "spaces/manage.html",
        space=space,
        run_by=RUN_BY,
        languages=LANGUAGES,
        held=[held for held in roles.held_in(space) if not held.over],
        changes=can_manage(actor(), space),
        appoints=actor().can(MANAGE_MEMBERS),
    )


@managing.route("/spaces/<string:slug>/manage/roles", methods=["GET", "POST"])
@requires(OVERSEE_SPACES)
def people(slug: str) -> str | Response | tuple[str, int]:
    """Who has a role in the space, and until when; managers appoint others."""
    space, form = _space(slug), roles.RoleForm()
    if request.method == "POST":
        allow(actor().can(MANAGE_MEMBERS))
    if form.validate_on_submit():
        person = form.appoint(space, by_id=actor().id)
        flash(_("%(name)s has the role now.", name=person.name), "good")
        return redirect(url_for("managing.people", slug=slug))
    page = render_template(
        "spaces/roles.html", space=space, held=roles.held_in(space), form=form, appoints=actor().can(MANAGE_MEMBERS)
    )
    return page, 422 if form.errors else 200


@managing.post("/spaces/<string:slug>/manage/roles/<int:grant_id>/end")
@requires(MANAGE_MEMBERS)
def end_role(slug: str, grant_id: int) -> Response:
    """End a role in this space."""
    space = _space(slug)
    wanted = select(Grant).where(Grant.id == grant_id, Grant.space_id == space.id).options(joinedload(Grant.member))
    held = db.first_or_404(wanted)
    person = held.member
    accounts.revoke(person, held.kind, space.id, by_id=actor().id)
    flash(_("%(name)s no longer has the role.", name=person.name), "good")
    return redirect(url_for("managing.people", slug=slug))
