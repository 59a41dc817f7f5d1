"""What moves several things in the forum at once."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm.attributes import set_committed_value

from community.accounts.models import Member
from community.core import events, indexing
from community.core.db import db, insert_once, utcnow
from community.core.markup import Rendered, mention_candidates, render
from community.spaces.models import Space

from .events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HaveTooAdded,
    HaveTooRemoved,
    HelpfulMarked,
    HelpfulUnmarked,
    PostEdited,
    PostHidden,
    PostRestored,
    ReplyPosted,
    ThreadClosed,
    ThreadHidden,
    ThreadReopened,
    ThreadRestored,
    ThreadRestricted,
    ThreadStarted,
)
from .models import Attachment, HaveToo, HelpfulVote, Post, PostRevision, Subscription, Thread, ThreadTag
from .snapshots import StoredFile

FILE_LINK = re.compile(r"/files/([a-z0-9][a-z0-9.-]{8,79})")


def start_thread(
    *,
    space: Space,
    author_id: int,
    kind: str,
    title: str,
    body: str,
    tags: Iterable[str] = (),
    at: datetime | None = None,
) -> Thread:
    """Begin a thread with its opening post."""
    moment = at or utcnow()
    rendered = _render(body)
    names = sorted(set(tags))
    thread = Thread(
        space_id=space.id,
        author_id=author_id,
        kind=kind,
        title=title,
        tags=names,
        language=rendered.language,
        created_at=moment,
        last_activity_at=moment,
    )
    db.session.add(thread)
    db.session.flush()
    db.session.add_all(ThreadTag(thread_id=thread.id, tag=name) for name in names)
    post = _add_post(thread, 1, author_id, body, rendered, moment)
    space.thread_count = Space.thread_count + 1
    subscribe(thread.id, author_id)
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
    rendered = _render(body)
    kinds: dict[str, Any] = {"origin": origin, "proposed": proposed, "reply_to_id": reply_to_id}
    post = _add_post(thread, _next_number(thread), author_id, body, rendered, moment, **kinds)
    thread.last_activity_at = max(moment, thread.last_activity_at)
    thread.settle()
    subscribe(thread.id, author_id)
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


def _next_number(thread: Thread) -> int:
    """Count the reply in one statement, which also locks the row until the commit."""
    count = db.session.scalar(
        update(Thread)
        .where(Thread.id == thread.id)
        .values(reply_count=Thread.reply_count + 1)
        .returning(Thread.reply_count)
    )
    set_committed_value(thread, "reply_count", count)
    return cast(int, count) + 1


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
    _show(post, rendered)
    db.session.add(post)
    db.session.flush()
    attach_linked_files(post, author_id)
    return post


def _render(body: str) -> Rendered:
    named = set(mention_candidates(body))
    known = (
        frozenset(db.session.scalars(select(Member.handle).where(Member.handle.in_(named)))) if named else frozenset()
    )
    return render(body, known_handles=known)


def _show(post: Post, rendered: Rendered) -> None:
    post.html = rendered.html
    post.renderer_version = rendered.version
    post.timed_out = rendered.timed_out
    post.language = rendered.language


def attach_linked_files(post: Post, member_id: int) -> None:
    """Files that the text links, uploaded by the same member and not yet used, belong to the post from now on."""
    keys = set(FILE_LINK.findall(post.body))
    if not keys:
        return
    db.session.execute(
        update(Attachment)
        .where(Attachment.key.in_(keys), Attachment.member_id == member_id, Attachment.post_id.is_(None))
        .values(post_id=post.id)
    )
    rows = db.session.scalars(select(Attachment).where(Attachment.post_id == post.id).order_by(Attachment.id))
    post.attachments = [{"key": row.key, "name": row.name, "kind": row.kind, "size": row.size} for row in rows]


def edit_post(post: Post, *, editor_id: int, body: str, title: str = "", reason: str = "") -> None:
    """Change a text and keep the one before; nothing happens where nothing changed."""
    thread = post.thread
    new_title = title if post.opens and title else thread.title
    if body == post.body and new_title == thread.title:
        return
    post.revision_count += 1
    db.session.add(
        PostRevision(
            post_id=post.id,
            number=post.revision_count,
            title=thread.title if post.opens else "",
            body=post.body,
            editor_id=editor_id,
            reason=reason,
        )
    )
    called_before = set(mention_candidates(post.body))
    rendered = _render(body)
    post.body, post.edited_at = body, utcnow()
    _show(post, rendered)
    attach_linked_files(post, editor_id)
    if post.opens:
        thread.title, thread.language = new_title, rendered.language
    thread.touch()
    called = tuple(handle for handle in rendered.mentions if handle not in called_before)
    events.record(PostEdited(actor_id=editor_id, thread_id=thread.id, post_id=post.id, mentioned=called))
    _mark(post)


def _mark(post: Post) -> None:
    if post.opens:
        indexing.mark("thread", post.thread_id)
    else:
        indexing.mark("post", post.id)


def retag(thread: Thread, tags: Iterable[str]) -> None:
    """Replace a thread's tags."""
    names = sorted(set(tags))
    if names == thread.tags:
        return
    db.session.execute(delete(ThreadTag).where(ThreadTag.thread_id == thread.id))
    db.session.add_all(ThreadTag(thread_id=thread.id, tag=name) for name in names)
    thread.tags = names
    thread.touch()
    indexing.mark("thread", thread.id)


