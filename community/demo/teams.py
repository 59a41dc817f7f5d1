"""The groups of the demo world: who is in them, what spaces allow them, and what they are asked."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from community.core.db import db
from community.forum import operations as forum
from community.forum.models import Thread
from community.groups import operations, rights
from community.groups.models import MemberState
from community.mentions.models import GroupMention, Handling
from community.mentions.operations import handle, note

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _group(world: World, told: Told) -> None:
    details = operations.GroupDetails(
        name=told["name"],
        description=told["description"],
        joining=told["joining"],
        visibility=told.get("visibility", "everybody"),
        list_visibility=told.get("list_visibility", "everybody"),
        mentionable=told.get("mentionable", "everybody"),
        rules=frozenset(_rule(world, *each) for each in told.get("rules", ())),
    )
    group = operations.create(told["slug"], details, by_id=world.members[told["by"]])
    people = [("members", MemberState.MEMBER), ("asked", MemberState.ASKED), ("invited", MemberState.INVITED)]
    for key, state in people:
        for handle_ in told.get(key, ()):
            operations.enter(group, world.members[handle_], state, by_id=world.members[handle_])
    for handle_ in told.get("owners", ()):
        held = operations.membership(group.id, world.members[handle_])
        if held is not None:
            operations.set_owner(group, held, owner=True, by_id=world.members[told["by"]])
    for slug, allowed in told.get("rights", {}).items():
        wanted = {(group.id, right) for right in allowed}
        rights.set_rights(world.spaces[slug], wanted, of=[group.id], by_id=world.members[told["by"]])


def _rule(world: World, kind: str, value: str) -> tuple[str, str]:
    known = {"super_user": world.spaces, "organisation": world.organisations}.get(kind)
    return kind, str(known[value]) if known else value


def _call(world: World, told: Told) -> None:
    """A reply that mentions groups, and what one of them made of it."""
    thread = db.session.get_one(Thread, world.threads[told["thread"]])
    by_id = world.members[told["by"]]
    post = forum.reply(thread, author_id=by_id, body=told["body"].strip())
    db.session.flush()
    note(post, told["groups"], by_id)
    if "taken_by" in told:
        mention = db.session.scalars(select(GroupMention).where(GroupMention.post_id == post.id)).first()
        if mention is not None:
            handle(mention, Handling(told.get("state", "taken")), by_id=world.members[told["taken_by"]])


STEPS: dict[str, Step] = {"group": _group, "call_group": _call}
