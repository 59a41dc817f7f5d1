"""Holds what the bulk loader writes against what the product's operations write: every column of every row."""

from typing import Any

from flask import Flask
from sqlalchemy import func, insert, inspect, select

from community.core.db import Base, at_time, db, transaction
from community.core.events import EventRecord
from community.forum import operations
from community.forum.models import HaveToo, HelpfulVote, Post, Thread, ThreadTag
from community.spaces.models import Space

from .plan import PlannedThread
from .rows import member_id, rows_of, space_id

FAR = 1_000_000  # ids that nothing else uses
TABLES: tuple[type[Base], ...] = (Thread, Post, ThreadTag, HaveToo, HelpfulVote, EventRecord)


def check_thread(app: Flask, planned: PlannedThread) -> None:
    """Write one thread both ways and compare, then undo it. Raises `AssertionError` naming what differs."""
    with app.test_request_context(), transaction(read_only=True):
        written = _written(planned)
        db.session.flush()
        db.session.expire_all()
        through_operations = _picture(written)
        _load_one(planned)
        bulk = _picture(FAR)
        for table in TABLES:
            name = table.__tablename__
            pairs = zip(through_operations[name], bulk[name], strict=True)
            for theirs, ours in pairs:
                differing = {key: (theirs[key], ours[key]) for key in theirs if theirs[key] != ours[key]}
                assert not differing, f"{name} is loaded differently from how operations write it: {differing}"


def _written(planned: PlannedThread) -> int:
    """Write it as people would; its id."""
    opening = planned.posts[0]
    with at_time(opening.at):
        thread = operations.start_thread(
            space=db.session.get_one(Space, space_id(planned.space)),
            author_id=member_id(planned.author),
            kind=planned.kind,
            title=planned.title,
            body=opening.text.body,
            tags=planned.tags,
        )
    posts = [db.session.scalars(select(Post).where(Post.thread_id == thread.id)).one()]
    for planned_post in planned.posts[1:]:
        with at_time(planned_post.at):
            author_id = member_id(planned_post.author)
            posts.append(operations.reply(thread, author_id=author_id, body=planned_post.text.body))
    _react(planned, thread, posts)
    return thread.id


def _react(planned: PlannedThread, thread: Thread, posts: list[Post]) -> None:
    for planned_post, post in zip(planned.posts, posts, strict=True):
        for who in planned_post.helped:
            with at_time(planned_post.helped_at):
                operations.mark_helpful(post, member_id=member_id(who))
                db.session.flush()
    for who in planned.have_too:
        with at_time(planned.had_at):
            operations.have_too(thread, member_id=member_id(who))
            db.session.flush()
    if planned.solved:
        with at_time(planned.solved_at):
            operations.accept(thread, posts[-1], by_id=thread.author_id)


def _load_one(planned: PlannedThread) -> None:
    rows = rows_of(planned, FAR, FAR)
    solution = rows[Thread][0].pop("solution_id")
    for table in TABLES:
        if rows[table]:
            db.session.execute(insert(table), rows[table])
    db.session.get_one(Thread, FAR).solution_id = solution
    db.session.flush()


def _picture(thread_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows of a thread with its ids replaced by words that two threads share."""
    posts = db.session.scalars(select(Post).where(Post.thread_id == thread_id))
    numbers = {post.id: post.number for post in posts}
    conditions = {
        Thread: Thread.id == thread_id,
        HelpfulVote: HelpfulVote.post_id.in_(numbers),
        EventRecord: EventRecord.subject == f"thread:{thread_id}",
    }
    picture = {}
    for table in TABLES:
        condition = conditions[table] if table in conditions else inspect(table).columns["thread_id"] == thread_id
        rows = db.session.execute(select(*inspect(table).columns).where(condition)).mappings()
        plain = [_without_ids(dict(row), table, thread_id, numbers) for row in rows]
        picture[table.__tablename__] = sorted(plain, key=repr)
    return picture


def _without_ids(row: dict[str, Any], table: type[Base], thread_id: int, posts: dict[int, int]) -> dict[str, Any]:
    if table is EventRecord:
        row.update(id=0, subject="thread", payload=_without_ids(row["payload"], Base, thread_id, posts))
    if table in (Thread, Post):
        row["id"] = 0
    for key in ("thread_id", "post_id", "solution_id"):
        if row.get(key) is not None:
            row[key] = "this thread" if key == "thread_id" else f"post {posts[row[key]]}"
    return row


def check_counters(app: Flask) -> None:
    """Raise `AssertionError` where a counter differs from what it counts."""
    with app.test_request_context(), transaction(read_only=True):
        posts = select(func.count()).where(Post.thread_id == Thread.id).correlate(Thread).scalar_subquery()
        too = select(func.count()).where(HaveToo.thread_id == Thread.id).correlate(Thread).scalar_subquery()
        wrong = select(func.count()).where((Thread.reply_count != posts - 1) | (Thread.have_too_count != too))
        assert db.session.scalar(wrong) == 0, "counters of threads are wrong"
        votes = select(func.count()).where(HelpfulVote.post_id == Post.id).correlate(Post).scalar_subquery()
        assert db.session.scalar(select(func.count()).where(Post.helpful_count != votes)) == 0, "votes are wrong"
        held = select(func.count()).where(Thread.space_id == Space.id).correlate(Space).scalar_subquery()
        assert db.session.scalar(select(func.count()).where(Space.thread_count != held)) == 0, "spaces are wrong"
