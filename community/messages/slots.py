"""Messages in one's own menu, and the buttons on other people's profiles."""

from flask import render_template

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import Actor, actor
from community.core.slots import fill

from . import policies
from .models import MemberBlock


@fill("menu.own")
def in_menu(**_others: object) -> str:
    """The way to one's conversations."""
    return render_template("messages/menu.html") if actor().is_member and policies.enabled() else ""


@fill("profile.contact")
def on_profile(*, member: Member, actor: Actor, **_others: object) -> str:
    """Writing to a person, and blocking them."""
    if actor.id is None or actor.id == member.id:
        return ""
    blocked = db.session.get(MemberBlock, (actor.id, member.id)) is not None
    can_write = policies.enabled() and policies.is_reachable(member) and not blocked
    return render_template("messages/profile.html", member=member, blocked=blocked, can_write=can_write)