def hide_post(post: Post, *, by_id: int, reason: str) -> None:
    """Take a post from view; hiding the opening post hides the thread."""
    thread = post.thread
    if post.opens:
        thread.hidden_at, thread.hidden_reason = utcnow(), reason
        thread.touch()
        events.record(ThreadHidden(actor_id=by_id, thread_id=thread.id, reason=reason))
        indexing.mark("thread", thread.id)
        return
    if thread.solution_id == post.id:
        unaccept(thread, by_id=by_id)
    post.hidden_at, post.hidden_reason = utcnow(), reason
    thread.touch()
    events.record(
        PostHidden(actor_id=by_id, thread_id=thread.id, post_id=post.id, author_id=post.author_id, reason=reason)
    )
    indexing.mark("post", post.id)


def restore_post(post: Post, *, by_id: int) -> None:
    """Show a hidden post, or the thread it opens, again."""
    thread = post.thread
    if post.opens:
        thread.hidden_at, thread.hidden_reason = None, ""
        thread.touch()
        events.record(ThreadRestored(actor_id=by_id, thread_id=thread.id))
        indexing.mark("thread", thread.id)
        return
    post.hidden_at, post.hidden_reason = None, ""
    thread.touch()
    events.record(PostRestored(actor_id=by_id, thread_id=thread.id, post_id=post.id, author_id=post.author_id))
    indexing.mark("post", post.id)


def restrict(thread: Thread, *, by_id: int | None) -> None:
    """Show the thread to its author and to staff only. Done once, never undone by accident."""
    if thread.restricted:
        return
    thread.restricted = True
    thread.touch()
    events.record(ThreadRestricted(actor_id=by_id, thread_id=thread.id))
    indexing.mark("thread", thread.id)
    indexing.mark("post", *db.session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number > 1)))


def accept(thread: Thread, post: Post, *, by_id: int) -> None:
    """Make a reply the accepted answer, in place of one accepted before."""
    _lock(thread)
    if thread.solution_id == post.id:
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


def _lock(thread: Thread) -> None:
    """Read the thread as it is now, and let nobody else change it until this transaction ends."""
    db.session.flush()
    db.session.refresh(thread, with_for_update={"of": Thread})


def unaccept(thread: Thread, *, by_id: int) -> None:
    """Take the accepted answer back."""
    _lock(thread)
    if thread.solution_id is None:
        return
    post = db.session.get_one(Post, thread.solution_id)
    thread.solution_id, thread.solved_at = None, None
    thread.settle()
    events.record(AnswerUnaccepted(actor_id=by_id, thread_id=thread.id, post_id=post.id, solver_id=post.author_id))
    indexing.mark("thread", thread.id)


def close(thread: Thread, *, by_id: int) -> None:
    """Take no more replies."""
    thread.closed_at = thread.closed_at or utcnow()
    thread.settle()
    events.record(ThreadClosed(actor_id=by_id, thread_id=thread.id))
    indexing.mark("thread", thread.id)


def reopen(thread: Thread, *, by_id: int) -> None:
    """Take replies again."""
    thread.closed_at = None
    thread.settle()
    events.record(ThreadReopened(actor_id=by_id, thread_id=thread.id))
    indexing.mark("thread", thread.id)


def mark_helpful(post: Post, *, member_id: int) -> bool:
    """Count one member's vote once, however often it is sent; whether it was new."""
    if not insert_once(HelpfulVote, post_id=post.id, member_id=member_id):
        return False
    _count(post, +1)
    events.record(
        HelpfulMarked(actor_id=member_id, thread_id=post.thread_id, post_id=post.id, author_id=post.author_id)
    )
    return True


def unmark_helpful(post: Post, *, member_id: int) -> bool:
    """Take the vote back; whether there was one."""
    gone = delete(HelpfulVote).where(HelpfulVote.post_id == post.id, HelpfulVote.member_id == member_id)
    if not cast(CursorResult[Any], db.session.execute(gone)).rowcount:
        return False
    _count(post, -1)
    events.record(
        HelpfulUnmarked(actor_id=member_id, thread_id=post.thread_id, post_id=post.id, author_id=post.author_id)
    )
    return True


def _count(post: Post, by: int) -> None:
    post.helpful_count = Post.helpful_count + by
    post.thread.touch()


def have_too(thread: Thread, *, member_id: int) -> bool:
    """Note that a member has the problem too; whether that was new."""
    if not insert_once(HaveToo, thread_id=thread.id, member_id=member_id):
        return False
    thread.have_too_count = Thread.have_too_count + 1
    thread.touch()
    subscribe(thread.id, member_id)
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


def subscribe(thread_id: int, member_id: int, *, again: bool = False) -> None:
    """Let a member hear of news; who muted the thread stays muted unless they ask `again`."""
    added = insert_once(Subscription, thread_id=thread_id, member_id=member_id, muted=False)
    if not added and again:
        _set_muted(thread_id, member_id, muted=False)


def unsubscribe(thread_id: int, member_id: int) -> None:
    """No more news of this thread, also not by replying to it again."""
    if not insert_once(Subscription, thread_id=thread_id, member_id=member_id, muted=True):
        _set_muted(thread_id, member_id, muted=True)


def _set_muted(thread_id: int, member_id: int, *, muted: bool) -> None:
    db.session.execute(
        update(Subscription)
        .where(Subscription.thread_id == thread_id, Subscription.member_id == member_id)
        .values(muted=muted)
    )
