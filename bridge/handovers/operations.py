"""Deciding that a query goes to a desk, and that words follow it. The sending itself is a job, after the commit."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from bridge.desks.contract import DeskStatus
from bridge.queries.models import Query, QueryThread, StepKind
from bridge.queries.operations import record
from community.core import i18n
from community.core.db import db, utcnow
from community.core.policies import Actor

from . import attaching, keys, policies
from .models import DeskMessage, HandOver, HandOverState, MessageState, ServiceDesk
from .outgoing import only_points, outgoing_of, pointer_of
from .queries import active_of, locked
from .routing import desk_for
from .sending import go_on


def hand_over(query: Query, *, desk: ServiceDesk | None = None, by_id: int | None = None) -> HandOver | None:
    """Let a query go to the desk that its class and space lead to, or to this one; None where the built-in desk has it.

    A query that is on its way already stays on it. Recorded in the present transaction, sent after it.
    """
    present = active_of(query.id)
    chosen = desk or desk_for(query)
    if present is not None or chosen is None:
        return present
    turn = 1 + (db.session.scalar(select(func.count(HandOver.id)).where(HandOver.query_id == query.id)) or 0)
    made = HandOver(query_id=query.id, desk_id=chosen.id, ref=keys.ref_of(query.reference, turn), queued_at=utcnow())
    made.desk = chosen
    made.outgoing = asdict(outgoing_of(query, made))
    db.session.add(made)
    db.session.flush()
    record(query, StepKind.HANDED_OVER, by_id, utcnow(), to_value=chosen.name)
    for link in query.links:
        if link.active:
            let_files_follow(made, link)
    go_on(made)
    return made


def let_files_follow(hand_over: HandOver, link: QueryThread) -> None:
    """The files that were there when a thread was taken to the desk go right after it, a message for each post."""
    if only_points(hand_over.query, hand_over.desk):
        return
    for post in attaching.posts_with_files(link):
        files = attaching.files_with(hand_over, post, link.author_id)
        with i18n.speaking(hand_over.desk.language):
            text = _("Files that came with the question:") if post.number == 1 else _("Files that came with a reply:")
        if files:
            author = post.author.name
            say(hand_over, text, author=author, source=f"post:{post.id}:files", at=post.created_at, files=files)


def say(
    hand_over: HandOver,
    text: str,
    *,
    author: str,
    source: str,
    at: datetime | None = None,
    files: Sequence[dict[str, Any]] = (),
) -> None:
    """Let words follow a query to its desk, with the files that hang on them; the same `source` is sent once.

    A desk that is only told where to read gets that in place of them.
    """
    if only_points(hand_over.query, hand_over.desk):
        text, author, files = pointer_of(hand_over.desk, hand_over.outgoing["thread_url"]), "", ()
    _add(hand_over, source, text=text, author=author[:120], at=at or utcnow(), files=list(files))


def tell_status(hand_over: HandOver, status: DeskStatus, *, source: str) -> None:
    """Let the desk know how the query stands now, where it takes that status."""
    _add(hand_over, source, status=status.value)


def tell_priority(hand_over: HandOver, priority: int, *, source: str) -> None:
    """Let the desk know the priority here, 1 (highest) to 5: as its own priority where it takes one.

    Elsewhere it is said in words, for nobody there would learn otherwise that more people are affected or that staff
    judged anew. They are public words: the number is no secret, its reasons stay here, and who reads a query at such a
    desk sees there what the desk goes by.
    """
    with i18n.speaking(hand_over.desk.language):
        text = _("The priority was changed in the community: %(number)s.", number=priority)
    _add(hand_over, source, priority=priority, text=text)


def _add(hand_over: HandOver, source: str, **fields: object) -> None:
    known = select(DeskMessage.id).where(DeskMessage.hand_over_id == hand_over.id, DeskMessage.source == source)
    if db.session.scalar(known) is not None:
        return
    db.session.add(DeskMessage(hand_over_id=hand_over.id, source=source, **fields))
    db.session.flush()
    go_on(hand_over)


def retry(hand_over: HandOver) -> None:
    """Try again what was given up."""
    locked(hand_over.id)
    if hand_over.state == HandOverState.DEAD:
        hand_over.state = HandOverState.SENT if hand_over.remote_id else HandOverState.QUEUED
    hand_over.attempts, hand_over.error = 0, ""
    hand_over.desk.failures, hand_over.desk.paused_until = 0, None
    for message in _dead_messages(hand_over):
        message.state, message.error = MessageState.QUEUED, ""
    go_on(hand_over)


def _dead_messages(hand_over: HandOver) -> Iterable[DeskMessage]:
    return db.session.scalars(
        select(DeskMessage).where(DeskMessage.hand_over_id == hand_over.id, DeskMessage.state == MessageState.DEAD)
    )


def retract(hand_over: HandOver, reason: str, *, by: Actor) -> None:
    """Take a query back from a desk: the desk is told why if it has it, or may have it, and nothing more is sent."""
    query = db.session.get_one(Query, hand_over.query_id)
    record(query, StepKind.RETRACTED, by.id, utcnow(), text=reason, from_value=hand_over.desk.name)
    if hand_over.state not in (HandOverState.DRAFT, HandOverState.QUEUED):
        say(hand_over, reason, author=by.name, source=f"retract:{hand_over.id}")
        tell_status(hand_over, DeskStatus.REJECTED, source=f"retract:{hand_over.id}:status")
    hand_over.active, hand_over.state = False, HandOverState.RETRACTED


def keep_apart(query: Query, *, by: Actor) -> None:
    """A query that became restricted leaves a desk that may not know of it, for the one to which its class was sent by
    name or the built-in one; the desk is not told why, and words that wait to follow it there are dropped.
    """
    present = active_of(query.id)
    if present is None or policies.may_have(present.desk, query):
        return
    drop_waiting(present)
    with i18n.speaking(present.desk.language):
        reason = _("This is worked on elsewhere now.")
    move(query, desk_for(query), reason, by=by)


def drop_waiting(hand_over: HandOver, *, source: str = "") -> bool:
    """Let words that wait stay here, those of one `source` or all; whether none of them may have gone already.

    Of words that had begun to go nobody knows: where the desk does not have them yet, it gets an empty message.
    """
    locked(hand_over.id)
    of_it = (DeskMessage.source == source) | DeskMessage.source.startswith(f"{source}:", autoescape=True)
    mine = [DeskMessage.hand_over_id == hand_over.id, DeskMessage.text != "", *([of_it] if source else [])]
    rows = db.session.scalars(select(DeskMessage).where(*mine, DeskMessage.source.is_not(None))).all()
    for message in rows:
        if message.state in (MessageState.QUEUED, MessageState.DEAD):
            db.session.delete(message)
        elif message.state == MessageState.SENDING:
            message.text, message.files = "[…]", []
    db.session.flush()
    return all(message.state in (MessageState.QUEUED, MessageState.DEAD) for message in rows)


def move(query: Query, desk: ServiceDesk | None, reason: str, *, by: Actor) -> HandOver | None:
    """Let another desk go on with a query, the built-in one where None; what happened so far goes along."""
    present = active_of(query.id)
    if present is not None:
        retract(present, reason, by=by)
        db.session.flush()
    return hand_over(query, desk=desk, by_id=by.id) if desk is not None else None
