"""The rows that the product's operations leave behind for a thread, made without going through them."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from community.core.db import Base
from community.core.events import Event, EventRecord
from community.core.markup import RENDERER_VERSION
from community.forum.events import AnswerAccepted, HaveTooAdded, HelpfulMarked, ReplyPosted, ThreadStarted
from community.forum.models import HaveToo, HelpfulVote, Post, State, Thread, ThreadTag

from .plan import PlannedPost, PlannedThread

Rows = dict[type[Base], list[dict[str, Any]]]


def member_id(member: int) -> int:
    """Members are numbered from 1 in the database."""
    return member + 1


def space_id(space: int) -> int:
    """So are spaces."""
    return space + 1


def rows_of(thread: PlannedThread, thread_id: int, first_post_id: int) -> Rows:
    """All rows of a thread. Its posts get ids from `first_post_id` on."""
    rows: Rows = defaultdict(list)
    rows[Thread].append(_thread(thread, thread_id, first_post_id + len(thread.posts) - 1))
    for position, post in enumerate(thread.posts):
        rows[Post].append(_post(post, position, thread_id, first_post_id + position))
        rows[HelpfulVote] += _votes(post, first_post_id + position)
    rows[ThreadTag] += [{"thread_id": thread_id, "tag": tag} for tag in thread.tags]
    rows[HaveToo] += [
        {"thread_id": thread_id, "member_id": member_id(who), "at": thread.had_at} for who in thread.have_too
    ]
    rows[EventRecord] += [_record(event, at) for event, at in _facts(thread, thread_id, first_post_id)]
    return rows


def _thread(thread: PlannedThread, thread_id: int, last_post_id: int) -> dict[str, Any]:
    replies = len(thread.posts) - 1
    votes = sum(len(post.helped) for post in thread.posts)
    state = State.SOLVED if thread.solved else State.ANSWERED if replies else State.OPEN
    return {
        "id": thread_id,
        "space_id": space_id(thread.space),
        "author_id": member_id(thread.author),
        "kind": thread.kind,
        "title": thread.title,
        "language": thread.posts[0].text.language,
        "state": state.value,
        "tags": list(thread.tags),
        "solution_id": last_post_id if thread.solved else None,
        "solved_at": thread.solved_at if thread.solved else None,
        "reply_count": replies,
        "have_too_count": len(thread.have_too),
        "version": 1 + replies + votes + len(thread.have_too) + thread.solved,
        "created_at": thread.posts[0].at,
        "last_activity_at": thread.posts[-1].at,
    }


def _post(post: PlannedPost, position: int, thread_id: int, post_id: int) -> dict[str, Any]:
    return {
        "id": post_id,
        "thread_id": thread_id,
        "author_id": member_id(post.author),
        "number": position + 1,
        "body": post.text.body,
        "html": post.text.html,
        "renderer_version": RENDERER_VERSION,
        "language": post.text.language,
        "helpful_count": len(post.helped),
        "created_at": post.at,
    }


def _votes(post: PlannedPost, post_id: int) -> list[dict[str, Any]]:
    return [{"post_id": post_id, "member_id": member_id(who), "at": post.helped_at} for who in post.helped]


def _facts(thread: PlannedThread, thread_id: int, first_post_id: int) -> Iterator[tuple[Event, datetime]]:
    author = member_id(thread.author)
    started = ThreadStarted(actor_id=author, thread_id=thread_id, post_id=first_post_id, kind=thread.kind)
    yield started, thread.posts[0].at
    for position, post in enumerate(thread.posts):
        writer, post_id = member_id(post.author), first_post_id + position
        if position:
            yield ReplyPosted(actor_id=writer, thread_id=thread_id, post_id=post_id), post.at
        for who in post.helped:
            helped = HelpfulMarked(actor_id=member_id(who), thread_id=thread_id, post_id=post_id, author_id=writer)
            yield helped, post.helped_at
    for who in thread.have_too:
        yield HaveTooAdded(actor_id=member_id(who), thread_id=thread_id), thread.had_at
    if thread.solved:
        solver, last = member_id(thread.posts[-1].author), first_post_id + len(thread.posts) - 1
        accepted = AnswerAccepted(actor_id=author, thread_id=thread_id, post_id=last, solver_id=solver)
        yield accepted, thread.solved_at


def _record(event: Event, at: datetime) -> dict[str, Any]:
    return {
        "name": event.name,
        "at": at,
        "actor_id": event.actor_id,
        "subject": f"thread:{getattr(event, event.subject)}",
        "payload": dataclasses.asdict(event),
    }


def merged(many: Iterable[Rows]) -> Rows:
    """The rows of several threads, by table."""
    together: Rows = defaultdict(list)
    for rows in many:
        for table, some in rows.items():
            together[table] += some
    return together
