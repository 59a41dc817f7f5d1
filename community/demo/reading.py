"""What members of the demo world have seen of their news: most of it, but for the last few."""

from sqlalchemy import select

from community.core.db import db, utcnow
from community.notifications.models import Notification
from community.notifications.operations import mark_read_before

LEFT = (3, 5, 2, 4, 6)


def read_most(member_id: int) -> None:
    """All but the newest two to six notifications of a member are read."""
    own = Notification.member_id == member_id, Notification.listed
    left = LEFT[member_id % len(LEFT)]
    moments = list(db.session.scalars(select(Notification.at).where(*own).order_by(Notification.at.desc()).limit(left)))
    mark_read_before(member_id, moments[-1] if moments else utcnow())
