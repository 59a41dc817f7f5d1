"""Letters on the pages of others: one's own profile, and whom a letter could be written for."""

from flask import render_template

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import Actor
from community.core.slots import fill

from ..appointing.policies import can_run
from . import queries


@fill("profile.cards")
def on_profile(*, member_id: int, actor: Actor, **_others: object) -> str:
    """One's own letters on one's own profile; for who runs the programme the way to write one."""
    own = queries.own(actor) if actor.id == member_id else []
    writes = can_run(actor) and actor.id != member_id and queries.was_super_user(db.session.get_one(Member, member_id))
    if not own and not writes:
        return ""
    member = db.session.get_one(Member, member_id)
    return render_template("superusers/letters/card.html", own=own, writes=writes, member=member)


@fill("inner.index")
def among_super_users(*, actor: Actor) -> str:
    """One's own letters on the page for super users."""
    own = queries.own(actor)
    return render_template("superusers/letters/card.html", own=own, writes=False) if own else ""


@fill("programme.overview")
def on_programme_page(*, actor: Actor) -> str:
    """Letters that are under way, on the page of the programme."""
    if not can_run(actor):
        return ""
    return render_template("superusers/letters/overview.html", rows=queries.all_for(actor)[:5])
