"""Who may do what in a space by group: a table of groups and rights, and whether others write there at all."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField

from community.accounts.words import option
from community.core.forms import PageForm
from community.core.numbers import whole_number
from community.core.policies import Actor, actor, requires
from community.core.slots import fill
from community.core.web import section
from community.groups import rights
from community.groups.models import Group, Right
from community.groups.policies import MANAGE_GROUPS
from community.groups.queries import directory
from community.groups.words import RIGHTS

from . import operations, queries
from .models import GROUPS, MEMBERS, Space

group_rights = Blueprint("group_rights", __name__)
group_rights.before_request(lambda: section("spaces.index"))

WRITERS = [
    option(MEMBERS, _l("Everybody who reads here and is signed in")),
    option(GROUPS, _l("Only groups with the right below, super users and staff")),
]


class WritersForm(PageForm):
    """Whether members write in a space by themselves, or only by their groups."""

    start_by = RadioField(_l("Who begins threads"), choices=WRITERS)
    reply_by = RadioField(_l("Who replies"), choices=WRITERS)


@dataclass(frozen=True)
class Line:
    """A group and the rights that it has."""

    group: Group
    rights: frozenset[str]


def _space(slug: str) -> Space:
    return queries.by_slug(actor(), slug) or abort(404)


@group_rights.route("/spaces/<string:slug>/manage/groups", methods=["GET", "POST"])
@requires(MANAGE_GROUPS)
def table(slug: str) -> str | Response | tuple[str, int]:
    """What each group may do in the space."""
    space = _space(slug)
    form, lines = WritersForm(obj=space), _lines(space)
    if form.validate_on_submit():
        operations.let_write(space, start_by=form.start_by.data, reply_by=form.reply_by.data, by_id=actor().id)
        among = {line.group.id for line in lines}
        rights.set_rights(space.id, _ticked(), of=among, by_id=actor().id)
        flash(_("What groups may do in %(name)s is saved.", name=space.name), "good")
        return redirect(url_for("group_rights.table", slug=slug))
    page = render_template("spaces/group_rights.html", space=space, form=form, lines=lines, words=RIGHTS)
    return page, 422 if form.errors else 200


def _lines(space: Space) -> list[Line]:
    held = rights.rights_in(space.id)
    groups = sorted((listed.group for listed in directory(actor())), key=lambda group: group.name.casefold())
    return [Line(group, frozenset(right for id_, right in held if id_ == group.id)) for group in groups]


def _ticked() -> set[tuple[int, str]]:
    """The boxes that were ticked, as "group id:right"; what is no such pair is left out."""
    parts = (each.partition(":") for each in request.form.getlist("right")[:5000])
    known = {right.value for right in Right}
    read = ((whole_number(digits), right) for digits, _colon, right in parts)
    return {(id_, right) for id_, right in read if id_ is not None and right in known}


@fill("space.manage")
def rights_card(*, space_id: int, slug: str, actor: Actor) -> str:
    """For managers of groups: which groups have rights in a space."""
    if not actor.can(MANAGE_GROUPS):
        return ""
    held = rights.rights_in(space_id)
    return render_template("spaces/group_rights_card.html", number=len({id_ for id_, _right in held}), slug=slug)
