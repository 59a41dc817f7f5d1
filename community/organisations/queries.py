"""Reads of organisations."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, column, func, select, table

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import Actor

from .domains import written
from .models import MailDomain, Organisation
from .policies import can_see_of


@dataclass(frozen=True)
class OrganisationSnapshot:
    """An organisation for packages above; who may be told of it is for them to ask."""

    id: int
    name: str
    slug: str
    service_level: str


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation in the list of the administration."""

    name: str
    slug: str
    service_level: str
    domains: tuple[str, ...]
    members: int


# The forum stands above; its threads are only counted here.
_thread = table("thread", column("organisation_id"))
_NAMED = (Organisation.id, Organisation.name, Organisation.slug, Organisation.service_level)


def listed() -> list[OrganisationRow]:
    """All organisations by name, with their domains and how many members each has, in one statement."""
    domains = func.aggregate_strings(MailDomain.domain, " ")
    rows = db.session.execute(
        select(
            Organisation.name,
            Organisation.slug,
            Organisation.service_level,
            select(domains).where(MailDomain.organisation_id == Organisation.id).scalar_subquery(),
            select(func.count(Member.id)).where(Member.organisation_id == Organisation.id).scalar_subquery(),
        ).order_by(func.lower(Organisation.name), Organisation.id)
    )
    return [
        OrganisationRow(name, slug, level, tuple(map(written, sorted((joined or "").split()))), members)
        for name, slug, level, joined, members in rows
    ]


def everyone() -> list[OrganisationSnapshot]:
    """All organisations by name."""
    rows = db.session.execute(select(*_NAMED).order_by(func.lower(Organisation.name), Organisation.id))
    return [OrganisationSnapshot(*row) for row in rows]


def own_threads(organisation_id: int) -> int:
    """How many threads only its people may read."""
    counted = select(func.count()).select_from(_thread).where(_thread.c.organisation_id == organisation_id)
    return db.session.scalar(counted) or 0


def organisations_of(member_ids: Iterable[int]) -> dict[int, OrganisationSnapshot]:
    """The organisation of each of the members who belong to one, in one statement."""
    wanted = set(member_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Member.id, *_NAMED)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.id.in_(wanted))
    )
    return {row[0]: OrganisationSnapshot(*row[1:]) for row in rows}


_OWN = select(Member.organisation_id).where(Member.id == bindparam("actor_id")).scalar_subquery()
_SHOWN = (
    select(*_NAMED, _OWN)
    .join(Member, Member.organisation_id == Organisation.id)
    .where(Member.id == bindparam("member_id"))
)


def organisation_shown_to(actor: Actor, member_id: int) -> OrganisationSnapshot | None:
    """The organisation of a member, where the actor may know of it."""
    if not actor.is_member:
        return None
    row = db.session.execute(_SHOWN, {"member_id": member_id, "actor_id": actor.id}).first()
    if row is None or not can_see_of(actor, row[4], row.id):
        return None
    return OrganisationSnapshot(*row[:4])


def holders_of(domains: Iterable[str], *, but: Organisation | None = None) -> dict[str, str]:
    """Which of the domains, in their normal form, another organisation has: its name by domain."""
    rows = db.session.execute(
        select(MailDomain.domain, Organisation.name)
        .join(Organisation, Organisation.id == MailDomain.organisation_id)
        .where(MailDomain.domain.in_(list(domains)), Organisation.id != (but.id if but else 0))
    )
    return {row.domain: row.name for row in rows}


def name_is_free(name: str, *, but: Organisation | None = None) -> bool:
    """Whether no other organisation has this name, however it is written in capitals."""
    rows = db.session.execute(select(Organisation.id, Organisation.name))
    return not any(known.casefold() == name.casefold() and (but is None or id_ != but.id) for id_, known in rows)


def slug_is_free(slug: str, *, but: Organisation | None = None) -> bool:
    """Whether no other organisation has this slug."""
    holder = db.session.scalar(select(Organisation.id).where(Organisation.slug == slug))
    return holder is None or (but is not None and holder == but.id)


def levels() -> list[str]:
    """The service levels in use, sorted."""
    rows = db.session.scalars(select(Organisation.service_level).where(Organisation.service_level != "").distinct())
    return sorted(rows, key=str.casefold)
