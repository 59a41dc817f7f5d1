"""What moves several things in the forum at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm.attributes import set_committed_value

from community.core import events, indexing
from community.core.db import db, insert_once, utcnow
from community.core.markup import Rendered
from community.spaces.models import Space

from .arranging.operations import touch_showing
from .editing.operations import attach_linked_files, show
from .editing.operations import edit_post as edit_post
from .events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HaveTooAdded,
    HaveTooRemoved,
    PostHidden,
    PostRestored,
    ReplyPosted,
    ThreadClosed,
    ThreadHidden,
    ThreadReopened,
    ThreadRestored,
    ThreadRestricted,
    ThreadStarted,
    ThreadUnrestricted,
)
from .models import HaveToo, Post, Thread
from .reactions.voting import mark_helpful as mark_helpful
from .reactions.voting import unmark_helpful as unmark_helpful
from .rendering import rendered as as_kept
from .snapshots import StoredFile
from .tagging import giving


def start_thread(
    *,
    space: Space,
    author_id: int,
    kind: str,
    title: str,
    body: str,
    tags: Iterable[str] = (),
    at: datetime | None = None,
    organisation_id: int | None = None,
    fields: Iterable[dict[str, str]] = (),
) -> Thread:
    """Begin a thread with its opening post, for the people of one organisation where one is given."""
    moment = at or utcnow()
    rendered = as_kept(body, by_id=author_id)
    names = giving.main_names(tags)
    thread = Thread(
        space_id=space.id,
        author_id=author_id,
        kind=kind,
        title=title,
        tags=names,
        organisation_id=organisation_id,
        fields=list(fields),
        language=rendered.language,
        created_at=moment,
        last_activity_at=moment,
    )
    db.session.add(thread)
    db.session.flush()
    giving.write_first(thread, names)
    post = _add_post(thread, 1, author_id, body, rendered, moment)
    space.thread_count = Space.thread_count + 1
    events.record(
        ThreadStarted(actor_id=author_id, thread_id=thread.id, post_id=post.id, kind=kind, mentioned=rendered.mentions),
        at=moment,
    )
    indexing.mark("thread", thread.id)
    return thread


def reply(
    thread: Thread,
    *,
    author_id: int,
    body: str,
    at: datetime | None = None,
    origin: str = "peer",
    proposed: bool = False,
    reply_to_id: int | None = None,
    files: Sequence[StoredFile] = (),
) -> Post:
    """Add a reply, the author's files below it. Its number is taken under a lock, so that two at once get two."""
    moment = at or utcnow()
    db.session.add_all(file.row(author_id) for file in files)
    body = "\n\n".join(part for part in (body, *(file.markdown for file in files)) if part)
    rendered = as_kept(body, by_id=author_id)
    kinds: dict[str, Any] = {"origin": origin, "proposed": proposed, "reply_to_id": reply_to_id}
    thread, number = _next_number(thread)
    post = _add_post(thread, number, author_id, body, rendered, moment, **kinds)
    thread.last_activity_at = max(moment, thread.last_activity_at)
    thread.settle()
    events.record(
        ReplyPosted(
            actor_id=author_id,
            thread_id=thread.id,
            post_id=post.id,
            origin=origin,
            reply_to_id=reply_to_id,
            mentioned=rendered.mentions,
        ),
        at=moment,
    )
    indexing.mark("post", post.id)
    return post


def _next_number(thread: Thread) -> tuple[Thread, int]:
    """Count the reply in one statement, which also locks the row; where it was merged, in the thread it is now in."""
    count = db.session.scalar(
        update(Thread)
        .where(Thread.id == thread.id, Thread.merged_into_id.is_(None))
        .values(reply_count=Thread.reply_count + 1)
        .returning(Thread.reply_count)
    )
    if count is None:
        return _next_number(_present(thread))
    set_committed_value(thread, "reply_count", count)
    return thread, count + 1


def _present(thread: Thread) -> Thread:
    """The thread that holds what was written here: itself, or the one that it was merged into."""
    db.session.refresh(thread, ["merged_into_id"])
    return thread if thread.merged_into_id is None else db.session.get_one(Thread, thread.merged_into_id)


def _add_post(
    thread: Thread,
    number: int,
    author_id: int,
    body: str,
    rendered: Rendered,
    at: datetime,
    *,
    origin: str = "peer",
    proposed: bool = False,
    reply_to_id: int | None = None,
) -> Post:
    post = Post(
        thread_id=thread.id,
        author_id=author_id,
        number=number,
        body=body,
        origin=origin,
        proposed=proposed,
        reply_to_id=reply_to_id,
        created_at=at,
    )
    show(post, rendered)
    db.session.add(post)
    db.session.flush()
    attach_linked_files(post, author_id)
    return post


def retag(thread: Thread, tags: Iterable[str]) -> None:
    """Replace a thread's tags."""
    names = giving.main_names(tags)
    if names == thread.tags:
        return
    giving.write(thread, names)
    thread.touch()
    indexing.mark("thread", thread.id)


