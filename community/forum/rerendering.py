"""Posts that an older renderer made."""

from sqlalchemy import func, select, update

from community.core import indexing
from community.core.db import db
from community.core.markup import RENDERER_VERSION
from community.core.rerendering import Texts, sources

from .editing.operations import show
from .models import Post, Thread
from .rendering import rendered

_OLD = Post.renderer_version < RENDERER_VERSION


def waiting() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(Post.id)).where(_OLD)) or 0


def renew(after: int, limit: int) -> tuple[int, int] | None:
    """Make the next posts again; nobody edits them meanwhile. Pages that show something else say so."""
    statement = select(Post).where(_OLD, Post.id > after).order_by(Post.id).limit(limit)
    posts = list(db.session.scalars(statement.with_for_update(of=Post)))
    if not posts:
        return None
    changed = [post for post in posts if _renewed(post)]
    threads = {post.thread_id for post in changed}
    db.session.execute(update(Thread).where(Thread.id.in_(threads)).values(version=Thread.version + 1))
    indexing.mark("thread", *(post.thread_id for post in changed if post.opens))
    indexing.mark("post", *(post.id for post in changed if not post.opens))
    return posts[-1].id, len(posts)


def _renewed(post: Post) -> bool:
    """Make one again; whether it looks different."""
    before = post.html
    show(post, rendered(post.body, by_id=post.author_id))
    return post.html != before


def register() -> None:
    """Let `isthmus rerender` know of posts."""
    sources["posts"] = Texts(waiting, renew)
