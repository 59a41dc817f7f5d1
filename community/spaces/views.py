"""Pages about spaces."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import load_only

from community.accounts.availability import takes_part
from community.accounts.cards import PersonCard, card
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import UtcDateTime, db, utcnow
from community.core.policies import actor, public
from community.core.web import NavItem, add_navigation

from . import queries
from .models import Space
from .policies import can_oversee

spaces = Blueprint("spaces", __name__)
add_navigation(NavItem(label=_l("Spaces"), endpoint="spaces.index", icon="spaces", order=10))

RUN_BY = {
    "provider": _l("Run by the provider"),
    "customer": _l("Run by the customer"),
    "user": _l("Run by its users"),
}


@dataclass(frozen=True)
class Around:
    """Who is there for a space: its super users, drawn with their ring, and their ids."""

    super_users: list[PersonCard]
    ids: frozenset[int]


_SUPER_USERS = (
    select(Member)
    .join(Grant, Grant.member_id == Member.id)
    .where(
        Grant.space_id == bindparam("space_id"),
        Grant.kind == SUPER_USER,
        or_(Grant.until.is_(None), Grant.until > bindparam("now", type_=UtcDateTime())),
    )
    .order_by(Member.name)
    .options(
        load_only(
            Member.handle, Member.name, Member.avatar_key, Member.role, Member.suspended_at, Member.silenced_until
        )
    )
)


def around(space: Space) -> Around:
    """The super users of a space, by name, without those who can do nothing for others now."""
    now = utcnow()
    found = list(db.session.scalars(_SUPER_USERS, {"space_id": space.id, "now": now}))
    ringed = frozenset(member.id for member in found)
    return Around([card(member, ringed) for member in found if takes_part(member, now)], ringed)


@spaces.get("/spaces")
@public
def index() -> str:
    """All spaces that the reader may read."""
    return render_template("spaces/index.html", spaces=queries.all_visible_to(actor()), run_by=RUN_BY)


@spaces.get("/spaces/<string:slug>/about")
@public
def about(slug: str) -> str:
    """What a space is for: its charter, its promise, and its people."""
    space = queries.by_slug(actor(), slug)
    if space is None:
        abort(404)
    return render_template(
        "spaces/about.html",
        space=space,
        run_by=RUN_BY,
        around=around(space),
        can_oversee=can_oversee(actor(), space),
    )
