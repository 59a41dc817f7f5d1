"""What members are told about conversations: once, until they have read them."""

from collections.abc import Collection

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.messages import blocking
from community.messages.events import MessageSent, PersonAdded
from community.messages.models import Conversation, Message, Participant
from community.messages.operations import when_read
from community.messages.policies import enabled

from .kinds import register
from .models import Notification
from .operations import mark_read_at, notify
from .places import Facts


def _taking_part(actor: Actor, facts: Facts) -> Collection[int]:
    asked = {payload["conversation_id"] for payload in facts.values()}
    wanted = select(Participant.conversation_id).where(
        Participant.conversation_id.in_(asked), Participant.member_id == actor.id
    )
    mine = set(db.session.scalars(wanted))
    return [id_ for id_, payload in facts.items() if payload["conversation_id"] in mine]


register(
    "message",
    _l("Somebody writes you a message"),
    sentence=_l("%(name)s wrote to you"),
    why=_l("You get this mail because somebody wrote you a message. Answer it on the page."),
    icon="mail",
    offered=enabled,
    reads=_taking_part,
    group="people",
)
register(
    "conversation",
    _l("Somebody adds you to a conversation"),
    sentence=_l("%(name)s added you to a conversation"),
    why=_l("You get this mail because somebody added you to a conversation."),
    icon="mail",
    offered=enabled,
    reads=_taking_part,
    group="people",
)


@subscribe(MessageSent)
def tell_of_message(event: MessageSent, fact: Fact) -> None:
    """Who takes part hears of it, unless they muted it, blocked who wrote, or did not read what they heard of before.

    The conversation is kept meanwhile, so that of two messages at once only one is told.
    """
    conversation = _kept(event.conversation_id)
    message = db.session.get_one(Message, event.message_id)
    waiting = Participant.left_at.is_(None), Participant.muted.is_(False), Participant.read_id < message.id
    parts = set(
        db.session.scalars(
            select(Participant.member_id).where(
                Participant.conversation_id == conversation.id, Participant.first_id <= message.id, *waiting
            )
        )
    )
    told = parts - {event.actor_id} - blocking.blockers_of(event.actor_id)
    told -= _told_already(told, _address(conversation.id), fact.id)
    _tell(fact, "message", told, conversation, event.actor_id, message.body)


@subscribe(PersonAdded)
def tell_of_adding(event: PersonAdded, fact: Fact) -> None:
    """Who was added hears of it, while they take part."""
    conversation = _kept(event.conversation_id)
    part = db.session.get(Participant, (conversation.id, event.member_id))
    if part is not None and part.left_at is None:
        _tell(fact, "conversation", {event.member_id}, conversation, event.actor_id)


def _kept(conversation_id: int) -> Conversation:
    wanted = select(Conversation).where(Conversation.id == conversation_id)
    return db.session.scalars(wanted.with_for_update()).one()


def _told_already(member_ids: Collection[int], address: str, fact_id: int) -> set[int]:
    """Whose inbox holds news of the conversation that they have not read."""
    return set(
        db.session.scalars(
            select(Notification.member_id).where(
                Notification.member_id.in_(member_ids),
                Notification.kind == "message",
                Notification.url == address,
                Notification.listed,
                Notification.read_at.is_(None),
                Notification.event_id != fact_id,
            )
        )
    )


def _tell(
    fact: Fact,
    kind: str,
    member_ids: Collection[int],
    conversation: Conversation,
    actor_id: int | None,
    excerpt: str = "",
) -> None:
    if member_ids:
        notify(fact.id, kind, member_ids, conversation.subject, _address(conversation.id), actor_id, excerpt=excerpt)


def _address(conversation_id: int) -> str:
    return url_for("messages.conversation", conversation_id=conversation_id)


@when_read
def news_are_read(conversation_id: int, member_id: int) -> None:
    """Whoever has read a conversation needs no news of it any more."""
    mark_read_at(member_id, _address(conversation_id), ("message", "conversation"))
