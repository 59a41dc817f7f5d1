"""What members are told when moderators put threads elsewhere."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import ThreadEvent, ThreadMarkedDuplicate, ThreadMerged, ThreadMoved, ThreadSplit
from community.forum.models import Post, Thread
from community.forum.reading.readers import readers

from .kinds import register
from .models import Notification
from .operations import notify

register(
    "arranged",
    _l("A thread of yours was moved, split or merged"),
    mail=False,
    sentence=_l("%(name)s put your thread in its place"),
    why=_l("You get this mail because you wrote there."),
    icon="thread",
)
register(
    "duplicate",
    _l("Your question was asked before"),
    sentence=_l("%(name)s found where your question is discussed"),
    why=_l("You get this mail because it is your question, or you said that you have it too."),
    icon="copy",
)


@subscribe(ThreadMoved)
def tell_of_move(event: ThreadMoved, fact: Fact) -> None:
    """The author hears where the thread went."""
    thread = db.session.get_one(Thread, event.thread_id)
    _tell(event, fact, "arranged", {thread.author_id}, thread, event.reason)


@subscribe(ThreadSplit)
def tell_of_split(event: ThreadSplit, fact: Fact) -> None:
    """Whoever wrote the replies hears where they stand now."""
    thread = db.session.get_one(Thread, event.new_thread_id)
    authors = set(db.session.scalars(select(Post.author_id).where(Post.id.in_(event.post_ids))))
    _tell(event, fact, "arranged", authors, thread, event.reason)


@subscribe(ThreadMerged)
def tell_of_merge(event: ThreadMerged, fact: Fact) -> None:
    """The author hears where the thread went; earlier news of it lead there."""
    source, target = (db.session.get_one(Thread, id_) for id_ in (event.thread_id, event.target_id))
    moved = update(Notification).where(Notification.thread_id == source.id).values(thread_id=target.id)
    db.session.execute(moved, execution_options={"synchronize_session": False})
    _tell(event, fact, "arranged", {source.author_id}, target, event.reason)


@subscribe(ThreadMarkedDuplicate)
def tell_of_original(event: ThreadMarkedDuplicate, fact: Fact) -> None:
    """Those who came along hear where their question is discussed."""
    original = db.session.get_one(Thread, event.other_id)
    _tell(event, fact, "duplicate", set(event.moved), original, event.reason)


def _tell(event: ThreadEvent, fact: Fact, kind: str, member_ids: set[int], thread: Thread, reason: str) -> None:
    """Tell those of them who may read the thread."""
    told = readers(thread, member_ids - {event.actor_id or 0})
    if told:
        address = url_for("forum.thread", thread_id=thread.id)
        notify(fact.id, kind, told, thread.title, address, event.actor_id, thread_id=thread.id, excerpt=reason)
