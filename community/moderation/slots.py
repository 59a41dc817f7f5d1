"""The ways to moderation: from profiles, and from messages that somebody reads."""

from flask import render_template

from community.accounts.models import Member
from community.core.policies import Actor
from community.core.slots import fill

from . import people, policies, targets


@fill("profile.contact")
def on_profile(*, member: Member, actor: Actor, **_others: object) -> str:
    """Reporting a profile; for moderators what was done so far."""
    if actor.id is None or actor.id == member.id:
        return ""
    target = targets.find(actor, "member", member.id)
    return render_template(
        "moderation/profile.html",
        member=member,
        can_flag=target is not None and policies.can_flag(actor, target),
        moderates=people.member_for(actor, member.handle) is not None,
    )


@fill("message.actions")
def on_message(*, message_id: int, author_id: int, actor: Actor, **_others: object) -> str:
    """Reporting a message."""
    if actor.id is None or actor.id == author_id:
        return ""
    return render_template("moderation/report_link.html", kind="message", target_id=message_id)
