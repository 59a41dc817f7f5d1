"""What pages show of mail that waits."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bridge.handovers.models import DeskMessage, HandOver, MessageState
from community.core.db import db

from .arriving import BY_MAIL, BY_STRANGER, BY_SUBJECT

__all__ = ["BY_MAIL", "held_in_all", "remark_of"]


def held_in_all(*, limit: int = 200) -> Sequence[DeskMessage]:
    """All messages that wait for somebody's click, oldest first."""
    return db.session.scalars(
        select(DeskMessage)
        .where(DeskMessage.state == MessageState.HELD)
        .order_by(DeskMessage.at, DeskMessage.id)
        .limit(limit)
        .options(
            joinedload(DeskMessage.hand_over).joinedload(HandOver.desk),
            joinedload(DeskMessage.hand_over).joinedload(HandOver.query),
        )
    ).all()


def remark_of(message: DeskMessage) -> str:
    """Why somebody should look twice before releasing a message; "" where it came as agreed."""
    if message.error == BY_SUBJECT:
        return _("Only its subject says that it belongs here. Anybody could have sent it.")
    if message.error == BY_STRANGER:
        return _("It came from an address that is not of this desk.")
    return ""
