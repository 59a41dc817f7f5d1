"""What follows an import, as jobs: finding threads alike, once the index knows them all."""

from datetime import timedelta

from sqlalchemy import exists, select

from community.core import indexing
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.jobs import enqueue, job
from community.forum.events import ThreadStarted
from community.forum.handlers import find_related
from community.forum.models import RelatedThread, Thread

from .events import CommunityImported

THREADS_A_JOB = 50
INDEX_PAUSE = timedelta(seconds=30)


@subscribe(CommunityImported)
def begin_relating(event: CommunityImported, _fact: Fact) -> None:
    """Imported threads get their threads alike as new ones do, some at a time."""
    enqueue(relate, space_id=event.space_id, after=0)


@job
def relate(space_id: int, after: int) -> None:
    """Find threads alike for some of a space's threads that have none yet; the next are another job's."""
    if indexing.waiting():
        enqueue(relate, run_at=utcnow() + INDEX_PAUSE, space_id=space_id, after=after)
        return
    threads = db.session.execute(
        select(Thread.id, Thread.kind)
        .where(
            Thread.space_id == space_id,
            Thread.id > after,
            ~exists().where(RelatedThread.thread_id == Thread.id),
        )
        .order_by(Thread.id)
        .limit(THREADS_A_JOB)
    ).all()
    for thread_id, kind in threads:
        find_related(ThreadStarted(thread_id=thread_id, post_id=0, kind=kind), Fact(0, utcnow()))
    if threads:
        enqueue(relate, space_id=space_id, after=threads[-1].id)
