"""Fills an empty database with the planned community, a thousand threads at a time."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Flask
from rich.progress import Progress
from sqlalchemy import func, insert, select, text

from community.accounts.models import SUPER_USER, Grant, Member
from community.accounts.operations import hash_password
from community.core import indexing
from community.core.db import Base, db, transaction
from community.core.events import EventRecord
from community.forum.models import HaveToo, HelpfulVote, Post, RelatedThread, Thread, ThreadTag
from community.spaces.models import Space

from .checking import check_counters, check_thread
from .plan import BEGIN, MEMBERS, SPACES, Plan
from .rows import Rows, member_id, merged, rows_of, space_id

PASSWORD = "forty shy teapots"
AT_ONCE = 200
ORDER: tuple[type[Base], ...] = (
    Thread,
    Post,
    ThreadTag,
    HaveToo,
    HelpfulVote,
    EventRecord,
    RelatedThread,
)
SUPER_USERS = 2  # in each space


def handle_of(member: int) -> str:
    """The handle of a member, counted from 0."""
    return f"member-{member:03}"


def address_of(member: int) -> str:
    """The address that a member signs in with."""
    return f"{handle_of(member)}@example.org"


def load(app: Flask, posts: int, progress: Progress) -> None:
    """Write people, spaces, threads and the search index. Raises `AssertionError` where they are not as operations
    leave them."""
    task = progress.add_task("preparing texts", total=None)
    plan = Plan(posts)
    with app.test_request_context(), transaction():
        _load_people()
        _load_spaces()
        _advance(Member, Space, Grant)
    progress.update(task, description="comparing with operations")
    check_thread(app, next(iter(Plan(0).threads())))
    _load_threads(app, plan, progress)
    with app.test_request_context(), transaction():
        _finish()
    check_counters(app)
    progress.remove_task(task)
    _build_index(app, progress)


def _load_people() -> None:
    secret = hash_password(PASSWORD)
    db.session.execute(insert(Member), [_member(number, secret) for number in range(MEMBERS)])


def _member(number: int, secret: str) -> dict[str, Any]:
    return {
        "id": member_id(number),
        "handle": handle_of(number),
        "name": f"{handle_of(number).title().replace('-', ' ')}",
        "email": address_of(number),
        "email_confirmed_at": BEGIN,
        "password_hash": secret,
        "role": "agent" if number < 10 else "member",
        "about": "Keeps an office running.",
        "about_html": "<p>Keeps an office running.</p>",
        "joined_at": BEGIN - timedelta(days=1),
        "unread": number % 4,
    }


def _load_spaces() -> None:
    db.session.execute(
        insert(Space),
        [
            {
                "id": space_id(number),
                "slug": f"space-{number:02}",
                "name": f"Space {number:02}",
                "description": "Where people help each other with what is on their desks.",
                "tags": ["vpn", "printing", "网络"],
                "promise_hours": 4,
                "created_at": BEGIN,
            }
            for number in range(SPACES)
        ],
    )
    appointed = [
        {"member_id": member_id(20 + space * SUPER_USERS + n), "space_id": space_id(space), "kind": SUPER_USER}
        for space in range(SPACES)
        for n in range(SUPER_USERS)
    ]
    db.session.execute(insert(Grant), appointed)


def _load_threads(app: Flask, plan: Plan, progress: Progress) -> None:
    task = progress.add_task("threads", total=plan.thread_count)
    for rows in _batches(plan):
        with app.test_request_context(), transaction():
            _insert(rows)
        progress.advance(task, len(rows[Thread]))
    progress.remove_task(task)


def _batches(plan: Plan) -> Iterator[Rows]:
    threads, chance = plan.threads(), random.Random(1)
    thread_id = post_id = 1
    while some := list(islice(threads, AT_ONCE)):
        made: list[Rows] = []
        for thread in some:
            rows = rows_of(thread, thread_id, post_id)
            rows[RelatedThread] = _related(thread_id, chance)
            made.append(rows)
            thread_id, post_id = thread_id + 1, post_id + len(thread.posts)
        yield merged(made)


def _related(thread_id: int, chance: random.Random) -> list[dict[str, Any]]:
    """What the product's job would find: up to five older threads."""
    others = chance.sample(range(1, thread_id), min(5, thread_id - 1))
    return [{"thread_id": thread_id, "other_id": other, "rank": rank} for rank, other in enumerate(others)]


def _insert(rows: Rows) -> None:
    """Threads before posts; the accepted answers, which point back, afterwards."""
    solutions = [{"thread": row["id"], "post": row.pop("solution_id")} for row in rows[Thread]]
    for table in ORDER:
        if rows[table]:
            db.session.execute(insert(table), rows[table])
    solved = [pair for pair in solutions if pair["post"] is not None]
    if solved:
        db.session.connection().execute(text("UPDATE thread SET solution_id = :post WHERE id = :thread"), solved)


def _finish() -> None:
    """Counters of spaces, the sequences behind the ids, and what the database's planner knows."""
    for space, count in db.session.execute(select(Thread.space_id, func.count()).group_by(Thread.space_id)).all():
        db.session.get_one(Space, space).thread_count = count
    _advance(Thread, Post, EventRecord)
    db.session.execute(text("ANALYZE"))


def _advance(*tables: type[Base]) -> None:
    """Ids were given by hand; PostgreSQL's sequences go on after them."""
    if db.engine.dialect.name != "postgresql":
        return
    for table in tables:
        name = table.__tablename__
        db.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 1) FROM {name}))")
        )


def _build_index(app: Flask, progress: Progress) -> None:
    with app.test_request_context(), transaction(read_only=True):
        totals = {"thread": db.session.scalar(select(func.count(Thread.id)))}
        totals["post"] = (db.session.scalar(select(func.count(Post.id))) or 0) - (totals["thread"] or 0)
        tasks = {kind: progress.add_task(f"index: {kind}s", total=total) for kind, total in totals.items()}
        for kind, done in indexing.rebuild():
            if kind in tasks:
                progress.update(tasks[kind], completed=done)
    for task in tasks.values():
        progress.remove_task(task)
