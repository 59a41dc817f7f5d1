"""Posts that change their thread: replies split off into one of their own, a whole thread merged into another.

Numbers within a thread stay without gaps, for paging counts on it. A post's own address, `/posts/17`, always leads to
where it stands now, and the address of a merged thread to the one that its posts are in.
"""

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, delete, func, or_, select, update

from community.core import events, indexing
from community.core.db import db, insert_once, utcnow
from community.drafts.models import DraftKind, Place
from community.drafts.operations import moved

from ..dates import operations as dates
from ..events import ThreadMerged, ThreadSplit
from ..models import HaveToo, Kind, Post, Thread, ThreadTie, Tie
from ..reactions import polls
from ..reading.models import ReadMark
from ..tagging import giving
from .operations import ArrangingError, count_threads, locked, original_of, relink, unmark_duplicate

OF_A_SOLUTION = ("solved_at", "confirmation_asked_at", "confirmed_at")
ASIDE = -1_000_000  # below it stand the numbers of posts that are on their way


def can_be_split_off(thread: Thread, post: Post) -> bool:
    """A reply in view may become part of another thread; the accepted answer and words of the desk stay."""
    if post.opens or post.hidden_at is not None or post.origin == "desk":
        return False
    return post.id != thread.solution_id


def split(thread: Thread, post_ids: Collection[int], *, title: str, by_id: int, reason: str) -> Thread:
    """Make a thread of some replies, the oldest of which opens it. Raises `ArrangingError`."""
    (thread,) = locked(thread.id)
    _refuse_apart(thread)
    posts = _chosen(thread, post_ids)
    new = _thread_of(thread, posts, title)
    moved = [post.id for post in posts]
    move_away = update(Post).where(Post.id.in_(moved)).values(thread_id=new.id, number=ASIDE - Post.number)
    db.session.execute(move_away, execution_options={"synchronize_session": False})
    for each in (thread, new):
        _renumber(each)
    db.session.add(ThreadTie(thread_id=new.id, other_id=thread.id, kind=Tie.SPLIT.value))
    thread.linked = new.linked = True
    count_threads({thread.space_id: +1})
    events.record(
        ThreadSplit(
            actor_id=by_id,
            thread_id=thread.id,
            new_thread_id=new.id,
            post_ids=tuple(moved),
            reason=reason,
            author_id=new.author_id,
        )
    )
    indexing.mark("thread", thread.id, new.id)
    indexing.mark("post", *moved)
    return new


def _refuse_apart(*threads: Thread) -> None:
    if any(thread.restricted or thread.hidden_at is not None for thread in threads):
        raise ArrangingError(_l("A thread that is hidden or restricted is not taken apart or put together."))
    if len({thread.organisation_id for thread in threads}) > 1:
        raise ArrangingError(_l("Threads that different people may read are not put together."))


def _chosen(thread: Thread, post_ids: Collection[int]) -> Sequence[Post]:
    rows = db.session.scalars(
        select(Post)
        .where(Post.thread_id == thread.id, Post.id.in_(post_ids))
        .order_by(Post.created_at, Post.id)
        .execution_options(populate_existing=True)
    ).all()
    if not rows or len(rows) != len(set(post_ids)) or not all(can_be_split_off(thread, row) for row in rows):
        raise ArrangingError(_l("These replies cannot be split off any more. Choose again."))
    return rows


def _thread_of(thread: Thread, posts: Sequence[Post], title: str) -> Thread:
    first, last = posts[0], posts[-1]
    new = Thread(
        space_id=thread.space_id,
        author_id=first.author_id,
        organisation_id=thread.organisation_id,
        kind=Kind.DISCUSSION.value if thread.kind == Kind.ANNOUNCEMENT else thread.kind,
        title=title,
        tags=list(thread.tags),
        language=first.language,
        created_at=first.created_at,
        last_activity_at=last.created_at,
    )
    new.fields, first.fields = first.fields, []
    db.session.add(new)
    db.session.flush()
    giving.write_first(new, new.tags)
    db.session.flush()
    return new


def _renumber(thread: Thread) -> None:
    """Number the posts by time, the opening post first, and count the replies; in two statements, for no two may share
    a number in between.
    """
    opening = case((Post.number == 1, 0), else_=1)
    row = func.row_number().over(order_by=(opening, Post.created_at, Post.id))
    ordered = select(Post.id, row.label("row")).where(Post.thread_id == thread.id).subquery()
    unsynchronized = {"synchronize_session": False}
    aside = update(Post).where(Post.id == ordered.c.id).values(number=2 * ASIDE - ordered.c.row)
    db.session.execute(aside, execution_options=unsynchronized)
    back = update(Post).where(Post.thread_id == thread.id).values(number=2 * ASIDE - Post.number)
    db.session.execute(back, execution_options=unsynchronized)
    db.session.expire_all()
    replies = select(func.count()).where(Post.thread_id == thread.id, Post.number > 1).scalar_subquery()
    thread.reply_count = db.session.scalar(select(replies)) or 0
    last_read = ReadMark.post_number > thread.reply_count + 1
    shortened = update(ReadMark).where(ReadMark.thread_id == thread.id, last_read)
    db.session.execute(shortened.values(post_number=thread.reply_count + 1), execution_options=unsynchronized)
    thread.settle()
    db.session.flush()


