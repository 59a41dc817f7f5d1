"""Conversations as those who take part read them. Every statement begins at the reader's own row in them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from community.accounts.cards import PersonCard, card
from community.core.db import db
from community.core.markup import excerpt
from community.core.policies import Actor

from .models import Conversation, MemberBlock, Message, Participant
from .searching import matching

A_PAGE = 30
EXCERPT = 140

# The newest message that a participant may read; no two conversations share one, so lists go on from it.
_NEWEST: ColumnElement[int] = case((Participant.last_id.is_not(None), Participant.last_id), else_=Conversation.last_id)


def readable() -> ColumnElement[bool]:
    """The messages of `Participant`'s conversation that the participant may read."""
    return and_(
        Message.conversation_id == Participant.conversation_id,
        Message.id >= Participant.first_id,
        or_(Participant.last_id.is_(None), Message.id <= Participant.last_id),
    )


def _from_blocked() -> ColumnElement[bool]:
    theirs = MemberBlock.blocker_id == Participant.member_id, MemberBlock.blocked_id == Message.author_id
    return exists().where(*theirs).correlate(Participant, Message)


def _unread() -> Any:
    """How many messages of others a participant has not read; those of people whom they blocked do not count."""
    above = Message.id > Participant.read_id, Message.author_id != Participant.member_id
    counted = select(func.count(Message.id)).where(readable(), *above, ~_from_blocked())
    return counted.correlate(Participant).scalar_subquery()


def unread_in(member_id: int, conversation_id: int) -> int:
    """How many messages of a conversation a member has not read."""
    mine = Participant.member_id == member_id, Participant.conversation_id == conversation_id
    return db.session.scalar(select(_unread()).select_from(Participant).where(*mine)) or 0


def part_of(actor: Actor, conversation_id: int) -> Participant | None:
    """The actor's part in a conversation; None where they have none, whoever they are."""
    return db.session.scalar(
        select(Participant)
        .where(Participant.member_id == actor.id, Participant.conversation_id == conversation_id)
        .options(joinedload(Participant.conversation))
    )


def message_for(actor: Actor, message_id: int) -> Message | None:
    """A message, for whoever takes part in its conversation and may read it."""
    return db.session.scalar(
        select(Message)
        .join(Participant, readable())
        .where(Message.id == message_id, Participant.member_id == actor.id)
        .options(joinedload(Message.author), joinedload(Message.conversation))
    )


def readable_by(actor: Actor, message_ids: Collection[int]) -> dict[int, int]:
    """Those of several messages that the actor takes part in and may read, each with the id of its author."""
    rows = db.session.execute(
        select(Message.id, Message.author_id)
        .join(Participant, readable())
        .where(Message.id.in_(message_ids), Participant.member_id == actor.id)
    )
    return {row[0]: row[1] for row in rows}


def people_in(conversation_ids: Iterable[int]) -> dict[int, list[Participant]]:
    """Who takes part in conversations or did, in the order in which they came."""
    rows = db.session.scalars(
        select(Participant)
        .where(Participant.conversation_id.in_(list(conversation_ids)))
        .order_by(Participant.joined_at, Participant.member_id)
        .options(joinedload(Participant.member))
    )
    found: dict[int, list[Participant]] = defaultdict(list)
    for row in rows:
        found[row.conversation_id].append(row)
    return found


def known_to(part: Participant, people: Iterable[Participant]) -> list[Participant]:
    """Those of a conversation of whom its participant knows: who left learns of nobody who came later."""
    return [each for each in people if part.left_at is None or each.joined_at <= part.left_at]


@dataclass(frozen=True)
class Row:
    """A conversation in a list: with whom, the newest words, and how much of it is unread."""

    id: int
    subject: str
    others: Sequence[PersonCard]
    author: str
    excerpt: str
    language: str
    at: datetime
    unread: int
    muted: bool
    left: bool


@dataclass(frozen=True)
class Listed:
    """Some conversations, and the key from which the next ones go on; None at the end."""

    rows: Sequence[Row]
    next: int | None


def list_for(actor: Actor, before: int | None) -> Listed:
    """The actor's conversations, the one with the newest message first, in three statements."""
    shown = _own(actor, _NEWEST.label("newest")).order_by(_NEWEST.desc()).limit(A_PAGE + 1)
    return _listed(actor, shown if before is None else shown.where(before > _NEWEST))


