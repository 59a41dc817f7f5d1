"""What time does to appointments: notice before the end, the row that says it is over, offers that nobody answers.

The rights need none of this: grants end at their minute by themselves.
"""

from sqlalchemy import select

from community.accounts.events import RoleChanged
from community.accounts.models import SUPER_USER, Grant
from community.core import events
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.jobs import every

from . import operations
from .events import AppointmentMoved
from .models import HELD, NOTICE, OFFER_REMINDED_AFTER, Appointment, State


@every(hours=1)
def look_at_terms() -> None:
    """Say once that a term ends within 30 days, and close those that are over."""
    now = utcnow()
    wanted = select(Appointment).where(Appointment.state.in_(HELD), Appointment.ends_at <= now + NOTICE)
    for row in db.session.scalars(wanted.with_for_update(skip_locked=True)).all():
        if row.ends_at is not None and row.ends_at <= now:
            operations.end(row, by_id=None, how="over")
        elif row.noticed_at is None and not _renewed(row):
            row.noticed_at = now
            events.record(AppointmentMoved(appointment_id=row.id, member_id=row.member_id, what="ends_soon"))


@every(hours=1)
def look_at_offers() -> None:
    """Remind once of an offer that waits, and end those that nobody answered in time."""
    now = utcnow()
    wanted = select(Appointment).where(
        Appointment.state == State.OFFERED, Appointment.offered_at <= now - OFFER_REMINDED_AFTER
    )
    for row in db.session.scalars(wanted.with_for_update(skip_locked=True)).all():
        if row.shown_state(now) == State.ENDED:
            operations.expire(row)
        elif row.reminded_at is None:
            operations.remind(row)


def _renewed(appointment: Appointment) -> bool:
    """Whether the person was asked already to go on."""
    return db.session.scalar(select(Appointment.id).where(Appointment.renews_id == appointment.id)) is not None


@subscribe(RoleChanged)
def follow_rights(event: RoleChanged, fact: Fact) -> None:
    """Where the right was taken away elsewhere, the appointment says so too."""
    if event.before != SUPER_USER or event.space_id is None:
        return
    held = select(Grant.id).where(
        Grant.member_id == event.member_id, Grant.kind == SUPER_USER, Grant.space_id == event.space_id
    )
    if db.session.scalar(held) is None:
        operations.leave_space(event.member_id, event.space_id)
