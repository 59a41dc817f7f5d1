"""Did it last? Some days after an answer was accepted its author is asked, once."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select, update

from community.core import events
from community.core.db import db, utcnow
from community.core.jobs import every
from community.core.settings import Settings

from .. import operations
from ..events import AnswerConfirmed, ConfirmationAsked
from ..models import Kind, Post, Thread

# Answers accepted long before somebody could be asked, such as imported ones, are left alone.
TOO_LATE = timedelta(days=30)
ASKED_AT_ONCE = 200


@every(minutes=30)
def ask_authors() -> None:
    """Ask the authors of questions that were solved so many days ago; each acceptance is asked about once."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    if not settings.confirm_after_days:
        return
    before = utcnow() - timedelta(days=settings.confirm_after_days)
    due = (
        select(Thread)
        .where(
            Thread.solved_at <= before,
            Thread.solved_at > before - TOO_LATE,
            Thread.solution_id.is_not(None),
            Thread.confirmation_asked_at.is_(None),
            Thread.kind == Kind.QUESTION,
            Thread.closed_at.is_(None),
            Thread.hidden_at.is_(None),
        )
        .order_by(Thread.solved_at)
        .limit(ASKED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for thread in db.session.scalars(due).all():
        _ask(thread)


def _ask(thread: Thread) -> None:
    thread.confirmation_asked_at = utcnow()
    events.record(ConfirmationAsked(thread_id=thread.id, post_id=thread.solution_id or 0, author_id=thread.author_id))


def confirm(thread: Thread) -> bool:
    """Its author says that the answer lasted; whether that is news."""
    now = utcnow()
    said = (
        update(Thread)
        .where(Thread.id == thread.id, Thread.solution_id == thread.solution_id, Thread.confirmed_at.is_(None))
        .values(
            confirmed_at=now,
            confirmation_asked_at=func.coalesce(Thread.confirmation_asked_at, now),  # so nobody asks again
            version=Thread.version + 1,
        )
        .returning(Thread.solution_id)
        .execution_options(synchronize_session=False)
    )
    post_id = db.session.scalar(said)
    if post_id is None:
        return False
    db.session.expire(thread)
    solver_id = db.session.scalar(select(Post.author_id).where(Post.id == post_id)) or 0
    events.record(AnswerConfirmed(actor_id=thread.author_id, thread_id=thread.id, post_id=post_id, solver_id=solver_id))
    return True


def deny(thread: Thread) -> None:
    """It did not last: the answer is taken back, and the thread is open again."""
    operations.unaccept(thread, by_id=thread.author_id)
