"""What becomes of queries when the threads that travel with them are merged or named duplicates.

A merged thread's queries go along into the other thread. Where that has an open query of its own already, the one that
comes along is from then on one about something else there: both stay open, and the desk decides which to close.
"""

from sqlalchemy import select

from bridge.promotion.looking import look_at_thread
from bridge.queries import operations, queries
from bridge.queries.models import Query, QueryThread, Status
from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import (
    ThreadEvent,
    ThreadMarkedDuplicate,
    ThreadMerged,
    ThreadMoved,
    ThreadSplit,
    ThreadUnmarkedDuplicate,
)


@subscribe(ThreadMerged)
def go_along(event: ThreadMerged, _fact: Fact) -> None:
    """Queries of the merged thread travel with the other one; run again, there is nothing left to move."""
    source, target = public.thread_snapshot(event.thread_id), public.thread_snapshot(event.target_id)
    links = _locked_links(event.thread_id)
    if source is None or target is None or not links:
        return
    taken = {link.topic for link in _locked_links(target.id) if link.active}
    for link in links:
        _take_along(link, target.id, taken)
    db.session.flush()
    for query_id in sorted({link.query_id for link in links}):
        operations.count_people(queries.known(query_id))
    public.touch_thread(target.id)


def _locked_links(thread_id: int) -> list[QueryThread]:
    ids = select(QueryThread.query_id).where(QueryThread.thread_id == thread_id)
    db.session.execute(select(Query.id).where(Query.id.in_(ids)).order_by(Query.id).with_for_update())
    return list(
        db.session.scalars(select(QueryThread).where(QueryThread.thread_id == thread_id).order_by(QueryThread.id))
    )


def _take_along(link: QueryThread, target_id: int, taken: set[str]) -> None:
    """A query that travels with both stays with the target; one of its own moves, under another topic if need be."""
    if any(other.thread_id == target_id for other in link.query.links):
        link.active = False
        return
    before = link.thread_id
    if link.active and link.topic in taken:
        link.topic = f"thread-{before}"
    link.thread_id = target_id
    taken.add(link.topic)
    if link.active and not link.topic:
        resolved = link.query.status == Status.RESOLVED
        public.set_desk_state(target_id, public.State.RESOLVED if resolved else public.State.WITH_DESK)


@subscribe(ThreadMoved, ThreadMarkedDuplicate, ThreadUnmarkedDuplicate, ThreadMerged, ThreadSplit)
def look_again(event: ThreadEvent, _fact: Fact) -> None:
    """The rules look at every thread that the act concerned, and its queries count their people again."""
    others = (getattr(event, name, None) for name in ("other_id", "target_id", "new_thread_id"))
    for thread_id in (event.thread_id, *(id_ for id_ in others if id_ is not None)):
        thread = public.thread_snapshot(thread_id)
        for query in queries.active_queries_of(thread_id, lock=True):
            operations.count_people(query)
        if thread is not None and thread.kind != "announcement":
            look_at_thread(thread_id, space_id=thread.space.id)
