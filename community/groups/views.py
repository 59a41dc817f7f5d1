"""Pages of groups: the directory, a group with its people, joining and leaving, and what owners decide."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from community.accounts.cards import card
from community.accounts.known import KNOWN
from community.accounts.models import Member
from community.core.db import db
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required, public, requires
from community.core.web import NavItem, add_navigation, section

from . import operations, policies, queries
from .forms import GroupForm, InvitationForm, NewGroupForm, RuledForm
from .models import Group, GroupMember, MemberState
from .policies import MANAGE_GROUPS
from .words import CALLING, JOINING, LIST_SIGHT, SIGHT, STATES

groups = Blueprint("groups", __name__, url_prefix="/groups")
groups.before_request(lambda: section("groups.index"))
add_navigation(NavItem(label=_l("Groups"), endpoint="groups.index", icon="users", order=62))


def shown(slug: str) -> tuple[Group, GroupMember | None]:
    """The group and one's own row in it; 404 where one does not see it."""
    return queries.shown(actor(), slug) or abort(404)


def run_by_actor(slug: str) -> Group:
    """A group about which the actor decides."""
    group, mine = shown(slug)
    allow(policies.can_run(actor(), mine))
    return group


def _to(group: Group) -> Response:
    return redirect(url_for("groups.page", slug=group.slug))


@groups.get("")
@public
def index() -> str:
    """The groups that one sees, one's own first."""
    listed = queries.directory(actor())
    return render_template(
        "groups/index.html", listed=listed, joining=JOINING, states=STATES, can_manage=policies.can_manage(actor())
    )


@groups.get("/<string:slug>")
@public
def page(slug: str) -> str:
    """A group: what it is for, who is in it, and what one can do."""
    group, mine = shown(slug)
    return _page(group, mine, InvitationForm())


def _page(group: Group, mine: GroupMember | None, form: InvitationForm) -> str:
    who, runs = actor(), policies.can_run(actor(), mine)
    sees = policies.can_see_members(who, group, mine)
    people = queries.members_page(group, page_number()) if sees else None
    if people is not None and page_number() > people.pages:
        abort(404)
    return render_template(
        "groups/page.html",
        group=group,
        mine=mine,
        form=form,
        may=policies,
        runs=runs,
        people=people,
        size=people.total if people else queries.size_of(group),
        asked=queries.waiting(group, MemberState.ASKED) if runs else [],
        invited=queries.waiting(group, MemberState.INVITED) if runs else [],
        card=card,
        words={"joining": JOINING, "sight": SIGHT, "list": LIST_SIGHT, "calling": CALLING, "states": STATES},
    )


@groups.post("/<string:slug>/membership")
@member_required
def join(slug: str) -> Response:
    """Join, ask to, or accept an invitation: whichever the group lets one do."""
    group, _seen = shown(slug)
    mine = operations.membership(group.id, actor().id, lock=True)  # an invitation may be taken back at this moment
    at_once = policies.can_join(actor(), group, mine)
    allow(at_once or policies.can_ask(actor(), group, mine))
    state = MemberState.MEMBER if at_once else MemberState.ASKED
    operations.enter(group, actor().id or 0, state, by_id=actor().id)
    said = _("You belong to %(name)s now.") if at_once else _("You asked to join %(name)s. Its owners decide.")
    flash(said % {"name": group.name}, "good")
    return _to(group)


@groups.post("/<string:slug>/leaving")
@member_required
def leave(slug: str) -> Response:
    """Leave, take a request back, or decline an invitation."""
    group, mine = shown(slug)
    allow(policies.can_leave(actor(), mine))
    if mine is not None:
        flash(_left(mine) % {"name": group.name}, "good")
        operations.leave(group, mine, by_id=actor().id)
    return redirect(url_for("groups.index"))


def _left(mine: GroupMember) -> str:
    """What one did, which depends on how far one had come."""
    if mine.state == MemberState.ASKED:
        return _("Your request to join %(name)s is taken back.")
    if mine.state == MemberState.INVITED:
        return _("You declined the invitation to %(name)s.")
    return _("You do not belong to %(name)s any more.")


@groups.post("/<string:slug>/invitations")
@member_required
def invite(slug: str) -> Response | tuple[str, int]:
    """Invite somebody; whoever had asked comes in at once."""
    group, form = run_by_actor(slug), InvitationForm()
    person = _person((form.person.data or "").lstrip("@")) if form.validate_on_submit() else None
    if person is None:
        if not form.errors:
            form.person.errors = (_("Nobody has this name. Enter it as in @name."),)
        return _page(*shown(slug), form), 422
    if operations.enter(group, person.id, MemberState.INVITED, by_id=actor().id):
        flash(_("%(name)s is invited.", name=person.name), "good")
    else:
        flash(_("%(name)s is a member or invited already.", name=person.name))
    return _to(group)


def _person(handle: str) -> Member | None:
    return db.session.scalar(
        select(Member).where(Member.handle == handle.lower(), Member.suspended_at.is_(None), KNOWN)
    )


@groups.post("/<string:slug>/people/<string:handle>/<any(accept, refuse, remove, promote, demote):verb>")
@member_required
def decide(slug: str, handle: str, verb: str) -> Response:
    """Decide a request, take somebody out, make somebody an owner or no longer."""
    group = run_by_actor(slug)
    person = db.first_or_404(select(Member).where(Member.handle == handle))
    held = operations.membership(group.id, person.id, lock=True) or abort(404)
    allow(held.belongs if verb in ("promote", "demote") else not (held.belongs and held.automatic))
    if verb == "accept":
        allow(held.state == MemberState.ASKED)
        operations.enter(group, person.id, MemberState.MEMBER, by_id=actor().id)
    elif verb in ("promote", "demote"):
        operations.set_owner(group, held, owner=verb == "promote", by_id=actor().id)
    else:
        operations.leave(group, held, by_id=actor().id)
    flash(_("Done: %(name)s.", name=person.name), "good")
    return _to(group)


@groups.route("/new", methods=["GET", "POST"])
@requires(MANAGE_GROUPS)
def new() -> str | Response | tuple[str, int]:
    """Make a group; whoever makes it is its first owner."""
    form = NewGroupForm()
    if form.validate_on_submit():
        group = operations.create(form.slug.data, form.details(), by_id=actor().id)
        operations.enter(group, actor().id or 0, MemberState.MEMBER, by_id=actor().id)
        held = operations.membership(group.id, actor().id)
        if held is not None:
            operations.set_owner(group, held, owner=True, by_id=actor().id)
        flash(_("%(name)s is made.", name=group.name), "good")
        return _to(group)
    return render_template("groups/edit.html", form=form, group=None), 422 if form.errors else 200


@groups.route("/<string:slug>/edit", methods=["GET", "POST"])
@member_required
def edit(slug: str) -> str | Response | tuple[str, int]:
    """Change a group; its rules are for managers."""
    group = run_by_actor(slug)
    form = RuledForm(group) if policies.can_manage(actor()) else GroupForm(group)
    if form.validate_on_submit():
        operations.change(group, form.details(), by_id=actor().id)
        flash(_("%(name)s is saved.", name=group.name), "good")
        return _to(group)
    return render_template("groups/edit.html", form=form, group=group), 422 if form.errors else 200


@groups.post("/<string:slug>/deletion")
@requires(MANAGE_GROUPS)
def delete(slug: str) -> Response:
    """Delete a group, and what spaces allowed it."""
    group, _mine = shown(slug)
    name = group.name
    operations.delete(group, by_id=actor().id)
    flash(_("%(name)s is deleted.", name=name), "good")
    return redirect(url_for("groups.index"))
