"""What following does after facts, as jobs."""

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import ThreadMerged
from community.forum.models import Thread
from community.forum.tagging.events import TagMerged

from .operations import move_tag, move_thread


@subscribe(TagMerged)
def follow_main_tag(event: TagMerged, _fact: Fact) -> None:
    """Who followed a tag follows the one that it became part of."""
    move_tag(event.tag, event.main)


@subscribe(ThreadMerged)
def follow_where_it_went(event: ThreadMerged, _fact: Fact) -> None:
    """Who followed a merged thread, or muted it, finds that chosen at the one that it went into."""
    target = db.session.get_one(Thread, event.target_id)
    target = db.session.get_one(Thread, target.merged_into_id or target.id)
    move_thread(event.thread_id, target.id, target.author_id)
