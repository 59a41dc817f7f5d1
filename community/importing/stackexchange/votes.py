"""Votes: counted for each post, and made known as facts of the day they were given on."""

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from community.core import events
from community.core.db import db, transaction
from community.forum.models import Post
from community.importing.events import VotesImported
from community.importing.models import ImportedVotes

from .reading import Row
from .writing import Mapping, Target, insert_many, known, mark_pending, posts_known, remember, unseen

ACCEPTED, HELPFUL, UNHELPFUL = 1, 2, 3
ANNOUNCED = (HELPFUL, UNHELPFUL)


def write_votes(target: Target, rows: Sequence[Row]) -> None:
    """Import a batch of Votes.xml as numbers of each type for each post."""
    with transaction():
        fresh = unseen(target, "vote", rows, "votes")
        posts = posts_known(target, (row.required("PostId") for row in fresh))
        kept = [row for row in fresh if row.reference("PostId") in posts]
        _count_left_out(target, [row for row in fresh if row.reference("PostId") not in posts])
        _add_votes(kept, posts)
        _announce(kept, posts)
        remember(target, (Mapping("vote", row.key, posts[row.reference("PostId")]) for row in kept))
        threads = select(Post.thread_id).where(Post.id.in_({posts[row.reference("PostId")] for row in kept}))
        mark_pending(target, db.session.scalars(threads.distinct()).all())
    target.summary.imported["votes"] += len(kept)


def _count_left_out(target: Target, rows: Sequence[Row]) -> None:
    texts = known(target, "tag text", (row.reference("PostId") for row in rows))
    on_tags = sum(row.reference("PostId") in texts for row in rows)
    target.summary.skip("votes", "on the description of a tag", on_tags)
    target.summary.skip("votes", "the post is not in the dump", len(rows) - on_tags)


def _add_votes(rows: Sequence[Row], posts: dict[str, int]) -> None:
    number: Counter[tuple[int, int]] = Counter()
    last: dict[tuple[int, int], datetime] = {}
    for row in rows:
        key = (posts[row.reference("PostId")], row.count("VoteTypeId"))
        number[key] += 1
        at = row.required_moment("CreationDate")
        last[key] = max(at, last.get(key, at))
    kept = {
        (votes.post_id, votes.type_id): votes
        for votes in db.session.scalars(
            select(ImportedVotes).where(ImportedVotes.post_id.in_({post for post, _type in number}))
        )
    }
    for key, votes in kept.items():
        votes.number += number.get(key, 0)
        votes.announced = _announced(key[1], votes.number)
        votes.last_at = max(votes.last_at, last.get(key, votes.last_at))
    insert_many(
        ImportedVotes,
        [
            {
                "post_id": key[0],
                "type_id": key[1],
                "number": number[key],
                "announced": _announced(key[1], number[key]),
                "last_at": last[key],
            }
            for key in number
            if key not in kept
        ],
    )
    _count_helpful({post: count for (post, type_id), count in number.items() if type_id == HELPFUL})


def _announced(type_id: int, number: int) -> int:
    return number if type_id in ANNOUNCED else 0


def _announce(rows: Sequence[Row], posts: Map[str, int]) -> None:
    """Publish the up-votes and down-votes: a fact for each post and day. Who reacts waits for the thread's own."""
    given: dict[tuple[datetime, int], Counter[int]] = {}
    for row in rows:
        if row.count("VoteTypeId") in ANNOUNCED:
            key = (_day_of(row), posts[row.reference("PostId")])
            given.setdefault(key, Counter())[row.count("VoteTypeId")] += 1
    places = _places({post_id for _day, post_id in given})
    for (day, post_id), votes in sorted(given.items()):
        thread_id, author_id = places[post_id]
        events.record(
            VotesImported(
                post_id=post_id,
                thread_id=thread_id,
                author_id=author_id,
                helpful=votes[HELPFUL],
                unhelpful=votes[UNHELPFUL],
            ),
            at=day,
        )


def _day_of(row: Row) -> datetime:
    return row.required_moment("CreationDate").replace(hour=0, minute=0, second=0, microsecond=0)


def _places(post_ids: set[int]) -> dict[int, tuple[int, int]]:
    """The thread and the author of each post."""
    found = db.session.execute(select(Post.id, Post.thread_id, Post.author_id).where(Post.id.in_(post_ids)))
    return {post_id: (thread_id, author_id) for post_id, thread_id, author_id in found}


def _count_helpful(more: dict[int, int]) -> None:
    table = Post.__table__
    if more:
        db.session.connection().execute(
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("post"))
            .values(helpful_count=table.c.helpful_count + bindparam("more")),
            [{"post": post, "more": count} for post, count in more.items()],
        )
