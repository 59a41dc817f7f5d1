"""What the bridge does when something happens in the forum."""

from datetime import datetime

from bridge.queries import operations, queries
from bridge.queries.models import Query, Status
from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HaveTooAdded,
    HaveTooRemoved,
    ReplyPosted,
    ThreadEvent,
)


@subscribe(ReplyPosted)
def hear_the_author(event: ReplyPosted, fact: Fact) -> None:
    """A word of the author's was what the desk waited for."""
    if event.origin == "desk" or event.actor_id is None:
        return
    for query in queries.active_queries_of(event.thread_id, lock=True):
        authors = {link.author_id for link in query.links if link.thread_id == event.thread_id}
        if event.actor_id in authors and _waits(query, fact.at):
            operations.hear(query, by_id=event.actor_id, at=fact.at)


@subscribe(AnswerAccepted)
def follow_acceptance(event: AnswerAccepted, fact: Fact) -> None:
    """An answer of the desk was accepted, proposed or not: done. For another one the desk is told that it can close."""
    found = queries.active_queries_of(event.thread_id, lock=True)
    if not found or _solution_of(event.thread_id) != event.post_id or event.actor_id is None:
        return
    post = public.post_snapshot_of(event.post_id)
    for query in found:
        links = [link for link in query.links if link.thread_id == event.thread_id]
        whole = not any(link.topic for link in links)
        if any(link.answer_post_id == event.post_id for link in links) or (whole and post and post.origin == "desk"):
            operations.close(query, by_id=event.actor_id, at=fact.at)
        elif not query.peer_answer and whole:
            operations.note_peer_answer(query, by_id=event.actor_id, at=fact.at)


@subscribe(AnswerUnaccepted)
def follow_withdrawal(event: AnswerUnaccepted, fact: Fact) -> None:
    """The answer does not help after all: what was closed for it is opened again."""
    query = queries.answered_in(event.thread_id, event.post_id)
    if query is None or _solution_of(event.thread_id) is not None or event.actor_id is None:
        return
    if query.status == Status.CLOSED:
        operations.reopen(query, by_id=event.actor_id, at=fact.at)
    query.peer_answer = False


@subscribe(HaveTooAdded, HaveTooRemoved)
def count_the_affected(event: ThreadEvent, fact: Fact) -> None:
    """People affected are counted again."""
    for query in queries.active_queries_of(event.thread_id, lock=True):
        operations.count_people(query)
    db.session.flush()


def _waits(query: Query, at: datetime) -> bool:
    """Whether the desk had asked by then, and still waits."""
    return query.status == Status.WAITING_USER and query.waiting_since is not None and at >= query.waiting_since


def _solution_of(thread_id: int) -> int | None:
    thread = public.thread_snapshot(thread_id)
    return thread.solution_id if thread else None
