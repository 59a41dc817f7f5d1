"""Bringing home what happened at a desk: each public word once, in order, and the status in our own terms.

Pushes and polls only say that something changed; what is brought home is always read from the desk itself.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import select

from bridge.desks.contract import Comment, Snapshot
from bridge.queries.models import Query
from community import public
from community.core.db import db, transaction, utcnow

from . import keys
from .fetching import HomeFile
from .following import follow
from .models import DeskMessage, HandOver, MessageState


def receive(
    hand_over_id: int, snapshot: Snapshot, files: Mapping[str, Sequence[HomeFile]] = MappingProxyType({})
) -> None:
    """Take over what a snapshot shows and we do not have yet, all of it in one transaction.

    `files` were fetched before, by the id of the comment they hang on. Raises `OtherThreadsError` where they were
    fetched for other threads than those that travel with the query now; nothing is taken over then.
    """
    with transaction():
        hand_over = db.session.scalar(select(HandOver).where(HandOver.id == hand_over_id).with_for_update())
        if hand_over is None or not hand_over.active or _is_older(hand_over, snapshot):
            return
        words = new_words(hand_over, snapshot)
        changed = snapshot.status != hand_over.desk_status
        kept = [_keep(hand_over, comment, files.get(comment.id, ())) for comment in words]
        hand_over.desk_status, hand_over.raw_status = snapshot.status, snapshot.raw_status[:80]
        hand_over.sequence, hand_over.seen_at = max(hand_over.sequence, snapshot.sequence), utcnow()
        if kept or changed:
            follow(hand_over, kept, snapshot.status if changed else None, files)


def touch_threads_of(hand_over: HandOver) -> None:
    """The pages of the threads show something else now."""
    for link in db.session.get_one(Query, hand_over.query_id).links:
        public.touch_thread(link.thread_id)


def _is_older(hand_over: HandOver, snapshot: Snapshot) -> bool:
    return bool(snapshot.sequence) and snapshot.sequence < hand_over.sequence


def new_words(hand_over: HandOver, snapshot: Snapshot) -> list[Comment]:
    """What was said at the desk that we do not have yet, our own words left out."""
    known = set(
        db.session.scalars(
            select(DeskMessage.remote_id).where(
                DeskMessage.hand_over_id == hand_over.id, DeskMessage.remote_id.is_not(None)
            )
        )
    )
    ours = keys.installation()
    return [
        comment
        for comment in snapshot.comments
        if comment.id not in known and not comment.own and not keys.mark_in(comment.text).startswith(f"{ours}-")
    ]


def _keep(hand_over: HandOver, comment: Comment, files: Sequence[HomeFile]) -> DeskMessage:
    message = DeskMessage(
        hand_over_id=hand_over.id,
        remote_id=comment.id,
        state=MessageState.RECEIVED.value,
        author=comment.author[:120],
        text=comment.text,
        files=[file.as_kept() for file in files],
        at=comment.at,
    )
    db.session.add(message)
    db.session.flush()
    return message
