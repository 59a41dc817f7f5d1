"""Pages for managers: spaces, and who holds a standing in them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from community.accounts import operations as account_operations
from community.accounts.models import Grant, Member
from community.accounts.policies import MANAGE_MEMBERS, OPERATE
from community.core.db import db
from community.core.policies import actor, allow, requires
from community.core.slots import fill
from community.core.web import section

from . import operations, queries
from .forms import SpaceForm, StandingForm
from .models import Space
from .policies import MANAGE_SPACES, can_manage
from .roles import ROLES
from .views import RUN_BY

admin_spaces = Blueprint("admin_spaces", __name__, url_prefix="/admin")
admin_spaces.before_request(lambda: section("operating.overview"))


def _space(slug: str) -> Space:
    space: Space = db.first_or_404(select(Space).where(Space.slug == slug))
    allow(can_manage(actor(), space))
    return space


@admin_spaces.get("/spaces")
@requires(MANAGE_SPACES)
def index() -> str:
    """All spaces."""
    return render_template(
        "admin/spaces.html",
        spaces=[space for space in queries.all_visible_to(actor()) if can_manage(actor(), space)],
        run_by=RUN_BY,
        operates=actor().can(OPERATE),
    )


@admin_spaces.route("/spaces/new", methods=["GET", "POST"])
@requires(MANAGE_SPACES)
def new() -> str | Response | tuple[str, int]:
    """Open a space."""
    allow(can_manage(actor()))
    form = SpaceForm()
    if form.validate_on_submit():
        space = operations.create_space(form.details(), by_id=actor().id)
        flash(_("The space %(name)s is open.", name=space.name), "good")
        return redirect(url_for("admin_spaces.edit", slug=space.slug))
    return render_template("admin/space.html", form=form, space=None), 422 if form.errors else 200


@admin_spaces.route("/spaces/<string:slug>", methods=["GET", "POST"])
@requires(MANAGE_SPACES)
def edit(slug: str) -> str | Response | tuple[str, int]:
    """Change a space."""
    space = _space(slug)
    form = SpaceForm(space)
    if form.validate_on_submit():
        operations.change_space(space, form.details(), by_id=actor().id)
        flash(_("The space %(name)s is saved.", name=space.name), "good")
        return redirect(url_for("admin_spaces.edit", slug=space.slug))
    page = render_template("admin/space.html", form=form, space=space)
    return page, 422 if form.errors else 200


def _standing_form() -> StandingForm:
    form = StandingForm()
    form.space_id.choices = [SelectChoice(str(space.id), space.name) for space in queries.all_visible_to(actor())]
    return form


@fill("admin.member")
def standings_of(*, person: Member) -> str:
    """On a member's page of the administration: standings within spaces, and a form for another."""
    rows = db.session.execute(
        select(Grant, Space)
        .join(Space, Space.id == Grant.space_id)
        .where(Grant.member_id == person.id)
        .order_by(Space.name, Grant.kind)
    ).all()
    form = _standing_form()
    return render_template("admin/standings.html", person=person, rows=rows, form=form, standings=ROLES)


@admin_spaces.post("/members/<string:handle>/standings")
@requires(MANAGE_MEMBERS)
def appoint(handle: str) -> Response:
    """Let a member into a members-only space."""
    person = db.first_or_404(select(Member).where(Member.handle == handle))
    form = _standing_form()
    if form.validate_on_submit():
        account_operations.grant(person, form.kind.data, form.space_id.data, by_id=actor().id)
        flash(_("%(name)s has the role now.", name=person.name), "good")
    else:
        flash(_("Choose a space and a role. Nothing was changed."), "bad")
    return redirect(url_for("admin_members.member", handle=person.handle))


@admin_spaces.post("/standings/<int:grant_id>/end")
@requires(MANAGE_MEMBERS)
def withdraw(grant_id: int) -> Response:
    """End a standing."""
    held = db.first_or_404(select(Grant).where(Grant.id == grant_id).options(joinedload(Grant.member)))
    person: Member = held.member
    account_operations.revoke(person, held.kind, held.space_id, by_id=actor().id)
    flash(_("%(name)s no longer has the role.", name=person.name), "good")
    return redirect(url_for("admin_members.member", handle=person.handle))
