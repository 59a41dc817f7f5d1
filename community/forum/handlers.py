"""What the forum does after facts, as jobs."""

from sqlalchemy import delete, select, update

from community.accounts.events import ProfileChanged
from community.core import indexing
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.search.documents import Reader
from community.spaces.events import SpaceChanged

from .arranging.operations import touch_beside
from .events import PostEdited, ThreadEvent, ThreadHidden, ThreadMerged, ThreadRestored, ThreadSplit, ThreadStarted
from .models import Post, RelatedThread, Thread

RELATED = 6


@subscribe(ThreadStarted)
def find_related(event: ThreadStarted, _fact: Fact) -> None:
    """Find threads alike once, when a thread is new, so that reading it costs one statement.

    Whether the reader may see them is asked when they are shown; here all of open audience are candidates.
    """
    thread = db.session.get_one(Thread, event.thread_id)
    spaces = frozenset(db.session.scalars(select(Thread.space_id).distinct()))
    hits = indexing.index().similar(
        thread.title, Reader(spaces, frozenset({"public"})), limit=RELATED, kinds=frozenset({"thread"})
    )
    db.session.execute(delete(RelatedThread).where(RelatedThread.thread_id == thread.id))
    others = [hit.id for hit in hits if hit.id != thread.id]
    known = set(db.session.scalars(select(Thread.id).where(Thread.id.in_(others))))
    db.session.add_all(
        RelatedThread(thread_id=thread.id, other_id=other, rank=rank)
        for rank, other in enumerate(other for other in others if other in known)
    )
    thread.touch()


@subscribe(ProfileChanged)
def show_new_name(event: ProfileChanged, _fact: Fact) -> None:
    """Threads in which the member wrote show the new name and picture."""
    written = select(Post.thread_id).where(Post.author_id == event.member_id)
    db.session.execute(update(Thread).where(Thread.id.in_(written)).values(version=Thread.version + 1))


@subscribe(ThreadHidden, ThreadRestored)
def reindex_posts(event: ThreadEvent, _fact: Fact) -> None:
    """The replies of a hidden thread leave the index with it, and come back with it."""
    ids = db.session.scalars(select(Post.id).where(Post.thread_id == event.thread_id, Post.number > 1))
    indexing.mark("post", *ids)


@subscribe(PostEdited)
def refresh_related(event: PostEdited, fact: Fact) -> None:
    """A new title may be like other threads."""
    post = db.session.get_one(Post, event.post_id)
    if post.opens:
        touch_beside(Thread.id == event.thread_id)
        find_related(ThreadStarted(thread_id=event.thread_id, post_id=post.id, kind=post.thread.kind), fact)


@subscribe(ThreadSplit)
def relate_what_was_split_off(event: ThreadSplit, fact: Fact) -> None:
    """The new thread has threads alike, as others do."""
    kind = db.session.get_one(Thread, event.new_thread_id).kind
    find_related(ThreadStarted(thread_id=event.new_thread_id, post_id=0, kind=kind), fact)


@subscribe(ThreadMerged)
def forget_what_was_merged(event: ThreadMerged, _fact: Fact) -> None:
    """A thread without posts is like no other one."""
    touch_beside(Thread.id == event.thread_id)
    both = (RelatedThread.thread_id == event.thread_id) | (RelatedThread.other_id == event.thread_id)
    db.session.execute(delete(RelatedThread).where(both))


@subscribe(SpaceChanged)
def show_whose_space_changed(event: SpaceChanged, _fact: Fact) -> None:
    """Where a space has other readers or another name, pages that name its threads beside others show that."""
    if event.visibility_before != event.visibility_after or "name" in event.changed:
        touch_beside(Thread.space_id == event.space_id)
