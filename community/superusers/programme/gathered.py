"""When super users meet next, and how many came before."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from community.core.db import db
from community.superusers.inner.gatherings.models import MAYBE, NO, YES, Gathering, GatheringGuest

MOST = 5


def gathered(now: datetime) -> dict[str, Any]:
    """The next gatherings with what was answered, and the last ones with who came; those called off left out."""
    return {
        "next": _some(Gathering.ends_at > now, Gathering.starts_at),
        "past": _some(Gathering.ends_at <= now, Gathering.starts_at.desc()),
    }


def _some(when: Any, order: Any) -> list[dict[str, Any]]:
    guest = GatheringGuest
    counted = [func.count(guest.member_id).filter(guest.answer == answer) for answer in (YES, MAYBE, NO)]
    came = [func.count(guest.member_id).filter(guest.attended.is_(known)) for known in (True, False)]
    rows = db.session.execute(
        select(Gathering.id, Gathering.title, Gathering.starts_at, func.count(guest.member_id), *counted, *came)
        .outerjoin(guest, guest.gathering_id == Gathering.id)
        .where(Gathering.cancelled_at.is_(None), when)
        .group_by(Gathering.id, Gathering.title, Gathering.starts_at)
        .order_by(order)
        .limit(MOST)
    )
    return [
        {"id": id_, "title": title, "at": at.isoformat(), "asked": asked, "answers": answers[:3], "came": answers[3:]}
        for id_, title, at, asked, *answers in rows
    ]
