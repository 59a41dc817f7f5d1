"""Threads that only the people of one organisation, and the provider's staff, may read."""

from sqlalchemy import column, select, table

from community.core import events, indexing
from community.core.db import db

from ..arranging.operations import touch_showing
from ..events import ThreadKeptWithin
from ..models import Post, Thread

_organisation = table("organisation", column("id"), column("name"))


def keep_within(thread: Thread, organisation_id: int, *, by_id: int | None) -> None:
    """From this moment on only people of the organisation and staff read the thread, and nobody else finds it."""
    thread.organisation_id = organisation_id
    thread.touch()
    touch_showing(thread)
    events.record(ThreadKeptWithin(actor_id=by_id, thread_id=thread.id, organisation_id=organisation_id))
    indexing.mark("thread", thread.id)
    indexing.mark("post", *db.session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number > 1)))


def name_of(thread: Thread) -> str:
    """Whose thread it is, for those who may read it; "" where it is everybody's."""
    if thread.organisation_id is None:
        return ""
    return db.session.scalar(select(_organisation.c.name).where(_organisation.c.id == thread.organisation_id)) or ""
