"""Posts that mention groups are put into their inboxes. Safe to run twice."""

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import PostEdited, ReplyPosted, ThreadStarted
from community.forum.models import Post

from .operations import note


@subscribe(ThreadStarted)
def note_thread(event: ThreadStarted, _fact: Fact) -> None:
    """What the opening post mentions."""
    note(db.session.get_one(Post, event.post_id), event.mentioned, event.actor_id)


@subscribe(ReplyPosted)
def note_reply(event: ReplyPosted, _fact: Fact) -> None:
    """What a reply mentions."""
    note(db.session.get_one(Post, event.post_id), event.mentioned, event.actor_id)


@subscribe(PostEdited)
def note_edit(event: PostEdited, _fact: Fact) -> None:
    """What an edit mentions for the first time."""
    note(db.session.get_one(Post, event.post_id), event.mentioned, event.actor_id)
