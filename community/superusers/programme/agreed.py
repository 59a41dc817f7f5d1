"""Which agreements end soon."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from community.core import i18n
from community.core.db import db
from community.superusers.agreements.models import Agreement, AgreementState

from .rules import ENDING_WITHIN


def agreements(now: datetime) -> dict[str, Any]:
    """The agreement in force of each super user who has one; and those that end soon, the first to end first."""
    today = i18n.day_here(now)
    rows = db.session.execute(
        select(Agreement.id, Agreement.member_id, Agreement.hours_a_week, Agreement.ends_on)
        .where(Agreement.state == AgreementState.IN_FORCE, Agreement.begins_on <= today, Agreement.ends_on >= today)
        .order_by(Agreement.ends_on, Agreement.id)
    ).all()
    soon = i18n.day_here(now + ENDING_WITHIN)
    return {
        "of": {str(member): id_ for id_, member, _hours, _ends in rows},
        "ending": [
            {"agreement": id_, "member": member, "hours": hours, "ends": ends.isoformat()}
            for id_, member, hours, ends in rows
            if ends <= soon
        ],
    }
