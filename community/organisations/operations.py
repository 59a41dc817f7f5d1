"""Adding organisations, changing and deleting them."""

from dataclasses import dataclass

from sqlalchemy import select, update

from community.accounts.models import Member
from community.core import events
from community.core.db import db

from .events import OrganisationChanged, OrganisationCreated, OrganisationDeleted
from .models import Organisation


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """What a manager writes about an organisation; domains in their ASCII form, sorted."""

    name: str
    slug: str
    service_level: str = ""
    mail_domains: tuple[str, ...] = ()


def create(details: OrganisationDetails, *, by_id: int | None) -> Organisation:
    """Add an organisation; a job finds its members."""
    organisation = Organisation()
    _write(organisation, details)
    db.session.add(organisation)
    db.session.flush()
    events.record(OrganisationCreated(actor_id=by_id, organisation_id=organisation.id))
    return organisation


def change(organisation: Organisation, details: OrganisationDetails, *, by_id: int | None) -> None:
    """Change an organisation; nothing is recorded where nothing changed. A job follows changed domains."""
    before = organisation.mail_domains
    changed = _write(organisation, details)
    if not changed:
        return
    db.session.flush()
    kept = before if "mail_domains" in changed else ()
    events.record(
        OrganisationChanged(actor_id=by_id, organisation_id=organisation.id, changed=changed, mail_domains_before=kept)
    )


def delete(organisation: Organisation, *, by_id: int | None) -> None:
    """Delete an organisation; its members stay, and belong to none until their address leads somewhere else."""
    own = Member.organisation_id == organisation.id
    ids = tuple(db.session.scalars(select(Member.id).where(own).order_by(Member.id)))
    fact = OrganisationDeleted(
        actor_id=by_id,
        organisation_id=organisation.id,
        was=organisation.name,
        mail_domains=organisation.mail_domains,
        service_level=organisation.service_level,
        member_ids=ids,
    )
    db.session.execute(update(Member).where(own).values(organisation_id=None, organisation_fixed=False))
    db.session.delete(organisation)
    events.record(fact)


def _write(organisation: Organisation, details: OrganisationDetails) -> tuple[str, ...]:
    """Take the details over; the names of the fields that changed."""
    plain = {"name": details.name, "slug": details.slug, "service_level": details.service_level}
    changed = [name for name, value in plain.items() if getattr(organisation, name) != value]
    for name in changed:
        setattr(organisation, name, plain[name])
    if organisation.mail_domains != details.mail_domains:
        organisation.take_domains(details.mail_domains)
        changed.append("mail_domains")
    return tuple(changed)
