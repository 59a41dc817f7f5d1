"""What members said for somebody, as far as it waits."""

from sqlalchemy import select

from community.core.db import db, utcnow

from .models import LIVING, NOMINATIONS_LAST, Appointment, Nomination


def waiting_for(member_id: int) -> list[Nomination]:
    """What was said for somebody lately and led to nothing yet, the oldest first."""
    return list(
        db.session.scalars(
            select(Nomination)
            .where(
                Nomination.member_id == member_id,
                Nomination.appointment_id.is_(None),
                Nomination.withdrawn_at.is_(None),
                Nomination.at > utcnow() - NOMINATIONS_LAST,
            )
            .order_by(Nomination.id)
        )
    )


def said_already(member_id: int, by_id: int) -> bool:
    """Whether the same member's word waits, alone or in a proposal that is not decided."""
    proposed = select(Appointment.id).where(Appointment.member_id == member_id, Appointment.state.in_(LIVING))
    in_proposal = select(Nomination.id).where(
        Nomination.member_id == member_id, Nomination.by_id == by_id, Nomination.appointment_id.in_(proposed)
    )
    waits = any(one.by_id == by_id for one in waiting_for(member_id))
    return waits or db.session.scalar(in_proposal.limit(1)) is not None
