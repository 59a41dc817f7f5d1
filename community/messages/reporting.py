"""What a reviewer may see: a message that somebody who reads it reported, and nothing around it.

Reviewing calls `report` when a participant reports a message, and `shown_to_reviewer` when it shows the case.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.accounts.cards import PersonCard, card
from community.core.db import db, utcnow
from community.core.policies import Actor

from .models import Message
from .queries import message_for, readable_by


@dataclass(frozen=True)
class ReportedMessage:
    """A reported message as a reviewer sees it."""

    id: int
    author: PersonCard
    html: str
    language: str
    subject: str
    at: datetime


def reportable(actor: Actor, message_ids: Collection[int]) -> set[int]:
    """Those of several messages that the actor may report: whoever reads one, unless they wrote it."""
    return {id_ for id_, author_id in readable_by(actor, message_ids).items() if author_id != actor.id}


def can_report(actor: Actor, message_id: int) -> bool:
    """The same of one message."""
    return bool(reportable(actor, [message_id]))


def report(actor: Actor, message_id: int) -> bool:
    """Let reviewers see a message from now on; False where the actor may not report it."""
    found = message_for(actor, message_id)
    if found is None or found.author_id == actor.id:
        return False
    found.reported_at = found.reported_at or utcnow()
    return True


def shown_to_reviewer(message_id: int) -> ReportedMessage | None:
    """The message, if somebody reported it; None for every other. The CALLER has checked that a reviewer asks."""
    found = db.session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.reported_at.is_not(None))
        .options(joinedload(Message.author), joinedload(Message.conversation))
    )
    if found is None:
        return None
    return ReportedMessage(
        id=found.id,
        author=card(found.author),
        html=found.html,
        language=found.language,
        subject=found.conversation.subject,
        at=found.created_at,
    )
