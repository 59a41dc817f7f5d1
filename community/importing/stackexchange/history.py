"""The history of posts: kept aside first, then turned into revisions when their post is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update, delete, select, update

from community.core.db import db, transaction
from community.importing.models import ImportedHistory

from .convert import markdown_source, one_line
from .people import Author
from .reading import Row
from .writing import BATCH, Mapping, Target, insert_many, known, posts_known, remember, unseen

TITLES = frozenset((1, 4, 7))
BODIES = frozenset((2, 5, 8))
FIRST = frozenset((1, 2, 3))
COUNTED = "revisions and history"
TEXTS = TITLES | BODIES


@dataclass
class Edit:
    """One change of a post's text: who made it, when and why, and what the text was before."""

    author: Author
    at: datetime
    reason: str
    title: str | None
    body: str | None


@dataclass
class Story:
    """All that is known of a post's texts: its newest body, and each edit with the text it replaced."""

    body: str | None = None
    title: str | None = None
    edits: list[Edit] = field(default_factory=list)
    used: list[int] = field(default_factory=list)


def stage(target: Target, rows: Sequence[Row]) -> None:
    """Keep a batch of PostHistory.xml aside."""
    with transaction():
        fresh = unseen(target, "history", rows, COUNTED)
        numbers = [row.required("Id") for row in fresh]
        there = set(
            db.session.scalars(
                select(ImportedHistory.old_id).where(
                    ImportedHistory.source == target.source, ImportedHistory.old_id.in_(numbers)
                )
            )
        )
        target.summary.present[COUNTED] += len(there)
        insert_many(ImportedHistory, [_staged(target, row) for row in fresh if row.required("Id") not in there])


def _staged(target: Target, row: Row) -> dict[str, Any]:
    return {
        "source": target.source,
        "old_id": row.required("Id"),
        "old_post_id": row.required("PostId"),
        "type_id": row.count("PostHistoryTypeId"),
        "revision": one_line(row.text("RevisionGUID"), 40),
        "at": row.required_moment("CreationDate"),
        "old_user_id": row.number("UserId"),
        "user_name": one_line(row.text("UserDisplayName"), 80),
        "text": row.text("Text"),
        "comment": row.text("Comment"),
    }


def stories(target: Target, old_post_ids: Iterable[int]) -> dict[int, Story]:
    """Return the stories of these posts, from what was kept aside."""
    wanted = (
        select(ImportedHistory)
        .where(
            ImportedHistory.source == target.source,
            ImportedHistory.post_id.is_(None),
            ImportedHistory.type_id.in_(TEXTS),
            ImportedHistory.old_post_id.in_(sorted(old_post_ids)),
        )
        .order_by(ImportedHistory.old_post_id, ImportedHistory.at, ImportedHistory.old_id)
    )
    told: dict[int, Story] = {}
    for entries in _by_revision(db.session.scalars(wanted)):
        _tell(told.setdefault(entries[0].old_post_id, Story()), entries)
    return told


def _by_revision(entries: Iterable[ImportedHistory]) -> Iterator[list[ImportedHistory]]:
    group: list[ImportedHistory] = []
    for entry in entries:
        if group and (group[-1].old_post_id, group[-1].revision) != (entry.old_post_id, entry.revision):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _tell(story: Story, entries: list[ImportedHistory]) -> None:
    title = next((one_line(e.text, 160) for e in entries if e.type_id in TITLES), None)
    body = next((markdown_source(e.text) for e in entries if e.type_id in BODIES), None)
    last = entries[-1]
    changed = (title is not None and title != story.title) or (body is not None and body != story.body)
    if not any(entry.type_id in FIRST for entry in entries) and story.body is not None and changed:
        reason = next((entry.comment for entry in entries if entry.comment), "")
        author = Author(last.old_user_id, last.user_name)
        story.edits.append(Edit(author, last.at, one_line(reason, 200), story.title, story.body))
    story.title = story.title if title is None else title
    story.body = story.body if body is None else body
    story.used += [entry.old_id for entry in entries]


def settle(target: Target, posts: dict[str, int], told: dict[int, Story]) -> None:
    """Note, with the posts just written, that their texts were used."""
    used = [(number, post) for post, story in told.items() for number in story.used]
    remember(target, (Mapping("history", str(number), posts[str(post)]) for number, post in used))
    for start in range(0, len(used), BATCH):
        numbers = [number for number, _post in used[start : start + BATCH]]
        db.session.execute(
            delete(ImportedHistory).where(ImportedHistory.source == target.source, ImportedHistory.old_id.in_(numbers))
        )
    target.summary.imported[COUNTED] += len(used)


def keep_rest(target: Target) -> None:
    """Tie what was kept aside to its post or tag; entries of posts that are not in the dump are left out."""
    last = -(2**62)
    while True:
        with transaction():
            rows = _untied(target, last)
            if not rows:
                return
            last = rows[-1]
            _tie(target, rows)


def _untied(target: Target, after: int) -> list[int]:
    return list(
        db.session.scalars(
            select(ImportedHistory.old_post_id)
            .where(
                ImportedHistory.source == target.source,
                ImportedHistory.post_id.is_(None),
                ImportedHistory.tag_id.is_(None),
                ImportedHistory.old_post_id > after,
            )
            .distinct()
            .order_by(ImportedHistory.old_post_id)
            .limit(BATCH)
        )
    )


def _tie(target: Target, old_posts: list[int]) -> None:
    posts, tags = posts_known(target, old_posts), known(target, "tag text", old_posts)
    for number in old_posts:
        mine = (
            ImportedHistory.source == target.source,
            ImportedHistory.old_post_id == number,
            ImportedHistory.post_id.is_(None),
        )
        post_id, tag_id = posts.get(str(number)), tags.get(str(number))
        if post_id is None and tag_id is None:
            gone = _rows(delete(ImportedHistory).where(*mine))
            target.summary.skip(COUNTED, "the post is not in the dump", gone)
        else:
            tied = _rows(update(ImportedHistory).where(*mine).values(post_id=post_id, tag_id=tag_id))
            target.summary.imported[COUNTED] += tied


def _rows(statement: Delete | Update) -> int:
    """Carry the statement out; how many rows it met."""
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount
