"""Beginning conversations, writing in them, adding people, leaving, and taking note of what was read.

Whatever changes a conversation locks its row first, so messages have their numbers in the order in which they were
written, and who leaves or is added is so between two messages.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, update

from community.accounts.models import Member
from community.core import events
from community.core.db import db, utcnow
from community.forum.composing import again
from community.forum.rendering import rendered

from . import blocking
from .events import MessageSent, PersonAdded
from .models import Conversation, Message, Participant
from .policies import MEMBER, MOST_PEOPLE, Limits, is_reachable
from .searching import words_of

DAY = timedelta(days=1)
Read = Callable[[int, int], None]
_read: list[Read] = []


class Refused(Exception):  # noqa: N818 - says what happened
    """It cannot be done; the message says why, in the reader's language."""


def when_read(function: Read) -> Read:
    """Call a function with conversation and member whenever somebody has read a conversation to its end."""
    if function not in _read:
        _read.append(function)
    return function


def start(*, sender_id: int, to: Sequence[Member], subject: str, body: str, limits: Limits = MEMBER) -> Conversation:
    """Begin a conversation; the same one sent twice is one. Raises `Refused`."""
    others = {member.id: member for member in to if member.id != sender_id}
    if not others:
        raise Refused(_("Say to whom you write: somebody else than yourself."))
    _check_number(len(others), limits)
    _lock(sender_id)
    known = _begun_just_now(sender_id, {sender_id, *others}, subject, body)
    if known is not None:
        return known
    _check_reachable(sender_id, others.values())
    _check_conversations(sender_id, limits)
    _check_messages(sender_id, limits)
    made = Conversation(subject=subject, words=words_of(subject), started_by_id=sender_id, created_at=utcnow())
    db.session.add(made)
    db.session.flush()
    for id_ in [sender_id, *others]:
        db.session.add(Participant(conversation_id=made.id, member_id=id_, added_by_id=sender_id, joined_at=utcnow()))
    _write(made, sender_id, body)
    return made


def _begun_just_now(sender_id: int, people: set[int], subject: str, body: str) -> Conversation | None:
    said = Message.conversation_id == Conversation.id, Message.author_id == sender_id, Message.body == body
    same = Conversation.started_by_id == sender_id, Conversation.subject == subject
    lately = Conversation.created_at > utcnow() - again.WITHIN
    rows = db.session.scalars(select(Conversation).where(*same, lately, exists().where(*said)))
    return next((row for row in rows if people == _ever_in(row.id)), None)


def _ever_in(conversation_id: int) -> set[int]:
    wanted = select(Participant.member_id).where(Participant.conversation_id == conversation_id)
    return set(db.session.scalars(wanted))


def _check_number(others: int, limits: Limits) -> None:
    if others > limits.people:
        if not limits.several:
            raise Refused(_("While you are new here you write to one person at a time."))
        raise Refused(_("At most %(most)s people take part in a conversation.", most=MOST_PEOPLE))


def _check_reachable(sender_id: int, people: Collection[Member]) -> None:
    mine, theirs = blocking.around(sender_id)
    for member in people:
        if member.id in mine:
            raise Refused(_("You blocked %(name)s. Unblock them first.", name=member.name))
        if member.id in theirs or not is_reachable(member):
            raise Refused(_("%(name)s cannot be written to.", name=member.name))


def refusal(sender_id: int, people: Collection[Member]) -> str:
    """Why one of them cannot be written to; "" where all can."""
    try:
        _check_reachable(sender_id, people)
    except Refused as refused:
        return str(refused)
    return ""


def _lock(member_id: int) -> None:
    """Keep a second request of the same person away, so that limits hold."""
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))


def _check_conversations(member_id: int, limits: Limits) -> None:
    mine = Conversation.started_by_id == member_id, Conversation.created_at > utcnow() - DAY
    if (db.session.scalar(select(func.count(Conversation.id)).where(*mine)) or 0) >= limits.conversations:
        raise Refused(
            _("You began %(num)s conversations within a day, which is as many as one can.", num=limits.conversations)
        )


def _check_messages(member_id: int, limits: Limits) -> None:
    mine = Message.author_id == member_id, Message.created_at > utcnow() - DAY
    if (db.session.scalar(select(func.count(Message.id)).where(*mine)) or 0) >= limits.messages:
        raise Refused(_("You wrote %(num)s messages within a day, which is as many as one can.", num=limits.messages))


