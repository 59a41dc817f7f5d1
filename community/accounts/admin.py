"""Pages for managers: who is here, what they are, and whether they may sign in."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_, select, true
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from community.core import i18n
from community.core.db import db
from community.core.forms import PageForm
from community.core.jobs import enqueue
from community.core.paging import Page, page_number
from community.core.policies import Actor, Role, actor, allow, requires
from community.core.slots import fill
from community.core.web import section

from . import claiming, operations, suspending
from .forms import InviteForm, refuse
from .handlers import send_password_link
from .models import Member
from .policies import MANAGE_MEMBERS, OPERATE, can_change_role
from .words import ROLES, option

A_PAGE = 40

admin_members = Blueprint("admin_members", __name__, url_prefix="/admin/members")
admin_members.before_request(lambda: section("operating.overview"))


class RoleForm(PageForm):
    """Choosing what a member is."""

    role = SelectField(_l("Role"))


def roles_open_to(who: Actor, member: Member) -> list[SelectChoice]:
    """Roles that the actor may give to this member; nobody changes their own."""
    if who.id == member.id:
        return []
    return [option(role, label) for role, label in ROLES.items() if can_change_role(who, member.role, role)]


def can_suspend(who: Actor, member: Member) -> bool:
    """Whoever may change the member's role may suspend the account; nobody suspends themselves."""
    return who.id != member.id and can_change_role(who, member.role, Role.MEMBER)


def _matching(words: str) -> ColumnElement[bool]:
    wanted = words.strip().lower()
    if not wanted:
        return true()
    columns = func.lower(Member.name), Member.handle, Member.email
    return or_(*(column.contains(wanted, autoescape=True) for column in columns))


def search(words: str, number: int) -> Page[Member]:
    """One page of members whose name, handle or address holds the words, by name."""
    total = db.session.scalar(select(func.count(Member.id)).where(_matching(words))) or 0
    rows = db.session.scalars(
        select(Member)
        .where(_matching(words))
        .order_by(Member.name, Member.id)
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    )
    return Page(list(rows), number, A_PAGE, total)


def _member(handle: str) -> Member:
    found: Member = db.first_or_404(select(Member).where(Member.handle == handle))
    return found


@admin_members.get("")
@requires(MANAGE_MEMBERS)
def index() -> str:
    """Everybody, to be searched."""
    words = request.args.get("q", "")[:100]
    return render_template(
        "admin/members.html",
        page=search(words, page_number()),
        words=words,
        roles=ROLES,
        operates=actor().can(OPERATE),
    )


@admin_members.route("/<string:handle>", methods=["GET", "POST"])
@requires(MANAGE_MEMBERS)
def member(handle: str) -> str | Response | tuple[str, int]:
    """One member: role, standings, suspension."""
    person = _member(handle)
    form = _role_form(person)
    if request.method == "POST":
        allow(bool(form.role.choices))
    if form.validate_on_submit():
        operations.set_role(person, form.role.data, by_id=actor().id)
        flash(_("%(name)s is now: %(role)s.", name=person.name, role=ROLES[person.role]), "good")
        return redirect(url_for("admin_members.member", handle=person.handle))
    return _page(person, form), 422 if form.errors else 200


def _role_form(person: Member, *, sent: bool = True) -> RoleForm:
    values = {"role": person.role}
    form = RoleForm(data=values) if sent else RoleForm(None, data=values)
    form.role.choices = roles_open_to(actor(), person)
    return form


def _page(person: Member, form: RoleForm) -> str:
    return render_template(
        "admin/member.html", person=person, form=form, roles=ROLES, suspends=can_suspend(actor(), person)
    )


@fill("admin.member")
def unclaimed(*, person: Member) -> str:
    """On the page of an account that nobody has claimed yet: a form for the address of its person."""
    if not claiming.can_invite(actor(), person):
        return ""
    return render_template("accounts/claim.html", person=person, form=_invite_form(person))


def _invite_form(person: Member) -> InviteForm:
    """The form that was sent, with its errors, or a new one with the address that was attached before."""
    if "invite_form" not in g:
        g.invite_form = InviteForm(None, data={"email": person.email if claiming.has_address(person) else ""})
    form: InviteForm = g.invite_form
    return form


@admin_members.post("/<string:handle>/invite")
@requires(MANAGE_MEMBERS)
def invite(handle: str) -> Response | tuple[str, int]:
    """Attach an address to an account that nobody has claimed yet, and write to it."""
    person = _member(handle)
    allow(claiming.can_invite(actor(), person))
    form = g.invite_form = InviteForm()
    if form.validate_on_submit() and _attached(person, form):
        enqueue(send_password_link, address=person.email, language=i18n.language())
        flash(_("We have written to %(address)s.", address=person.email), "good")
        return redirect(url_for("admin_members.member", handle=person.handle))
    return _page(person, _role_form(person, sent=False)), 422


def _attached(person: Member, form: InviteForm) -> bool:
    try:
        claiming.attach(person, form.email.data, by_id=actor().id, anew=True)
    except claiming.AddressRefusedError as refused:
        refuse(form.email, str(refused.reason))
        return False
    return True


@admin_members.post("/<string:handle>/suspend")
@requires(MANAGE_MEMBERS)
def suspend(handle: str) -> Response:
    """End all sign-ins and admit none."""
    person = _member(handle)
    allow(can_suspend(actor(), person))
    suspending.suspend(person, by_id=actor().id)
    flash(_("%(name)s is suspended, and every sign-in has ended.", name=person.name), "good")
    return redirect(url_for("admin_members.member", handle=person.handle))


@admin_members.post("/<string:handle>/reinstate")
@requires(MANAGE_MEMBERS)
def reinstate(handle: str) -> Response:
    """Lift a suspension."""
    person = _member(handle)
    allow(can_suspend(actor(), person))
    suspending.reinstate(person, by_id=actor().id)
    flash(_("%(name)s can sign in again.", name=person.name), "good")
    return redirect(url_for("admin_members.member", handle=person.handle))
