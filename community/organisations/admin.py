"""Pages for managers: organisations, their domains and levels, and whose a member is."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.accounts.policies import MANAGE_MEMBERS, OPERATE
from community.core.db import db
from community.core.policies import Actor, actor, requires
from community.core.slots import fill
from community.core.web import section

from . import assigning, operations, queries
from .forms import BelongingForm, OrganisationForm
from .models import Organisation
from .policies import MANAGE_ORGANISATIONS

admin_organisations = Blueprint("admin_organisations", __name__, url_prefix="/admin")
admin_organisations.before_request(lambda: section("operating.overview"))


def _organisation(slug: str) -> Organisation:
    found: Organisation = db.first_or_404(select(Organisation).where(Organisation.slug == slug))
    return found


@admin_organisations.get("/organisations")
@requires(MANAGE_ORGANISATIONS)
def index() -> str:
    """All organisations, with how many members each has."""
    return render_template("admin/organisations.html", rows=queries.listed(), operates=actor().can(OPERATE))


@admin_organisations.route("/organisations/new", methods=["GET", "POST"])
@requires(MANAGE_ORGANISATIONS)
def new() -> str | Response | tuple[str, int]:
    """Add an organisation."""
    form = OrganisationForm()
    if form.validate_on_submit():
        made = operations.create(form.details(), by_id=actor().id)
        flash(_("%(name)s is added. Members with an address there are found in a moment.", name=made.name), "good")
        return redirect(url_for("admin_organisations.index"))
    return _page(form, None), 422 if form.errors else 200


@admin_organisations.route("/organisations/<string:slug>", methods=["GET", "POST"])
@requires(MANAGE_ORGANISATIONS)
def edit(slug: str) -> str | Response | tuple[str, int]:
    """Change an organisation."""
    organisation = _organisation(slug)
    form = OrganisationForm(organisation)
    if form.validate_on_submit():
        operations.change(organisation, form.details(), by_id=actor().id)
        flash(_("%(name)s is saved.", name=organisation.name), "good")
        return redirect(url_for("admin_organisations.index"))
    return _page(form, organisation), 422 if form.errors else 200


def _page(form: OrganisationForm, organisation: Organisation | None) -> str:
    count = select(func.count(Member.id)).where(Member.organisation_id == organisation.id) if organisation else None
    return render_template(
        "admin/organisation.html",
        form=form,
        organisation=organisation,
        members=db.session.scalar(count) if count is not None else 0,
        levels=queries.levels(),
    )


@admin_organisations.post("/organisations/<string:slug>/deletion")
@requires(MANAGE_ORGANISATIONS)
def delete(slug: str) -> Response:
    """Delete an organisation; its members stay."""
    organisation = _organisation(slug)
    name = organisation.name
    own = queries.own_threads(organisation.id)
    if own:
        text = ngettext(
            "%(num)s thread is for its people only. The organisation stays, so that nobody else reads it.",
            "%(num)s threads are for its people only. The organisation stays, so that nobody else reads them.",
            own,
        )
        flash(text, "bad")
        return redirect(url_for("admin_organisations.edit", slug=slug))
    operations.delete(organisation, by_id=actor().id)
    flash(_("%(name)s is deleted. Its members stay, without an organisation.", name=name), "good")
    return redirect(url_for("admin_organisations.index"))


@fill("admin.member")
def belonging_of(*, person: Member) -> str:
    """On a member's page of the administration: whose the member is, and a form for another choice."""
    found = queries.organisations_of([person.id]).get(person.id)
    form = BelongingForm(person, queries.everyone())
    return render_template("admin/belonging.html", person=person, organisation=found, form=form)


@admin_organisations.post("/members/<string:handle>/organisation")
@requires(MANAGE_MEMBERS)
def belong(handle: str) -> Response:
    """Choose a member's organisation, or let the address decide."""
    person: Member = db.first_or_404(select(Member).where(Member.handle == handle))
    form = BelongingForm(person, queries.everyone())
    if form.validate_on_submit():
        _place(person, form)
        flash(_("The organisation of %(name)s is saved.", name=person.name), "good")
    else:
        flash(_("Choose an organisation from the list. Nothing was changed."), "bad")
    return redirect(url_for("admin_members.member", handle=person.handle))


def _place(person: Member, form: BelongingForm) -> None:
    if form.by_address:
        assigning.let_address_decide(person, by_id=actor().id)
        return
    chosen = db.session.get(Organisation, form.chosen_id) if form.chosen_id else None
    assigning.choose(person, chosen, by_id=actor().id)


@fill("profile.cards")
def organisation_on_profile(*, member_id: int, actor: Actor) -> str:
    """On a profile: the organisation, for staff and for its own people."""
    found = queries.organisation_shown_to(actor, member_id)
    return render_template("organisations/profile.html", organisation=found) if found else ""