def search(actor: Actor, query: str, before: int | None) -> Listed:
    """The actor's conversations in which all the words stand together in one message, or in the subject.

    Each shows the newest message that was found.
    """
    newest = func.max(Message.id)
    found = (
        _own(actor, newest.label("newest"))
        .join(Message, readable())
        .where(matching(query, Message.words, Conversation.words))
        .group_by(Participant.conversation_id, Participant.member_id, Conversation.id)
        .order_by(newest.desc())
        .limit(A_PAGE + 1)
    )
    return _listed(actor, found if before is None else found.having(newest < before))


def _own(actor: Actor, newest: Any) -> Select[Any]:
    return (
        select(Participant, newest, _unread())
        .join(Conversation, Conversation.id == Participant.conversation_id)
        .where(Participant.member_id == actor.id)
        .options(contains_eager(Participant.conversation))
    )


def _listed(actor: Actor, statement: Select[Any]) -> Listed:
    found = db.session.execute(statement).unique().all()
    shown = found[:A_PAGE]
    people = people_in(part.conversation_id for part, _newest, _unread_ in shown)
    newest = {part.conversation_id: id_ for part, id_, _unread_ in shown if id_ >= part.first_id}
    messages = _by_id(actor, newest.values())
    rows = [
        _row(part, people[part.conversation_id], messages.get(newest.get(part.conversation_id, 0)), unread)
        for part, _id, unread in shown
    ]
    return Listed(rows, shown[-1][1] if len(found) > A_PAGE else None)


def _by_id(actor: Actor, ids: Iterable[int]) -> dict[int, Message]:
    """Messages by their numbers, without those of people whom the actor blocked."""
    blocked = select(MemberBlock.blocked_id).where(MemberBlock.blocker_id == actor.id)
    wanted = Message.id.in_(list(ids)), Message.author_id.not_in(blocked)
    rows = db.session.scalars(select(Message).where(*wanted).options(joinedload(Message.author)))
    return {row.id: row for row in rows}


def _row(part: Participant, people: Sequence[Participant], message: Message | None, unread: int) -> Row:
    others = [card(each.member) for each in known_to(part, people) if each.member_id != part.member_id]
    own = message is not None and message.author_id == part.member_id
    return Row(
        id=part.conversation_id,
        subject=part.conversation.subject,
        others=others,
        author="" if message is None or own else message.author.name,
        excerpt=_first_words(message) if message else "",
        language=message.language if message else "",
        at=message.created_at if message else part.joined_at,
        unread=unread,
        muted=part.muted,
        left=part.left_at is not None,
    )


def _first_words(message: Message) -> str:
    return excerpt(Markup(message.html).striptags(), EXCERPT)  # noqa: S704 - sanitised when it was written


@dataclass(frozen=True)
class Shown:
    """One message as a reader sees it; `folded` where they blocked who wrote it, `new` where the unread ones begin."""

    message: Message
    person: PersonCard
    folded: bool
    new: bool


@dataclass(frozen=True)
class Pages:
    """Some messages of a conversation in their order, and the keys from which earlier and later ones go on."""

    rows: Sequence[Shown]
    earlier: int | None
    later: int | None

    @property
    def last_id(self) -> int:
        """The last message that is shown, 0 where there is none."""
        return self.rows[-1].message.id if self.rows else 0


def page_of(part: Participant, blocked: set[int], *, before: int | None, after: int | None) -> Pages:
    """One page of what a participant may read: the newest, what stands before a message, or what follows one."""
    mine = Participant.member_id == part.member_id, Participant.conversation_id == part.conversation_id
    wanted = select(Message).join(Participant, readable()).where(*mine).options(joinedload(Message.author))
    forward = after is not None and before is None
    order = Message.id.asc() if forward else Message.id.desc()
    if forward:
        wanted = wanted.where(Message.id > after)
    elif before is not None:
        wanted = wanted.where(Message.id < before)
    found = list(db.session.scalars(wanted.order_by(order).limit(A_PAGE + 1)))
    more, rows = len(found) > A_PAGE, found[:A_PAGE]
    rows = rows if forward else rows[::-1]
    first, last = (rows[0].id, rows[-1].id) if rows else (0, 0)
    earlier = first if rows and (forward or more) else None
    later = last if rows and (more if forward else before is not None) else None
    return Pages(_shown(part, rows, blocked), earlier, later)


def _shown(part: Participant, rows: Sequence[Message], blocked: set[int]) -> list[Shown]:
    unread = [row.id for row in rows if row.id > part.read_id and row.author_id not in {part.member_id, *blocked}]
    first = min(unread, default=0) if part.left_at is None else 0
    return [Shown(row, card(row.author), row.author_id in blocked, row.id == first) for row in rows]
