"""Where the fact of a vote stands: points follow the thread in whose facts it was recorded, not the present one."""

from collections.abc import Collection

from sqlalchemy import select

from community.core.db import db
from community.core.events import EventRecord

from ..events import HelpfulMarked, NotHelpfulMarked

AT_ONCE = 500


def threads_of_votes(votes: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The thread in whose facts each vote, given as its post and its voter, was recorded last.

    It is not the present thread of a post that was moved since. Votes that came by an import have no fact of their own
    and are left out.
    """
    wanted, found = set(votes), dict[tuple[int, int], int]()
    post_ids = sorted({post_id for post_id, _member_id in wanted})
    of_post = EventRecord.payload["post_id"].as_integer()
    for start in range(0, len(post_ids), AT_ONCE):
        given = select(EventRecord.actor_id, EventRecord.payload).where(
            EventRecord.name.in_([HelpfulMarked.name, NotHelpfulMarked.name]),
            EventRecord.actor_id.in_({member_id for _post_id, member_id in wanted}),
            of_post.in_(post_ids[start : start + AT_ONCE]),
        )
        rows = db.session.execute(given.order_by(EventRecord.id))
        found.update({(row[1]["post_id"], row[0]): row[1]["thread_id"] for row in rows})
    return {vote: thread_id for vote, thread_id in found.items() if vote in wanted}
