"""Private messages as things that can be flagged: reviewers see the one that was reported, and nothing around it."""

from collections.abc import Collection

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.core.policies import Actor
from community.messages import reporting
from community.messages.models import Message

from .targets import Target, TargetKind, register_target

EXCERPT = 2000


def _look(ids: Collection[int]) -> dict[int, Target]:
    rows = db.session.scalars(select(Message).where(Message.id.in_(ids)))
    return {message.id: _of(message) for message in rows}


def _of(message: Message) -> Target:
    return Target(
        kind="message",
        id=message.id,
        author_id=message.author_id,
        space_id=None,
        title=_("A private message"),
        html=message.html,
        words=message.body[:EXCERPT],
        address=url_for("messages.conversation", conversation_id=message.conversation_id),
        language=message.language,
        staff_only=True,
    )


def _readable(actor: Actor, ids: Collection[int]) -> set[int]:
    """Those who take part in the conversation, of what others wrote."""
    return reporting.reportable(actor, ids)


register_target(TargetKind("message", _l("Message"), _look, _readable, reported=reporting.report))