def merge(source: Thread, target: Thread, *, by_id: int, reason: str) -> Thread:
    """Put all posts of `source` into `target` by their time, and its people too; its address leads there for ever.

    The accepted answer of the source answers the target, where that has none. Raises `ArrangingError`.
    """
    if source.id == target.id:
        raise ArrangingError(_l("This is the thread itself."))
    _untie(source, target, by_id=by_id)
    source, target = locked(source.id, target.id)
    _refuse_apart(source, target)
    if source.has_poll and target.has_poll:
        raise ArrangingError(_l("Both threads have a poll, and a thread has one at most."))
    post_ids = tuple(db.session.scalars(select(Post.id).where(Post.thread_id == source.id).order_by(Post.number)))
    _keep_fields(source)
    _move_posts(source, target)
    polls.move(source, target)
    dates.move(source, target)
    moved(Place(DraftKind.REPLY, source.id), Place(DraftKind.REPLY, target.id))
    _move_people(source, target)
    _move_ties(source, target)
    _close_for_good(source, target)
    count_threads({source.space_id: -1})
    events.record(
        ThreadMerged(actor_id=by_id, thread_id=source.id, target_id=target.id, post_ids=post_ids, reason=reason)
    )
    indexing.mark("thread", source.id, target.id)
    indexing.mark("post", *post_ids)
    return target


def _untie(source: Thread, target: Thread, *, by_id: int) -> None:
    """What was a duplicate is one no longer: the source of anything, the target of the source."""
    if original_of(source.id) is not None:
        unmark_duplicate(source, by_id=by_id)
    tie = original_of(target.id)
    if tie is not None and tie.other_id == source.id:
        unmark_duplicate(target, by_id=by_id)


def _keep_fields(source: Thread) -> None:
    """What was typed into the fields of the space goes with the post that opened the thread."""
    if source.fields:
        opening = db.session.scalars(select(Post).where(Post.thread_id == source.id, Post.number == 1)).one()
        opening.fields, source.fields = source.fields, []


def _move_posts(source: Thread, target: Thread) -> None:
    solution_id, solution = source.solution_id, {name: getattr(source, name) for name in OF_A_SOLUTION}
    source.solution_id = source.solved_at = None
    db.session.flush()
    moving = update(Post).where(Post.thread_id == source.id).values(thread_id=target.id, number=ASIDE - Post.number)
    db.session.execute(moving, execution_options={"synchronize_session": False})
    if target.solution_id is None:
        target.solution_id = solution_id
        for name, moment in solution.items():
            setattr(target, name, moment)
    target.last_activity_at = max(target.last_activity_at, source.last_activity_at)
    _renumber(target)


def _move_people(source: Thread, target: Thread) -> None:
    """Who has it too, with the source's author; what they said at the target stands."""
    unsynchronized = {"synchronize_session": False}
    there = select(HaveToo.member_id).where(HaveToo.thread_id == target.id)
    staying = or_(HaveToo.member_id.in_(there), HaveToo.member_id == target.author_id)
    gone = delete(HaveToo).where(HaveToo.thread_id == source.id, staying)
    db.session.execute(gone, execution_options=unsynchronized)
    moving = update(HaveToo).where(HaveToo.thread_id == source.id).values(thread_id=target.id)
    db.session.execute(moving, execution_options=unsynchronized)
    kept = update(HaveToo).where(HaveToo.via_id == source.id).values(via_id=target.id)
    db.session.execute(kept, execution_options=unsynchronized)
    if source.author_id != target.author_id:
        insert_once(HaveToo, thread_id=target.id, member_id=source.author_id)
    having = select(func.count()).where(HaveToo.thread_id == target.id).scalar_subquery()
    source.have_too_count, target.have_too_count = 0, db.session.scalar(select(having)) or 0
    target.affected_named = target.affected_named or source.affected_named


def _move_ties(source: Thread, target: Thread) -> None:
    """Threads that point at the source point at the target."""
    rows = db.session.scalars(
        select(ThreadTie).where(or_(ThreadTie.thread_id == source.id, ThreadTie.other_id == source.id))
    ).all()
    for tie in rows:
        ends = [target.id if id_ == source.id else id_ for id_ in (tie.thread_id, tie.other_id)]
        db.session.delete(tie)
        db.session.flush()
        if ends[0] != ends[1] and db.session.get(ThreadTie, (*ends, tie.kind)) is None:
            db.session.add(
                ThreadTie(thread_id=ends[0], other_id=ends[1], kind=tie.kind, at=tie.at, reopens=tie.reopens)
            )
    relink(source, target)


def _close_for_good(source: Thread, target: Thread) -> None:
    source.merged_into_id = target.id
    source.closed_at = source.closed_at or utcnow()
    source.reply_count = 0
    giving.write(source, [])
    source.pinned, source.pinned_until = False, None
    source.settle()
    db.session.flush()
    earlier = update(Thread).where(Thread.merged_into_id == source.id).values(merged_into_id=target.id)
    db.session.execute(earlier, execution_options={"synchronize_session": False})
