"""Facts about organisations and whose members are."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationEvent(Event):
    """A fact about one organisation."""

    subject = "organisation_id"
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationCreated(OrganisationEvent):
    """An organisation was added."""

    name = "organisations.organisation.created"


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(OrganisationEvent):
    """An organisation was changed. `changed` names the fields; the domains before are kept where they changed."""

    name = "organisations.organisation.changed"
    changed: tuple[str, ...] = ()
    mail_domains_before: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrganisationDeleted(OrganisationEvent):
    """An organisation was deleted: what it was, and whose it was; they belong to none now."""

    name = "organisations.organisation.deleted"
    was: str
    mail_domains: tuple[str, ...] = ()
    service_level: str = ""
    member_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MembersAssigned(Event):
    """Members belong to an organisation now, or to none, by their address or because somebody chose it."""

    name = "organisations.members.assigned"
    subject = "organisation_id"
    organisation_id: int | None
    member_ids: tuple[int, ...]
    by_hand: bool = False
