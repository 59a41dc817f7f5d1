"""What the search index knows of threads and posts, and how its hits are loaded again."""

from collections.abc import Iterable

import nh3
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.core.indexing import Source, mark, sources
from community.core.jobs import enqueue, job
from community.core.policies import Actor
from community.core.results import Result, describers, loaders
from community.core.search.documents import STATE_TAG, TYPE_TAG, Document

from . import queries
from .asking.templates import as_text
from .models import Kind, Post, State, Thread
from .pages import state_key
from .searching import traits as searching_traits


def register() -> None:
    """Say where the forum's documents come from."""
    sources["thread"] = Source(load_threads, thread_ids)
    sources["post"] = Source(load_posts, post_ids)
    loaders["thread"] = thread_results
    loaders["post"] = post_results
    describers["thread"] = searching_traits.of_threads
    describers["post"] = searching_traits.of_posts


@event.listens_for(Thread.state, "set", active_history=True)
def _follow(thread: Thread, state: str, before: str, _initiator: object) -> None:
    if state != before and inspect(thread).persistent:
        enqueue(follow_state, thread_id=thread.id)


@job
def follow_state(thread_id: int) -> None:
    """A thread and its replies are found by the state that it has now."""
    mark("thread", thread_id)
    mark("post", *db.session.scalars(select(Post.id).where(Post.thread_id == thread_id, Post.number > 1)))


def plain(html: str) -> str:
    """The visible words of rendered text."""
    spaced = html.replace("</p>", "</p> ").replace("<br", " <br").replace("</li>", "</li> ")
    return " ".join(nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"}).split())


def _audience(thread: Thread) -> str:
    if thread.restricted:
        return "staff"
    return "public" if thread.organisation_id is None else audience_of(thread.organisation_id)


def audience_of(organisation_id: int) -> str:
    """The people of an organisation, as the index knows them; staff are among every one."""
    return f"org-{organisation_id}"


def load_threads(ids: list[int]) -> Iterable[Document]:
    """Threads in view with their opening post, as documents."""
    rows = db.session.scalars(
        select(Post)
        .join(Post.thread)
        .where(Thread.id.in_(ids), Post.number == 1, Thread.hidden_at.is_(None))
        .options(contains_eager(Post.thread), joinedload(Post.author))
    )
    for post in rows:
        yield _thread_document(post)


def _filtered_by(thread: Thread) -> tuple[str, ...]:
    """Tags, kind and state of a thread, which its replies are found by too."""
    state = searching_traits.state_of(thread.kind, thread.state)
    return (*thread.tags, f"{TYPE_TAG}{thread.kind}", *([f"{STATE_TAG}{state}"] if state else []))


def _weight(people: int) -> float:
    """What many people have, or found helpful, ranks up to twice as high: 1 for nobody, 1.5 for ten, 2 at most."""
    return 1 + people / (people + 10)


def _thread_document(post: Post) -> Document:
    thread = post.thread
    return Document(
        kind="thread",
        id=thread.id,
        thread_id=thread.id,
        space_id=thread.space_id,
        audience=_audience(thread),
        title=thread.title,
        body=" ".join(part for part in (plain(post.html), as_text(thread.fields)) if part),
        tags=_filtered_by(thread),
        author=post.author.handle,
        solved=(thread.state == State.SOLVED) if thread.kind == Kind.QUESTION else None,
        at=thread.created_at,
        weight=_weight(thread.have_too_count),
    )


def load_posts(ids: list[int]) -> Iterable[Document]:
    """Replies in view, as documents."""
    rows = db.session.scalars(
        select(Post)
        .join(Post.thread)
        .where(Post.id.in_(ids), Post.number > 1, Post.hidden_at.is_(None), Thread.hidden_at.is_(None))
        .options(contains_eager(Post.thread), joinedload(Post.author))
    )
    for post in rows:
        yield _post_document(post)


def _post_document(post: Post) -> Document:
    thread = post.thread
    return Document(
        kind="post",
        id=post.id,
        thread_id=thread.id,
        space_id=thread.space_id,
        audience=_audience(thread),
        title="",
        body=" ".join(part for part in (plain(post.html), as_text(post.fields)) if part),
        tags=_filtered_by(thread),
        author=post.author.handle,
        solved=(thread.solution_id == post.id) if thread.kind == Kind.QUESTION else None,
        at=post.created_at,
        weight=_weight(post.helpful_count),
    )


def thread_ids(after: int, limit: int) -> list[int]:
    """Ids of threads, ascending, from `after` on."""
    return list(db.session.scalars(select(Thread.id).where(Thread.id > after).order_by(Thread.id).limit(limit)))


def post_ids(after: int, limit: int) -> list[int]:
    """Ids of replies, ascending, from `after` on."""
    return list(
        db.session.scalars(select(Post.id).where(Post.id > after, Post.number > 1).order_by(Post.id).limit(limit))
    )


def thread_results(actor: Actor, ids: Iterable[int]) -> dict[int, Result]:
    """Hits among threads that the actor may read."""
    threads = queries.threads_by_id(actor, ids)
    if not threads:
        return {}
    bodies = db.session.execute(select(Post.thread_id, Post.html).where(Post.thread_id.in_(threads), Post.number == 1))
    return {thread_id: _result(threads[thread_id], "thread", thread_id, plain(html)) for thread_id, html in bodies}


def post_results(actor: Actor, ids: Iterable[int]) -> dict[int, Result]:
    """Hits among posts of threads that the actor may read; hidden posts are no hits for anybody."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = db.session.scalars(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .where(queries.visible(actor), Post.id.in_(wanted), Post.hidden_at.is_(None))
        .options(contains_eager(Post.thread).contains_eager(Thread.space), joinedload(Post.author))
    )
    return {post.id: _result(post.thread, "post", post.id, plain(post.html), post) for post in rows}


def _replies(thread: Thread) -> str:
    return ngettext("%(num)s reply", "%(num)s replies", thread.reply_count)


def _result(thread: Thread, kind: str, id_: int, body: str, post: Post | None = None) -> Result:
    author = post.author.name if post else thread.author.name
    meta = (thread.space.name, author, _replies(thread) if post is None else _("reply"))
    address = url_for("forum.post", post_id=post.id) if post else url_for("forum.thread", thread_id=thread.id)
    return Result(
        kind=kind,
        id=id_,
        title=thread.title,
        url=address,
        state=state_key(thread),
        body=body,
        meta=meta,
        language=post.language if post else thread.language,
    )
