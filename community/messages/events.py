"""What happens in conversations. The facts name things by their numbers and never hold a word of them."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """Somebody wrote in a conversation, or began it."""

    name = "messages.message.sent"
    subject = "conversation_id"
    conversation_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody who took part brought somebody else into a conversation."""

    name = "messages.person.added"
    subject = "conversation_id"
    conversation_id: int
    member_id: int
