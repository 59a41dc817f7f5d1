"""Changing a text: every version is kept, but for slips of the pen that are corrected at once."""

import re

from sqlalchemy import select, update

from community.core import events, indexing
from community.core.db import db, utcnow
from community.core.markup import Rendered, mention_candidates

from ..arranging.operations import touch_tied
from ..events import PostEdited
from ..models import Attachment, Post, PostRevision
from ..rendering import rendered as as_kept

FILE_LINK = re.compile(r"/files/([a-z0-9][a-z0-9.-]{8,79})")


def show(post: Post, rendered: Rendered) -> None:
    """Keep a text as it is shown."""
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


def locked(post: Post) -> Post:
    """The post as it is now; nobody else changes it until this transaction ends."""
    db.session.flush()
    db.session.refresh(post, with_for_update={"of": Post})
    if post.opens:
        db.session.refresh(post.thread)
    return post


def edit_post(
    post: Post,
    *,
    editor_id: int,
    body: str,
    title: str = "",
    reason: str = "",
    slip: bool = False,
    fields: list[dict[str, str]] | None = None,
) -> None:
    """Change a text and keep the one before, unless it was a `slip`; nothing happens where nothing changed."""
    thread = locked(post).thread
    new_title = title if post.opens and title else thread.title
    new_fields = thread.fields if fields is None or not post.opens else fields
    if body == post.body and new_title == thread.title and new_fields == thread.fields:
        return
    if not slip or new_title != thread.title or new_fields != thread.fields:
        _keep(post, editor_id, reason)
    called_before = set(mention_candidates(post.body))
    rendered = as_kept(body, by_id=post.author_id)
    post.body = body
    show(post, rendered)
    attach_linked_files(post, editor_id)
    if post.opens:
        thread.title, thread.language, thread.fields = new_title, rendered.language, new_fields
        touch_tied(thread)
    thread.touch()
    called = tuple(handle for handle in rendered.mentions if handle not in called_before)
    events.record(PostEdited(actor_id=editor_id, thread_id=thread.id, post_id=post.id, mentioned=called))
    indexing.mark(*(("thread", post.thread_id) if post.opens else ("post", post.id)))


def _keep(post: Post, editor_id: int, reason: str) -> None:
    """Keep the text as it was before an edit."""
    post.revision_count += 1
    post.edited_at = utcnow()
    db.session.add(
        PostRevision(
            post_id=post.id,
            number=post.revision_count,
            title=post.thread.title if post.opens else "",
            body=post.body,
            fields=post.thread.fields if post.opens else [],
            editor_id=editor_id,
            reason=reason,
        )
    )
