"""Who may do what with tags."""

from flask import current_app

from community.core.policies import Actor, Role, declare
from community.forum import standing

EDIT_TAGS = declare("tags.edit", Role.SUPER_USER, Role.MANAGER)
MERGE_TAGS = declare("tags.merge", Role.MANAGER)
GIVE_RESERVED = declare("tags.give_reserved", Role.SUPER_USER, Role.AGENT, Role.MANAGER)


def can_edit(actor: Actor) -> bool:
    """Super users write what is said of tags, whichever space they lead, for tags belong to all spaces."""
    return actor.can_somewhere(EDIT_TAGS)


def can_merge(actor: Actor) -> bool:
    """Managers say which tags are one, for it changes threads of all spaces."""
    return actor.can(MERGE_TAGS)


def can_give_reserved(actor: Actor, space_id: int) -> bool:
    """Reserved tags of a space are given by its super users and by staff."""
    return actor.can(GIVE_RESERVED, space_id=space_id)


def can_create(actor: Actor, *, known: bool | None = None) -> bool:
    """Who may give a tag that nobody gave before, as the installation is set. `known` says standing, if it is known."""
    wanted = current_app.config["NEW_TAGS"]
    if wanted == "staff":
        return actor.is_staff or bool(actor.leads_in)
    if wanted == "standing":
        return standing.holds(actor) if known is None else known
    return actor.is_member
