"""Facts that decide who belongs to automatic groups. Safe to run twice, in any order."""

from sqlalchemy import delete

from community.accounts.events import MemberConfirmed, MemberRegistered, RoleChanged, TermChanged
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.jobs import enqueue
from community.organisations.events import MembersAssigned, OrganisationDeleted

from .events import GroupChanged, GroupCreated, GroupEvent
from .models import GroupRule, RuleKind
from .settling import settle_group, settle_members


@subscribe(MemberRegistered)
def settle_known(event: MemberRegistered, _fact: Fact) -> None:
    """An account that an operator makes is confirmed from the beginning."""
    settle_members([event.member_id])


@subscribe(MemberConfirmed)
def settle_confirmed(event: MemberConfirmed, _fact: Fact) -> None:
    """The address is known to be the member's own."""
    settle_members([event.member_id])


@subscribe(RoleChanged)
def settle_role(event: RoleChanged, _fact: Fact) -> None:
    """The role is another one, or a standing within a space."""
    settle_members([event.member_id])


@subscribe(TermChanged)
def settle_term(event: TermChanged, _fact: Fact) -> None:
    """A standing within a space ends earlier or later."""
    settle_members([event.member_id])


@subscribe(MembersAssigned)
def settle_assigned(event: MembersAssigned, _fact: Fact) -> None:
    """Members belong to another organisation now."""
    settle_members(event.member_ids)


@subscribe(OrganisationDeleted)
def settle_left(event: OrganisationDeleted, _fact: Fact) -> None:
    """Members belong to none now, and no rule means them."""
    gone = GroupRule.kind == RuleKind.ORGANISATION.value, GroupRule.value == str(event.organisation_id)
    db.session.execute(delete(GroupRule).where(*gone))
    settle_members(event.member_ids)


@subscribe(GroupCreated, GroupChanged)
def settle_changed(event: GroupEvent, _fact: Fact) -> None:
    """Rules are others now."""
    if not isinstance(event, GroupChanged) or {"rules", "joining"} & set(event.changed):
        enqueue(settle_group, group_id=event.group_id)
