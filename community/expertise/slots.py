"""What people know, on their profiles and on the pages of tags."""

from flask import render_template

from community.accounts.models import Member
from community.core.policies import Actor
from community.core.slots import fill
from community.forum.lists import queries as lists

from . import policies, queries

lists.know_too(queries.named_by)


@fill("profile.expertise")
def on_profile(*, member: Member, actor: Actor, **_others: object) -> str:
    """The tags that a person knows, and the buttons to agree."""
    known = queries.known_by(member, actor)
    own = actor.id == member.id
    if not known and not own:
        return ""
    can_endorse = policies.can_endorse(actor, member)
    return render_template("expertise/profile.html", member=member, known=known, own=own, can_endorse=can_endorse)


@fill("tag.people")
def on_tag(*, tag: str, **_others: object) -> str:
    """A few people who know a tag."""
    people = queries.people_who_know(tag)
    return render_template("expertise/tag.html", people=people, tag=tag) if people else ""
