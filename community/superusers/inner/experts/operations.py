"""Pools, questions, answers, and answers that are published."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select, update

from community.core import events
from community.core.db import db, utcnow
from community.core.markup import without_private
from community.forum import operations as forum
from community.forum.composing.copying import with_own_files
from community.forum.editing.operations import FILE_LINK
from community.forum.models import Attachment, Kind, Post, Thread
from community.forum.rendering import rendered

from ..people import still_inside
from ..place import inner_space
from .events import ExpertAnswered, ExpertAsked, ExpertPublished, ExpertTook
from .models import ExpertPool, ExpertQuestion, PoolExpert


def write_pool(pool: ExpertPool, *, name: str, about: str, tags: Iterable[str], member_ids: Collection[int]) -> None:
    """Make a pool or change it; its experts are exactly these. What somebody took who is none of them waits again."""
    pool.name, pool.about, pool.tags = name, about, list(tags)
    db.session.add(pool)
    db.session.flush()
    db.session.execute(delete(PoolExpert).where(PoolExpert.pool_id == pool.id))
    db.session.add_all(PoolExpert(pool_id=pool.id, member_id=id_) for id_ in sorted(member_ids))
    left = ExpertQuestion.taken_by_id.not_in(member_ids), ExpertQuestion.answered_at.is_(None)
    again = update(ExpertQuestion).where(ExpertQuestion.pool_id == pool.id, *left)
    db.session.execute(again.values(taken_by_id=None, taken_at=None))
    db.session.flush()


def ask(pool: ExpertPool, *, asker_id: int, title: str, body: str, thread_id: int | None) -> ExpertQuestion:
    """Ask a pool, for the sake of a thread where one is given."""
    made = ExpertQuestion(
        pool_id=pool.id,
        asker_id=asker_id,
        title=title,
        body=body,
        body_html=rendered(body).html,
        thread_id=thread_id,
    )
    db.session.add(made)
    db.session.flush()
    events.record(ExpertAsked(actor_id=asker_id, question_id=made.id))
    return made


def take(question: ExpertQuestion, *, by_id: int) -> None:
    """Say that one answers it. The row is locked, so that one does."""
    question.taken_by_id, question.taken_at = by_id, utcnow()
    events.record(ExpertTook(actor_id=by_id, question_id=question.id))


def give_back(question: ExpertQuestion) -> None:
    """Somebody else of the pool may take it."""
    question.taken_by_id = question.taken_at = None


def answer(question: ExpertQuestion, body: str, *, by_id: int) -> None:
    """Answer it. Question and answer stand in the inner space, if there is one, as a thread of who asked."""
    question.answer, question.answer_html, question.answered_at = body, rendered(body).html, utcnow()
    space = inner_space()
    if space is not None:
        author_id = question.asker_id if still_inside([question.asker_id]) else by_id
        thread = forum.start_thread(
            space=space, author_id=author_id, kind=Kind.QUESTION.value, title=question.title, body=question.body
        )
        forum.reply(thread, author_id=by_id, body=body)
        question.inner_thread_id = thread.id
    events.record(ExpertAnswered(actor_id=by_id, question_id=question.id))


def for_everybody(question: ExpertQuestion) -> str:
    """What of the answer may be read by everybody: without what was marked to stay here."""
    return without_private(question.answer)[0].strip()


def _public_files(question: ExpertQuestion) -> list[str]:
    """Keys of the files in what everybody may read of the answer, as far as they are whose answer it is."""
    keys = FILE_LINK.findall(for_everybody(question))
    own = select(Attachment.key).where(Attachment.key.in_(keys), Attachment.member_id == question.taken_by_id)
    return list(db.session.scalars(own))


def publish(question: ExpertQuestion, thread: Thread, body: str, *, by_id: int) -> Post:
    """Put the answer's text, and nothing else, into the thread for whose sake it was asked.

    With it come files of the answer, those that its public part shows; of the question none.
    """
    post = forum.reply(thread, author_id=by_id, body=with_own_files(body, by_id=by_id, lent=_public_files(question)))
    question.published_id, question.published_at, question.published_by_id = post.id, utcnow(), by_id
    events.record(ExpertPublished(actor_id=by_id, question_id=question.id, thread_id=thread.id, post_id=post.id))
    return post
