"""What agreements in force say about duty: how much time, and who covers for whom."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select

from community.core import i18n
from community.core.db import db, utcnow

from ..agreements.models import Agreement, AgreementState


def _in_force(on: date) -> ColumnElement[bool]:
    return and_(Agreement.state == AgreementState.IN_FORCE, Agreement.begins_on <= on, Agreement.ends_on >= on)


def hours_of(member_id: int) -> float:
    """How many hours a week are agreed with a member now; 0 where nothing is."""
    agreed = select(func.sum(Agreement.hours_a_week)).where(Agreement.member_id == member_id)
    return float(db.session.scalar(agreed.where(_in_force(i18n.day_here(utcnow())))) or 0)


def backups_of(member_ids: Collection[int], at: datetime) -> dict[int, int]:
    """Of the members, whom their agreement names to cover for them."""
    rows = db.session.execute(
        select(Agreement.member_id, Agreement.backup_id)
        .where(Agreement.member_id.in_(member_ids), Agreement.backup_id.is_not(None), _in_force(i18n.day_here(at)))
        .order_by(Agreement.id)
    )
    return {member_id: backup_id for member_id, backup_id in rows if backup_id is not None}
