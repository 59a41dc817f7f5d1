"""Facts that decide whose members are. Safe to run twice, in any order."""

from community.accounts.events import MemberConfirmed, MemberRegistered
from community.core.events import Fact, subscribe
from community.core.jobs import enqueue

from .assigning import assign, assign_from
from .events import OrganisationChanged, OrganisationCreated, OrganisationDeleted, OrganisationEvent


@subscribe(MemberConfirmed)
def assign_by_address(event: MemberConfirmed, _fact: Fact) -> None:
    """The address was confirmed."""
    assign(event.member_id)


@subscribe(MemberRegistered)
def assign_who_is_known(event: MemberRegistered, _fact: Fact) -> None:
    """The address of an account that an operator makes is confirmed from the beginning; others wait."""
    assign(event.member_id)


@subscribe(OrganisationCreated, OrganisationChanged, OrganisationDeleted)
def assign_again(event: OrganisationEvent, _fact: Fact) -> None:
    """Domains lead elsewhere now."""
    if not isinstance(event, OrganisationChanged) or "mail_domains" in event.changed:
        enqueue(assign_from, after=0)
