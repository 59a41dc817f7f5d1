"""The directory, one's own expertise, and endorsements."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts.known import person_called
from community.accounts.models import Member
from community.core.app import limiter
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required, public
from community.core.web import NavItem, add_navigation, section

from . import answers as answered
from . import directory, operations, policies, queries
from .forms import ExpertiseForm

expertise = Blueprint("expertise", __name__)
add_navigation(NavItem(label=_l("People"), endpoint="expertise.people", icon="people", order=70))


@expertise.get("/people")
@public
def people() -> str:
    """Who is here, searched by name and by what they know."""
    asked = directory.asked(request.args)
    page = directory.people(asked, page_number())
    if page.number > page.pages:
        abort(404)
    return render_template("expertise/people.html", page=page, asked=asked, who=directory.WHO, orders=directory.ORDERS)


@expertise.get("/people/<string:handle>/answers")
@public
def answers(handle: str) -> str:
    """What somebody answered."""
    section("expertise.people")
    member = person_called(handle, actor()) or abort(404)
    page = answered.answers_of(member.id, actor(), page_number())
    if page.number > page.pages:
        abort(404)
    return render_template("expertise/answers.html", member=member, page=page)


@expertise.route("/preferences/expertise", methods=["GET", "POST"])
@member_required
def edit() -> str | Response | tuple[str, int]:
    """Say what one can be asked about."""
    me = actor()
    form = ExpertiseForm(data={"tags": " ".join(queries.tags_of(me.id or 0))})
    if form.validate_on_submit():
        operations.name_tags(me.id or 0, form.names)
        flash(_("Your expertise is saved."), "good")
        return redirect(url_for("accounts.profile", handle=me.handle))
    return render_template("expertise/edit.html", form=form), 422 if form.errors else 200


def _endorsable(handle: str) -> tuple[Member, str]:
    member = person_called(handle, actor()) or abort(404)
    tag = request.form.get("tag", "")[:40]
    allow(policies.can_endorse(actor(), member) and queries.knows(member.id, tag))
    return member, tag


def _back(member: Member) -> Response:
    return redirect(url_for("accounts.profile", handle=member.handle, _anchor="expertise"))


@expertise.post("/people/<string:handle>/endorsements")
@member_required
@limiter.limit("200 per hour")
def endorse(handle: str) -> Response:
    """Agree that somebody knows a tag; sent twice it is the same."""
    member, tag = _endorsable(handle)
    operations.endorse(member.id, tag, by_id=actor().id or 0)
    return _back(member)


@expertise.post("/people/<string:handle>/endorsements/withdrawal")
@member_required
def withdraw(handle: str) -> Response:
    """No longer agree; sent twice it is the same."""
    member, tag = _endorsable(handle)
    operations.withdraw(member.id, tag, by_id=actor().id or 0)
    return _back(member)