def hide_post(post: Post, *, by_id: int | None, reason: str) -> None:
    """Take a post from view; hiding the opening post hides the thread."""
    thread = post.thread
    if post.opens:
        thread.hidden_at, thread.hidden_reason, thread.hidden_by_id = utcnow(), reason, by_id
        thread.touch()
        touch_showing(thread)
        events.record(ThreadHidden(actor_id=by_id, thread_id=thread.id, reason=reason))
        indexing.mark("thread", thread.id)
        return
    if thread.solution_id == post.id:
        unaccept(thread, by_id=by_id)
    post.hidden_at, post.hidden_reason, post.hidden_by_id = utcnow(), reason, by_id
    thread.touch()
    events.record(
        PostHidden(actor_id=by_id, thread_id=thread.id, post_id=post.id, author_id=post.author_id, reason=reason)
    )
    indexing.mark("post", post.id)


def restore_post(post: Post, *, by_id: int | None) -> None:
    """Show a hidden post, or the thread it opens, again."""
    thread = post.thread
    if post.opens:
        thread.hidden_at, thread.hidden_reason, thread.hidden_by_id = None, "", None
        thread.touch()
        touch_showing(thread)
        events.record(ThreadRestored(actor_id=by_id, thread_id=thread.id))
        indexing.mark("thread", thread.id)
        return
    post.hidden_at, post.hidden_reason, post.hidden_by_id = None, "", None
    thread.touch()
    events.record(PostRestored(actor_id=by_id, thread_id=thread.id, post_id=post.id, author_id=post.author_id))
    indexing.mark("post", post.id)


def restrict(thread: Thread, *, by_id: int | None) -> None:
    """Show the thread to its author and to staff only. Done once, never undone by accident."""
    if not thread.restricted:
        _set_restricted(thread, ThreadRestricted(actor_id=by_id, thread_id=thread.id))


def unrestrict(thread: Thread, *, by_id: int) -> None:
    """Show the thread again to whoever reads its space: a person looked, and found no threat in it."""
    if thread.restricted:
        _set_restricted(thread, ThreadUnrestricted(actor_id=by_id, thread_id=thread.id))


def _set_restricted(thread: Thread, event: ThreadRestricted | ThreadUnrestricted) -> None:
    thread.restricted = isinstance(event, ThreadRestricted)
    thread.touch()
    touch_showing(thread)
    events.record(event)
    indexing.mark("thread", thread.id)
    indexing.mark("post", *db.session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number > 1)))


def accept(thread: Thread, post: Post, *, by_id: int | None) -> None:
    """Make a reply the accepted answer, in place of one accepted before; not one that was hidden a moment ago."""
    thread = _lock(thread)
    db.session.refresh(post, ["thread_id", "hidden_at"])
    if thread.solution_id == post.id or post.thread_id != thread.id or post.hidden_at is not None:
        return
    if thread.solution_id is not None:
        unaccept(thread, by_id=by_id)
    thread.solution_id, thread.solved_at = post.id, utcnow()
    post.proposed = False
    thread.settle()
    events.record(
        AnswerAccepted(
            actor_id=by_id, thread_id=thread.id, post_id=post.id, solver_id=post.author_id, origin=post.origin
        )
    )
    indexing.mark("thread", thread.id)


def _lock(thread: Thread) -> Thread:
    """The thread as it is now, or the one it was merged into; nobody else changes it until this transaction ends."""
    db.session.flush()
    db.session.refresh(thread, with_for_update={"of": Thread})
    return thread if thread.merged_into_id is None else _lock(db.session.get_one(Thread, thread.merged_into_id))


def unaccept(thread: Thread, *, by_id: int | None) -> None:
    """Take the accepted answer back."""
    thread = _lock(thread)
    if thread.solution_id is None:
        return
    post = db.session.get_one(Post, thread.solution_id)
    thread.solution_id = thread.solved_at = thread.confirmation_asked_at = thread.confirmed_at = None
    thread.settle()
    events.record(AnswerUnaccepted(actor_id=by_id, thread_id=thread.id, post_id=post.id, solver_id=post.author_id))
    indexing.mark("thread", thread.id)


def close(thread: Thread, *, by_id: int | None, reason: str = "") -> None:
    """Take no more replies."""
    thread.closed_at = thread.closed_at or utcnow()
    thread.settle()
    events.record(ThreadClosed(actor_id=by_id, thread_id=thread.id, reason=reason))
    indexing.mark("thread", thread.id)


def reopen(thread: Thread, *, by_id: int | None) -> None:
    """Take replies again."""
    thread.closed_at = None
    thread.settle()
    events.record(ThreadReopened(actor_id=by_id, thread_id=thread.id))
    indexing.mark("thread", thread.id)


def have_too(thread: Thread, *, member_id: int, version: str = "", site: str = "") -> bool:
    """Note that a member has the problem too, in which version and where; whether that was new."""
    thread = _lock(thread)
    if not insert_once(HaveToo, thread_id=thread.id, member_id=member_id, version=version, site=site):
        return False
    thread.have_too_count = Thread.have_too_count + 1
    thread.touch()
    events.record(HaveTooAdded(actor_id=member_id, thread_id=thread.id))
    return True


def no_longer_have_too(thread: Thread, *, member_id: int) -> bool:
    """Take it back; whether it had been said."""
    gone = delete(HaveToo).where(HaveToo.thread_id == thread.id, HaveToo.member_id == member_id)
    if not cast(CursorResult[Any], db.session.execute(gone)).rowcount:
        return False
    thread.have_too_count = Thread.have_too_count - 1
    thread.touch()
    events.record(HaveTooRemoved(actor_id=member_id, thread_id=thread.id))
    return True
