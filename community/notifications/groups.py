"""What members are told about groups: mentions of them, invitations, requests and decisions."""

from collections.abc import Collection

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.groups.events import MembershipChanged
from community.groups.models import Group, MemberState
from community.groups.queries import owners_of, sight

from .kinds import register
from .operations import notify
from .places import Facts

register(
    "group-mention",
    _l("Somebody mentions a group of yours"),
    sentence=_l("%(name)s mentioned a group of yours"),
    why=_l("You get this mail because you belong to a group that was mentioned."),
    icon="users",
    together=lambda _news, people: ngettext(
        "%(num)s person mentioned a group of yours", "%(num)s people mentioned a group of yours", people
    ),
    group="people",
)


def _groups_seen(actor: Actor, facts: Facts) -> Collection[int]:
    """That somebody belongs to a group no longer is theirs to know; anything else while they see the group."""
    wanted = select(Group.id).where(Group.id.in_({payload["group_id"] for payload in facts.values()}), sight(actor))
    seen = set(db.session.scalars(wanted))
    return [id_ for id_, payload in facts.items() if payload["after"] == "" or payload["group_id"] in seen]


register(
    "group",
    _l("Invitations and decisions about your groups"),
    sentence=_l("About a group"),
    why=_l("You get this mail because it is about a group of yours."),
    icon="users",
    reads=_groups_seen,
    group="people",
)


@subscribe(MembershipChanged)
def tell_of_membership(event: MembershipChanged, fact: Fact) -> None:
    """Owners hear who asks; people hear that they are invited, let in, or refused."""
    group = db.session.get(Group, event.group_id)
    if group is None:
        return
    asks = event.after == MemberState.ASKED
    told = owners_of(group.id) if asks else {event.member_id} if _concerns(event) else set()
    path = url_for("groups.page", slug=group.slug)
    address = url_for("groups.index") if event.after == "" else path
    name = group.name
    notify(fact.id, "group", told, "", address, event.actor_id, render=lambda: _words(event, name))


def _concerns(event: MembershipChanged) -> bool:
    """Whether the person learns something that they did not do themselves."""
    return event.actor_id != event.member_id


def _words(event: MembershipChanged, name: str) -> str:
    """The change in words, in the present language."""
    if event.after == MemberState.ASKED:
        return _("Somebody asks to join %(group)s.", group=name)
    if event.after == MemberState.INVITED:
        return _("You are invited to join %(group)s.", group=name)
    if event.after == "owner":
        return _("You decide about %(group)s now.", group=name)
    if event.before == "owner":
        return _("You no longer decide about %(group)s.", group=name)
    if event.after == MemberState.MEMBER:
        return _("You belong to %(group)s now.", group=name)
    if event.before == MemberState.ASKED:
        return _("You cannot join %(group)s for now.", group=name)
    if event.before == MemberState.INVITED:
        return _("You are no longer invited to %(group)s.", group=name)
    return _("You no longer belong to %(group)s.", group=name)
