"""Facts about joining."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AdmissionAsked(Event):
    """Somebody confirmed their address and waits until a person admits them."""

    name = "accounts.admission.asked"
    subject = "member_id"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class AdmissionDecided(Event):
    """A person decided: `admitted` or `refused`. What they said stands in the case, from where it is erased in time."""

    name = "accounts.admission.decided"
    subject = "member_id"
    member_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    """A member sent somebody a letter with which they can join."""

    name = "accounts.member.invited"
    subject = "invitation_id"
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationUsed(Event):
    """Somebody joined by an invitation."""

    name = "accounts.invitation.used"
    subject = "invitation_id"
    invitation_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class EntryChanged(Event):
    """How registering works was changed, or rules were added or removed: `what` says which in a word."""

    name = "accounts.entry.changed"
    subject = "settings_id"
    settings_id: int = 1
    what: str = ""
