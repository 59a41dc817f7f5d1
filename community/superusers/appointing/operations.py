"""Appointments: proposed, offered, accepted, ended. What they allow stands in grants that end with the term."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from community.accounts import operations as accounts
from community.accounts.models import SUPER_USER, Member
from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import enqueue, job
from community.moderation.cases import open_case, settle
from community.spaces.models import Space

from .events import AppointmentMoved, Nominated
from .models import (
    EXPIRED,
    HELD,
    HOURS_A_WEEK,
    LIVING,
    NOMINATIONS_NEEDED,
    RENEWAL_FROM,
    TERM_MONTHS,
    Appointment,
    AppointmentSpace,
    Nomination,
    State,
    Way,
    months_later,
)
from .nominations import said_already, waiting_for

CANDIDATE = "candidate"
TARGET = "appointment"


class TakenError(Exception):
    """The person looks after one of the spaces already, or an answer to an earlier proposal is still to come."""


@dataclass(frozen=True)
class Terms:
    """What somebody is asked to look after, for how long, and what is expected of them."""

    spaces: Sequence[Space]
    tags: Sequence[str] = ()
    organisation_ids: Sequence[int] = ()
    language: str = ""
    hours_a_week: float = HOURS_A_WEEK
    months: int = TERM_MONTHS
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    duties: str = ""
    reason: str = ""
    sponsor_id: int | None = None
    renews_id: int | None = field(default=None)


def appoint(member: Member, terms: Terms, *, by_id: int | None) -> Appointment:
    """Offer somebody an appointment; it holds once they accept. Raises `TakenError`."""
    made = _make(member, terms, Way.APPOINTED, by_id)
    offer(made, by_id=by_id, sponsor_id=terms.sponsor_id)
    return made


def apply(member: Member, terms: Terms) -> Appointment:
    """Ask to be appointed; staff decide. Raises `TakenError`.

    Whoever others proposed meanwhile does not know, and learns nothing: what was said for them goes to what they ask.
    """
    _lock(member)
    proposed = _proposed_by_others(member.id, {space.id for space in terms.spaces})
    said = [one for row in proposed for one in row.nominations]
    for row in proposed:
        end(row, by_id=member.id, how="applied")
    made = _make(member, terms, Way.APPLIED, member.id)
    made.nominations = said
    return _propose(made, by_id=member.id)


def _proposed_by_others(member_id: int, space_ids: Collection[int]) -> list[Appointment]:
    """What others said for somebody about one of these spaces, and nobody has offered."""
    rows = [row for row in _living(member_id) if row.state == State.PROPOSED and row.way == Way.NOMINATED]
    return [row for row in rows if any(space.id in space_ids for space in row.spaces)]


def nominate(member: Member, space: Space, *, by_id: int, reason: str) -> Nomination:
    """Say that somebody should look after a space; with enough others it becomes a proposal.

    Nobody nominates themselves; that is for the caller to ask. Raises `TakenError` for a super user of this space, and
    where the same member said so already. What is said of somebody who is being considered goes to that proposal, and
    nobody learns from it that there is one.
    """
    _lock(member)
    about = [row for row in _living(member.id) if space.id in {each.id for each in row.spaces}]
    if said_already(member.id, by_id) or any(row.state in HELD for row in about):
        raise TakenError(member.handle)
    said = Nomination(member_id=member.id, by_id=by_id, space_id=space.id, reason=reason, at=utcnow())
    said.appointment = next(iter(about), None)
    db.session.add(said)
    db.session.flush()
    events.record(Nominated(actor_id=by_id, nomination_id=said.id, member_id=member.id))
    _propose_nominated(member)
    return said


def _propose_nominated(member: Member) -> None:
    waiting = waiting_for(member.id)
    taken = {space.id for row in _living(member.id) for space in row.spaces}
    waiting = [one for one in waiting if one.space_id not in taken]
    if len({one.by_id for one in waiting}) < NOMINATIONS_NEEDED:
        return
    spaces = list({one.space_id: one.space for one in waiting}.values())
    made = _make(member, Terms(spaces), Way.NOMINATED, None)
    made.nominations = waiting
    _propose(made, by_id=None)


def withdraw_nomination(nomination: Nomination) -> None:
    """Take back what one said, as long as it waits."""
    nomination.withdrawn_at = utcnow()


def offer(appointment: Appointment, *, by_id: int | None, sponsor_id: int | None = None) -> None:
    """Ask the person; whoever offers stands for them where no other sponsor is named."""
    appointment.state, appointment.offered_at = State.OFFERED.value, utcnow()
    appointment.offered_by_id, appointment.sponsor_id = by_id, sponsor_id or by_id
    _record(appointment, "offered", by_id)


def offer_again(appointment: Appointment, *, by_id: int) -> None:
    """Ask once more where nobody answered in time, for the same things; a day that has passed is not named again.

    Raises `TakenError` where somebody else asked meanwhile, or the person looks after one of the spaces by now.
    """
    lock(appointment)
    overlaps = _overlapping(appointment.member_id, [space.id for space in appointment.spaces], but=appointment.id)
    if overlaps or not appointment.can_be_offered_again(utcnow()):
        raise TakenError(appointment.member.handle)
    if appointment.begins_at is not None and appointment.begins_at <= utcnow():
        appointment.begins_at = appointment.ends_at = None
    appointment.ended_how, appointment.ended_at, appointment.reminded_at = "", None, None
    offer(appointment, by_id=by_id, sponsor_id=appointment.sponsor_id)


def expire(appointment: Appointment) -> None:
    """Nobody answered the offer in time; whoever asked is told, and can ask once more."""
    _close(appointment, State.ENDED, EXPIRED)
    _record(appointment, "ended", None, EXPIRED)


def remind(appointment: Appointment) -> None:
    """Say once more that an offer waits."""
    appointment.reminded_at = utcnow()
    _record(appointment, "reminded", None)


def can_be_undone(appointment: Appointment) -> bool:
    """Whether nothing else came of an offer, or of a "not now", that still holds."""
    state, space_ids = appointment.shown_state(utcnow()), [space.id for space in appointment.spaces]
    if state == State.DECLINED and appointment.ended_how == "not_now":
        return not _overlapping(appointment.member_id, space_ids, but=appointment.id)
    return state in (State.OFFERED, State.ACCEPTED, *HELD)


def undo_decision(appointment: Appointment, was: Mapping[str, str | None], *, by_id: int) -> bool:
    """Take an offer, or a "not now", back: the proposal waits again, and rights that came of it are gone at once.

    `was` says when the term was to begin and to end. False where something else came of it meanwhile: the person
    declined or resigned, the term is over, or they are considered for the same spaces anew.
    """
    lock(appointment)
    state, renewals = appointment.shown_state(utcnow()), _renewals_of(appointment)
    if not can_be_undone(appointment):
        return False
    appointment.state, appointment.answered_at, appointment.paused_at = State.PROPOSED.value, None, None
    appointment.answer, appointment.ended_how, appointment.ended_at = "", "", None
    appointment.begins_at, appointment.ends_at = (
        datetime.fromisoformat(text) if (text := was.get(name)) else None for name in ("begins_at", "ends_at")
    )
    if state in HELD:
        _take_rights(appointment, kept=(), by_id=by_id)
    for renewal in renewals:
        end(renewal, by_id=by_id, how="withdrawn")
    what_it_was = "refused" if state == State.DECLINED else "held" if state in HELD else "offered"
    _record(appointment, "undone", by_id, what_it_was)
    return True


def refuse(appointment: Appointment, *, by_id: int, words: str) -> None:
    """Not now: whoever proposed reads why."""
    appointment.answer = words
    _close(appointment, State.DECLINED, "not_now")
    _record(appointment, "refused", by_id)


def accept(appointment: Appointment) -> None:
    """The person takes it on: the term begins now, or on the day that was named."""
    now = utcnow()
    appointment.answered_at = now
    _record(appointment, "accepted", appointment.member_id)
    if appointment.begins_at is not None and appointment.begins_at > now and appointment.renews_id is None:
        appointment.state = State.ACCEPTED.value
        enqueue(begin_later, run_at=appointment.begins_at, appointment_id=appointment.id)
    else:
        _begin(appointment)


def decline(appointment: Appointment, *, words: str = "") -> None:
    """The person does not want it; nothing else follows from that."""
    appointment.answered_at, appointment.answer = utcnow(), words
    _close(appointment, State.DECLINED, "declined")
    _record(appointment, "declined", appointment.member_id)


@job
def begin_later(appointment_id: int) -> None:
    """The day has come that was named."""
    appointment = db.session.get_one(Appointment, appointment_id)
    if appointment.state == State.ACCEPTED:
        _begin(appointment)


def _begin(appointment: Appointment) -> None:
    begins = appointment.begins_at or utcnow()
    ends = appointment.ends_at or months_later(begins, appointment.term_months)
    appointment.begins_at, appointment.ends_at = begins, ends
    appointment.review_at = max(begins, ends - RENEWAL_FROM)
    appointment.state = State.ACTIVE.value
    before = db.session.get(Appointment, appointment.renews_id) if appointment.renews_id else None
    if before is not None and before.state in HELD:
        _close(before, State.ENDED, "renewed")
        _take_rights(before, kept=[space.id for space in appointment.spaces], by_id=appointment.offered_by_id)
    _give_rights(appointment)
    _record(appointment, "begun", appointment.offered_by_id)


def end(appointment: Appointment, *, by_id: int | None, how: str, words: str = "") -> None:
    """End it now, with the rights: resigned, withdrawn by the provider, or over."""
    held = appointment.shown_state(utcnow()) in HELD  # of what is over the rights ended by themselves
    appointment.answer = words or appointment.answer
    proposed = appointment.state == State.PROPOSED
    _close(appointment, State.ENDED, how)
    if held:
        _take_rights(appointment, kept=(), by_id=by_id)
        for renewal in _renewals_of(appointment):  # nobody goes on with what ended before its time
            end(renewal, by_id=by_id, how=how)
    if proposed:
        settle(CANDIDATE, TARGET, appointment.id, decision="taken_back", by_id=by_id)
    _record(appointment, "ended", by_id, how)


def pause(appointment: Appointment, *, by_id: int | None) -> None:
    """Rest: the rights are gone until the person is back; the term goes on."""
    if appointment.lasts(utcnow()):
        appointment.state, appointment.paused_at = State.PAUSED.value, utcnow()
        _take_rights(appointment, kept=(), by_id=by_id)
        _record(appointment, "paused", by_id)


def resume(appointment: Appointment, *, by_id: int | None) -> None:
    """Be back, with the rights, until the end of the same term."""
    if appointment.state == State.PAUSED and appointment.ends_at is not None and appointment.ends_at > utcnow():
        appointment.state, appointment.paused_at = State.ACTIVE.value, None
        _give_rights(appointment)
        _record(appointment, "resumed", by_id)


def renew(appointment: Appointment, *, months: int, by_id: int) -> Appointment:
    """Offer a further term, from the end of this one, for the same things."""
    if _renewals_of(appointment):
        raise TakenError(appointment.member.handle)
    begins = appointment.ends_at or utcnow()
    terms = Terms(
        spaces=list(appointment.spaces),
        tags=appointment.tags,
        organisation_ids=appointment.organisation_ids,
        language=appointment.language,
        hours_a_week=appointment.hours_a_week,
        months=months,
        begins_at=begins,
        ends_at=months_later(begins, months),
        duties=appointment.duties,
        sponsor_id=appointment.sponsor_id,
        renews_id=appointment.id,
    )
    return appoint(appointment.member, terms, by_id=by_id)


def _renewals_of(appointment: Appointment) -> list[Appointment]:
    return [row for row in _living(appointment.member_id) if row.renews_id == appointment.id]


def leave_space(member_id: int, space_id: int) -> None:
    """The right in one space was taken away elsewhere: the appointment is no longer for it, and ends with its last."""
    for appointment in _living(member_id):
        renews = appointment.state == State.OFFERED and appointment.renews_id is not None
        if (appointment.state == State.ACTIVE or renews) and space_id in {space.id for space in appointment.spaces}:
            db.session.execute(
                delete(AppointmentSpace).where(
                    AppointmentSpace.appointment_id == appointment.id, AppointmentSpace.space_id == space_id
                )
            )
            db.session.expire(appointment, ["spaces"])
            if not appointment.spaces:
                end(appointment, by_id=None, how="withdrawn")


def _make(member: Member, terms: Terms, way: Way, by_id: int | None) -> Appointment:
    _lock(member)
    if _overlapping(member.id, [space.id for space in terms.spaces], but=terms.renews_id):
        raise TakenError(member.handle)
    made = Appointment(
        member_id=member.id,
        way=way.value,
        reason=terms.reason,
        duties=terms.duties,
        hours_a_week=terms.hours_a_week,
        tags=list(terms.tags),
        organisation_ids=list(terms.organisation_ids),
        language=terms.language,
        term_months=terms.months,
        begins_at=terms.begins_at,
        ends_at=terms.ends_at,
        made_by_id=by_id,
        made_at=utcnow(),
        renews_id=terms.renews_id,
        spaces=list(terms.spaces),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _propose(made: Appointment, *, by_id: int | None) -> Appointment:
    space_id = made.spaces[0].id if len(made.spaces) == 1 else None
    open_case(CANDIDATE, TARGET, made.id, space_id=space_id, member_id=made.member_id, staff_only=True, by_id=by_id)
    _record(made, "proposed", by_id)
    return made


def lock(appointment: Appointment) -> None:
    """Let nobody else decide about this person until the transaction ends, and read what was decided until now."""
    _lock(appointment.member)
    db.session.refresh(appointment)


def _lock(member: Member) -> None:
    """Let nobody else decide about this person until the transaction ends."""
    db.session.execute(select(Member.id).where(Member.id == member.id).with_for_update())


def _living(member_id: int) -> list[Appointment]:
    wanted = select(Appointment).where(Appointment.member_id == member_id, Appointment.state.in_(LIVING))
    now = utcnow()
    return [row for row in db.session.scalars(wanted) if row.shown_state(now) != State.ENDED]


def _overlapping(member_id: int, space_ids: Collection[int], but: int | None = None) -> bool:
    taken = {space.id for row in _living(member_id) if row.id != but for space in row.spaces}
    return bool(taken & set(space_ids))


def _give_rights(appointment: Appointment) -> None:
    for space in appointment.spaces:
        accounts.grant(
            appointment.member, SUPER_USER, space.id, by_id=appointment.offered_by_id, until=appointment.ends_at
        )


def _take_rights(appointment: Appointment, *, kept: Collection[int], by_id: int | None) -> None:
    for space in appointment.spaces:
        if space.id not in kept:
            accounts.revoke(appointment.member, SUPER_USER, space.id, by_id=by_id)


def _close(appointment: Appointment, state: State, how: str) -> None:
    appointment.state, appointment.ended_how, appointment.ended_at = state.value, how, utcnow()


def _record(appointment: Appointment, what: str, by_id: int | None, how: str = "") -> None:
    moved = AppointmentMoved(
        actor_id=by_id, appointment_id=appointment.id, member_id=appointment.member_id, what=what, how=how
    )
    events.record(moved)
