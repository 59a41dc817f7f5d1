"""The last step: threads are put in order, counted, solved, shown, and made known."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import bindparam, delete, func, select, update

from community.core import events, indexing
from community.core.db import db, transaction
from community.forum.models import Post, Thread
from community.importing.events import AcceptanceImported, ThreadImported
from community.importing.models import ImportedVotes, ImportPending
from community.spaces.models import Space

from .votes import ACCEPTED
from .writing import Target, posts_known

THREADS_AT_ONCE = 100
ASIDE = -2_000_000_000


def arrange(target: Target, report: Callable[[int, int], None]) -> None:
    """Bring every waiting thread into its final form, in batches; `report` gets threads done and in all."""
    with transaction(read_only=True):
        waiting = select(func.count()).select_from(ImportPending).where(ImportPending.source == target.source)
        total = db.session.scalar(waiting) or 0
    done = 0
    while done < total:
        report(done, total)
        with transaction():
            done += _arrange_some(target) or total
    report(total, total)


def _arrange_some(target: Target) -> int:
    pending = list(
        db.session.scalars(
            select(ImportPending)
            .where(ImportPending.source == target.source)
            .order_by(ImportPending.thread_id)
            .limit(THREADS_AT_ONCE)
            .with_for_update()
        )
    )
    ids = [row.thread_id for row in pending]
    threads = {thread.id: thread for thread in db.session.scalars(select(Thread).where(Thread.id.in_(ids)))}
    posts = _posts_of(ids)
    _renumber(posts)
    answers = posts_known(target, (row.accepted for row in pending if row.accepted))
    for row in pending:
        _settle(target, row, threads[row.thread_id], posts[row.thread_id], answers)
    _count_shown(target, sum(row.fresh for row in pending))
    db.session.execute(delete(ImportPending).where(ImportPending.thread_id.in_(ids)))
    indexing.mark("thread", *ids)
    indexing.mark("post", *(post.id for found in posts.values() for post in found if not post.opens))
    return len(pending)


def _posts_of(thread_ids: Sequence[int]) -> dict[int, list[Post]]:
    """Return the posts of each thread in their order: the opening one, then by time."""
    found: dict[int, list[Post]] = {id_: [] for id_ in thread_ids}
    for post in db.session.scalars(
        select(Post).where(Post.thread_id.in_(thread_ids)).order_by(Post.created_at, Post.id)
    ):
        found[post.thread_id].append(post)
    for posts in found.values():
        posts.sort(key=lambda post: not post.opens)
    return found


def _renumber(posts: dict[int, list[Post]]) -> None:
    """Give the numbers from 1 on. In two statements, for no two posts may share one in between."""
    table = Post.__table__
    moved = [
        {"post": post.id, "aside": ASIDE - number}
        for found in posts.values()
        for number, post in enumerate(found, 1)
        if post.number != number
    ]
    if not moved:
        return
    connection = db.session.connection()
    connection.execute(
        update(table).where(table.c.id == bindparam("post")).values(number=bindparam("aside")),  # type: ignore[arg-type]
        moved,
    )
    connection.execute(
        update(table)  # type: ignore[arg-type]
        .where(table.c.thread_id.in_(list(posts)), table.c.number < ASIDE)
        .values(number=ASIDE - table.c.number)
    )


def _settle(
    target: Target, pending: ImportPending, thread: Thread, posts: Sequence[Post], answers: dict[str, int]
) -> None:
    thread.reply_count = len(posts) - 1
    thread.last_activity_at = max(thread.last_activity_at, *(post.created_at for post in posts))
    if pending.fresh:
        thread.hidden_at = None
        _accept(target, thread, posts, pending.accepted, answers)
    thread.settle()
    events.record(ThreadImported(thread_id=thread.id, post_id=posts[0].id, author_id=thread.author_id))


def _accept(target: Target, thread: Thread, posts: Iterable[Post], accepted: str, answers: dict[str, int]) -> None:
    if not accepted:
        return
    answer = next((post for post in posts if post.id == answers.get(accepted) and not post.opens), None)
    if answer is None:
        target.summary.skip("accepted answers", "the answer is not in the dump, or not one to this question")
        return
    votes = db.session.get(ImportedVotes, (answer.id, ACCEPTED))
    thread.solution_id = answer.id
    thread.solved_at = votes.last_at if votes else answer.created_at
    target.summary.imported["accepted answers"] += 1
    events.record(
        AcceptanceImported(
            thread_id=thread.id, post_id=answer.id, asker_id=thread.author_id, solver_id=answer.author_id
        ),
        at=thread.solved_at,
    )


def _count_shown(target: Target, number: int) -> None:
    if number:
        db.session.execute(
            update(Space).where(Space.id == target.space_id).values(thread_count=Space.thread_count + number)
        )
