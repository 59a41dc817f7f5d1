"""Appointments, read through the actor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from community.accounts.availability import can_take_part
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.policies import Actor
from community.organisations.models import Organisation
from community.spaces.models import Space
from community.spaces.queries import readable

from .models import Appointment, AppointmentSpace, Nomination, State
from .policies import can_run, can_see

MOST = 500


@dataclass(frozen=True)
class Step:
    """One thing that happened to an appointment."""

    what: str
    how: str
    at: datetime
    by: str


@dataclass(frozen=True)
class AvailableSuperUser:
    """A super user as members see them: whom to ask about what."""

    member: Member
    spaces: Sequence[Space]
    tags: Sequence[str]
    organisations: Sequence[str]
    language: str
    until: datetime | None


def appointment_for(actor: Actor, appointment_id: int) -> Appointment | None:
    """An appointment that the actor may see."""
    row = db.session.get(Appointment, appointment_id)
    return row if row is not None and can_see(actor, row) else None


def known_among(actor: Actor, appointment_ids: Collection[int]) -> set[int]:
    """Those of the appointments of which the actor may know: they may see them, or nominated the person."""
    rows = db.session.scalars(select(Appointment).where(Appointment.id.in_(appointment_ids)))
    said = select(Nomination.appointment_id).where(
        Nomination.by_id == actor.id, Nomination.appointment_id.in_(appointment_ids)
    )
    asked = {id_ for id_ in db.session.scalars(said) if id_ is not None}
    return asked | {row.id for row in rows if can_see(actor, row)}


def all_for(actor: Actor, state: str = "") -> list[Appointment]:
    """All appointments, for those who run the programme; what waits for an answer first, then by their end."""
    if not can_run(actor):
        return []
    wanted = select(Appointment).options(joinedload(Appointment.member), selectinload(Appointment.spaces))
    if state:
        wanted = wanted.where(Appointment.state == state)
    order = {State.PROPOSED: 0, State.OFFERED: 1, State.ACCEPTED: 2, State.ACTIVE: 3, State.PAUSED: 4}
    now = utcnow()
    rows = db.session.scalars(wanted.order_by(Appointment.ends_at, Appointment.id.desc()).limit(MOST)).all()
    return sorted(rows, key=lambda row: order.get(State(row.shown_state(now)), 9))


def own(actor: Actor) -> list[Appointment]:
    """One's own that one may see, newest first."""
    if actor.id is None:
        return []
    wanted = select(Appointment).where(Appointment.member_id == actor.id).order_by(Appointment.id.desc())
    rows = db.session.scalars(wanted.options(selectinload(Appointment.spaces)))
    return [row for row in rows if can_see(actor, row)]


def own_nominations(actor: Actor) -> list[Nomination]:
    """What one said for others, newest first."""
    wanted = select(Nomination).where(Nomination.by_id == actor.id).order_by(Nomination.id.desc()).limit(50)
    return list(db.session.scalars(wanted.options(joinedload(Nomination.member), joinedload(Nomination.space))))


def nominations_waiting(actor: Actor) -> list[Nomination]:
    """Nominations that led to nothing yet, for those who run the programme."""
    if not can_run(actor):
        return []
    wanted = select(Nomination).where(Nomination.appointment_id.is_(None), Nomination.withdrawn_at.is_(None))
    named = (joinedload(Nomination.member), joinedload(Nomination.by), joinedload(Nomination.space))
    return list(db.session.scalars(wanted.order_by(Nomination.member_id, Nomination.id).limit(MOST).options(*named)))


def helpers(actor: Actor, slug: str = "", tag: str = "") -> list[AvailableSuperUser]:
    """Who looks after what the actor may read, by name; narrowed to a space, to a tag."""
    now = utcnow()
    seen = select(AppointmentSpace.appointment_id).join(Space, Space.id == AppointmentSpace.space_id)
    seen = seen.where(readable(actor), *([Space.slug == slug] if slug else []))
    wanted = select(Appointment).where(
        Appointment.state == State.ACTIVE, Appointment.ends_at > now, Appointment.id.in_(seen)
    )
    rows = db.session.scalars(
        wanted.join(Appointment.member)
        .where(can_take_part(now))
        .order_by(Member.name)
        .options(joinedload(Appointment.member), selectinload(Appointment.spaces))
    ).all()
    open_ids = set(db.session.scalars(select(Space.id).where(readable(actor))))
    names = organisation_names({id_ for row in rows for id_ in row.organisation_ids}) if can_run(actor) else {}
    found = [_helper(row, open_ids, names) for row in rows if not tag or tag in row.tags]
    without = [] if tag else _without_term(open_ids, slug, {row.member_id for row in rows})
    return sorted([*found, *without], key=lambda helper: helper.member.name)


def _without_term(open_ids: set[int], slug: str, known: set[int]) -> list[AvailableSuperUser]:
    """Super users from before there were appointments: they have the rights, and no term."""
    lasts = or_(Grant.until.is_(None), Grant.until > utcnow())
    wanted = select(Grant.member_id, Space).join(Space, Space.id == Grant.space_id)
    wanted = wanted.where(Grant.kind == SUPER_USER, lasts, Space.id.in_(open_ids), Grant.member_id.not_in(known))
    spaces: dict[int, list[Space]] = {}
    for member_id, space in db.session.execute(wanted.order_by(Space.name)):
        spaces.setdefault(member_id, []).append(space)
    people = db.session.scalars(select(Member).where(Member.id.in_(spaces), can_take_part(utcnow())))
    rows = [AvailableSuperUser(person, spaces[person.id], (), (), "", None) for person in people]
    return [row for row in rows if not slug or slug in {space.slug for space in row.spaces}]


def _helper(row: Appointment, open_ids: set[int], names: dict[int, str]) -> AvailableSuperUser:
    spaces = [space for space in row.spaces if space.id in open_ids]
    organisations = [names[id_] for id_ in row.organisation_ids if id_ in names]
    return AvailableSuperUser(row.member, spaces, row.tags, organisations, row.language, row.ends_at)


def organisation_names(ids: set[int]) -> dict[int, str]:
    """The names of organisations; whether the reader may know them is for the caller to ask."""
    if not ids:
        return {}
    wanted = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def history_of(appointment: Appointment) -> list[Step]:
    """All that happened to it, in order."""
    rows = db.session.execute(
        select(EventRecord, Member.name)
        .outerjoin(Member, Member.id == EventRecord.actor_id)
        .where(EventRecord.subject == f"appointment:{appointment.id}")
        .order_by(EventRecord.id)
    )
    return [Step(row.payload["what"], row.payload.get("how", ""), row.at, name or "") for row, name in rows]
