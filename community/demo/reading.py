"""What members of the demo world have seen: most of their news and threads, but for the last few."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from community.accounts.loading import actor_for
from community.core import i18n
from community.core.db import at_time, db, utcnow
from community.core.search.query import parse_query
from community.forum.models import Post, Thread
from community.forum.reading import marks as reading
from community.forum.reading import viewing
from community.forum.searching import log as searching_log
from community.notifications.models import Notification
from community.notifications.operations import mark_read_before

from .loading import read

LEFT = (3, 5, 2, 4, 6)
READ_UNTIL_HOURS = (30, 54, 20, 76, 42)  # everything older is read
LAST_HERE = 0.4  # the last visit was when this share of those hours was still to come
LOOKS = 5  # at a thread for each reply and each person who has it too, and for its opening


def read_most(member_id: int) -> None:
    """All but the newest two to six notifications of a member are read."""
    own = Notification.member_id == member_id, Notification.listed
    left = LEFT[member_id % len(LEFT)]
    moments = list(db.session.scalars(select(Notification.at).where(*own).order_by(Notification.at.desc()).limit(left)))
    mark_read_before(member_id, moments[-1] if moments else utcnow())


def read_threads(member_id: int, now: datetime) -> None:
    """A member read everything of some days ago, what stood above their own replies, and was here again since."""
    hours = READ_UNTIL_HOURS[member_id % len(READ_UNTIL_HOURS)]
    until = now - timedelta(hours=hours)
    reading.mark_all(member_id, until)
    own = select(Post.thread_id, func.max(Post.number), func.max(Post.created_at)).where(
        Post.author_id == member_id, Post.created_at > until
    )
    for thread_id, number, at in db.session.execute(own.group_by(Post.thread_id)).all():
        reading.mark(member_id, thread_id, reading.Shown(number, ends=False, at=at))
    with at_time(now - timedelta(hours=hours * LAST_HERE)):
        reading.note_visit(actor_for(member_id))


def look_around() -> None:
    """Threads were looked at, more often where more people took part."""
    for thread_id, replies, too in db.session.execute(select(Thread.id, Thread.reply_count, Thread.have_too_count)):
        for _look in range(LOOKS * (1 + replies + too) + thread_id % LOOKS):
            viewing.count(thread_id)


def search(now: datetime) -> None:
    """Count what was searched for on some days of the past, in the language of the searcher's pages."""
    for told in read("community.demo", "features.toml")["search"]:
        i18n.speak(told.get("language", "en"))
        query = parse_query(told["words"])
        for days in told["days_ago"]:
            with at_time(now - timedelta(days=days)):
                searching_log.asked(query, told["found"])
        with at_time(now - timedelta(days=min(told["days_ago"]))):
            for position in told.get("opened_at", ()):
                searching_log.clicked(query, position)
