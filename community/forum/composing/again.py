"""What is sent twice, by a double click or because its answer got lost, is written once."""

from datetime import timedelta

from sqlalchemy import select

from community.core.db import db, utcnow

from .. import queries
from ..models import Post, Thread
from ..reactions.limits import lock_voter

WITHIN = timedelta(minutes=10)  # later the same words may be meant


def thread(*, space_id: int, author_id: int, title: str, body: str) -> Post | None:
    """What opens the thread that the author began in this space just now with the same words.

    Their next request waits until this transaction ends, so that of two at once the second finds the first.
    """
    lock_voter(author_id)
    return db.session.scalar(
        select(Post)
        .join(Post.thread)
        .where(
            Thread.author_id == author_id,
            Thread.created_at > utcnow() - WITHIN,
            Thread.space_id == space_id,
            Thread.title == title,
            Thread.hidden_at.is_(None),
            Thread.merged_into_id.is_(None),
            Post.number == 1,
            Post.body == body,
        )
        .limit(1)
    )


def reply(thread: Thread, *, author_id: int, body: str) -> Post | None:
    """The thread's newest reply, where the author wrote it with the same words; their next request waits as above.

    What they took back themselves they may say once more.
    """
    lock_voter(author_id)
    newest = queries.last_post_by(thread, author_id)
    if newest is None or newest.body != body or newest.hidden_by_id == author_id:
        return None
    return newest