def send(conversation_id: int, *, author_id: int, body: str, limits: Limits = MEMBER) -> Message:
    """Write in a conversation; the same words sent twice in a row are one message.

    Raises `Refused` where nobody would read it, or too much was written.
    """
    conversation, parts = _locked(conversation_id)
    if author_id not in parts:
        raise Refused(_("You left this conversation."))
    last = db.session.get(Message, conversation.last_id)
    if last is not None and (last.author_id, last.body) == (author_id, body) and _is_fresh(last):
        return last
    others = [part.member for id_, part in parts.items() if id_ != author_id]
    if not others:
        raise Refused(_("Nobody else takes part any more."))
    if len(others) == 1:
        _check_reachable(author_id, others)
    _lock(author_id)
    _check_messages(author_id, limits)
    return _write(conversation, author_id, body)


def _is_fresh(message: Message) -> bool:
    return message.created_at > utcnow() - again.WITHIN


def _locked(conversation_id: int) -> tuple[Conversation, dict[int, Participant]]:
    """The conversation, kept for this transaction, and who takes part in it now."""
    conversation = db.session.scalars(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    rows = db.session.scalars(
        select(Participant)
        .where(Participant.conversation_id == conversation_id, Participant.left_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return conversation, {row.member_id: row for row in rows}


def _write(conversation: Conversation, author_id: int, body: str) -> Message:
    made = Message(conversation_id=conversation.id, author_id=author_id, created_at=utcnow(), body=body, html="")
    show(made)
    db.session.add(made)
    db.session.flush()
    conversation.last_id = made.id
    db.session.flush()
    fact = MessageSent(actor_id=author_id, conversation_id=conversation.id, message_id=made.id)
    events.record(fact)
    return made


def show(message: Message) -> None:
    """Render a message's text and find its words."""
    made = rendered(message.body)
    message.html, message.renderer_version, message.timed_out = made.html, made.version, made.timed_out
    message.language, message.words = made.language, words_of(made.plain)


def add(conversation_id: int, *members: Member, by_id: int, limits: Limits = MEMBER) -> None:
    """Bring people in, all or none; they read what is written from now on. Raises `Refused`.

    Who left is not brought back by others.
    """
    conversation, parts = _locked(conversation_id)
    if by_id not in parts:
        raise Refused(_("You left this conversation."))
    for member in members:
        if member.id in parts:
            raise Refused(_("%(name)s takes part already.", name=member.name))
    _check_number(len(parts) - 1 + len(members), limits)
    _check_reachable(by_id, members)
    for member in members:
        if db.session.get(Participant, (conversation_id, member.id)) is not None:
            raise Refused(_("%(name)s left this conversation and cannot be brought back.", name=member.name))
    for member in members:
        part = Participant(conversation_id=conversation_id, member_id=member.id, added_by_id=by_id, joined_at=utcnow())
        part.first_id = conversation.last_id + 1
        db.session.add(part)
        db.session.flush()
        events.record(PersonAdded(actor_id=by_id, conversation_id=conversation_id, member_id=member.id))


def leave(conversation_id: int, member_id: int) -> None:
    """End somebody's part; what was written until now they may still read. A second time changes nothing."""
    conversation, parts = _locked(conversation_id)
    if member_id in parts:
        part = parts[member_id]
        part.left_at, part.last_id, part.read_id = utcnow(), conversation.last_id, conversation.last_id
        _tell_read(conversation_id, member_id)


def mute(conversation_id: int, member_id: int, *, muted: bool) -> None:
    """Be told nothing more of a conversation, or be told again; unread messages are counted all the same."""
    mine = Participant.conversation_id == conversation_id, Participant.member_id == member_id
    db.session.execute(update(Participant).where(*mine).values(muted=muted))


def mark_read(conversation_id: int, member_id: int, message_id: int) -> None:
    """Somebody saw the messages up to this one. A mark only ever moves up, and not beyond what there is."""
    newest = select(Conversation.last_id).where(Conversation.id == conversation_id).scalar_subquery()
    mine = Participant.conversation_id == conversation_id, Participant.member_id == member_id
    higher = Participant.read_id < message_id, newest >= message_id
    db.session.execute(update(Participant).where(*mine, *higher).values(read_id=message_id))
    if message_id >= (db.session.scalar(select(newest)) or 0):
        _tell_read(conversation_id, member_id)


def _tell_read(conversation_id: int, member_id: int) -> None:
    for function in _read:
        function(conversation_id, member_id)
