"""What people are told of appointments and agreements."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.policies import Actor, Role
from community.superusers.agreements import operations as agreements
from community.superusers.agreements.events import AgreementMoved
from community.superusers.agreements.models import Agreement, Party
from community.superusers.appointing import queries as appointing_queries
from community.superusers.appointing.events import AppointmentMoved
from community.superusers.appointing.models import EXPIRED, Appointment, Way

from .kinds import register
from .operations import notify
from .places import Facts


def _appointments_known(actor: Actor, facts: Facts) -> Collection[int]:
    known = appointing_queries.known_among(actor, {payload["appointment_id"] for payload in facts.values()})
    return [id_ for id_, payload in facts.items() if payload["appointment_id"] in known]


def _agreements_seen(actor: Actor, facts: Facts) -> Collection[int]:
    seen = agreements.seen_among(actor, {payload["agreement_id"] for payload in facts.values()})
    return [id_ for id_, payload in facts.items() if payload["agreement_id"] in seen]


register(
    "appointment",
    _l("Appointments as a super user"),
    sentence=_l("About an appointment as a super user"),
    why=_l("You get this mail because an appointment concerns you."),
    icon="star",
    reads=_appointments_known,
    group="super_users",
)
register(
    "agreement",
    _l("Agreements with super users"),
    sentence=_l("About an agreement"),
    why=_l("You get this mail because you are a party to the agreement."),
    icon="book",
    reads=_agreements_seen,
    group="super_users",
)

UNDONE = {
    "offered": _l("You are not asked to be a super user any more; it is looked at again"),
    "held": _l("Your appointment as a super user was taken back, and with it its rights; it is looked at again"),
    "refused": _l("Your application as a super user is looked at again"),
}


@subscribe(AppointmentMoved)
def tell_of_appointment(event: AppointmentMoved, fact: Fact) -> None:
    """The person hears what is asked of them and when it ends; whoever asked hears the answer."""
    found = db.session.get_one(Appointment, event.appointment_id)
    for people, said in _told(event, found):
        address = url_for("appointments.one", appointment_id=found.id)
        notify(fact.id, "appointment", people, "", address, event.actor_id, render=said, excerpt=_words(event, found))
    if event.what == "refused" and found.way == Way.NOMINATED:
        # Those who nominated may not see the appointment itself; they read the words, on the page of super users.
        said_for = sorted({one.by_id for one in found.nominations})
        address = url_for("appointments.people")
        name = found.member.name
        notify(
            fact.id,
            "appointment",
            said_for,
            "",
            address,
            event.actor_id,
            render=lambda: _("%(name)s, whom you nominated: not now", name=name),
            excerpt=found.answer,
        )


def _words(event: AppointmentMoved, found: Appointment) -> str:
    return found.answer if event.what in ("refused", "declined", "ended") else ""


def _told(event: AppointmentMoved, found: Appointment) -> Iterable[tuple[list[int], Callable[[], str]]]:
    person, provider, name, ends = [found.member_id], _provider(found), found.member.name, found.ends_at
    match event.what:
        case "offered":
            yield person, lambda: _("You are asked to be a super user. Will you?")
        case "reminded":
            day = _day(found.offer_ends_at or utcnow())
            yield person, lambda: _("You are asked to be a super user. The offer waits until %(day)s", day=day)
        case "undone" if event.how in UNDONE and (event.how != "refused" or found.way == Way.APPLIED):
            yield person, lambda: str(UNDONE[event.how])
        case "ended" if event.how == EXPIRED:
            yield person, lambda: _("You were asked to be a super user. The offer has ended without an answer")
            yield provider, lambda: _("%(name)s did not answer the offer. You can ask once more", name=name)
        case "refused" if found.way == Way.APPLIED:
            yield person, lambda: _("Your application as a super user: not now")
        case "accepted":
            yield provider, lambda: _("%(name)s accepts the appointment as a super user", name=name)
        case "declined":
            yield provider, lambda: _("%(name)s declines the appointment as a super user", name=name)
        case "ends_soon" if ends is not None:
            yield person, lambda: _("Your term as a super user ends on %(day)s", day=_day(ends))
            yield provider, lambda: _("The term of %(name)s as a super user ends on %(day)s", name=name, day=_day(ends))
        case "ended" if event.how in ("over", "withdrawn", "resigned") and found.answered_at is not None:
            yield person, lambda: _end_said(found)
            yield provider, lambda: _("The appointment of %(name)s as a super user has ended", name=name)


def _end_said(found: Appointment) -> str:
    """Of a time that was; or of one whose first day had not come."""
    begins, ended = found.begins_at, found.ended_at
    if begins is not None and ended is not None and begins > ended:
        return _("Your appointment as a super user was ended before its first day")
    return _("Your time as a super user has ended. Thank you for all you did here.")


def _provider(found: Appointment) -> list[int]:
    """The sponsor and whoever asked; where there is neither, all managers."""
    known = sorted({id_ for id_ in (found.sponsor_id, found.offered_by_id) if id_ is not None})
    return known or _managers()


def _managers() -> list[int]:
    return sorted(db.session.scalars(select(Member.id).where(Member.role == Role.MANAGER)))


def _day(moment: datetime) -> str:
    return i18n.format_day(moment.date())


@subscribe(AgreementMoved)
def tell_of_agreement(event: AgreementMoved, fact: Fact) -> None:
    """All parties hear what they must sign, when it holds, and that it ends soon."""
    found = db.session.get_one(Agreement, event.agreement_id)
    days = event.days
    said: dict[str, Callable[[], str]] = {
        "sent": lambda: _("An agreement waits for your signature"),
        "changed": lambda: _("An agreement was changed; it must be signed again"),
        "in_force": lambda: _("An agreement is signed by all, and in force"),
        "ends_soon": lambda: ngettext("An agreement ends in %(num)s day", "An agreement ends in %(num)s days", days),
        "ended": lambda: _("An agreement has ended"),
    }
    if event.what in said:
        address = url_for("agreements.one", agreement_id=found.id)
        notify(fact.id, "agreement", _parties(found), "", address, event.actor_id, render=said[event.what])


def _parties(found: Agreement) -> list[int]:
    signed = found.standing.get(Party.PROVIDER)
    provider = signed.member_id if signed else found.made_by_id
    customer = found.customer_signer_id if found.organisation_id is not None else None
    return sorted({id_ for id_ in (provider, customer, found.member_id) if id_ is not None})
