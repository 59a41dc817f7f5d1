"""How a post came to read as it does: its versions, any two of them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.diff import Part, Row, inline, side_by_side

from ..asking.templates import as_text
from ..models import Post, PostRevision

AROUND = 3  # unchanged lines shown before and after a change


@dataclass(frozen=True)
class Version:
    """One text of a post, counted from 1; who wrote it, when and why."""

    number: int
    by: str
    at: datetime
    reason: str
    title: str
    body: str
    fields: list[dict[str, str]]

    @property
    def text(self) -> str:
        """What was typed into the fields of the space, then the text."""
        return "\n\n".join(part for part in (as_text(self.fields), self.body) if part)


@dataclass(frozen=True)
class History:
    """All versions, newest first, and how `older` became `newer`. A row of None stands for lines left out."""

    versions: Sequence[Version]
    older: Version
    newer: Version
    title: Sequence[Part]
    rows: Sequence[Row | None]


def versions_of(post: Post) -> list[Version]:
    """Every text that the post had, oldest first; the last one is the present one."""
    kept = db.session.scalars(
        select(PostRevision)
        .where(PostRevision.post_id == post.id)
        .order_by(PostRevision.number)
        .options(joinedload(PostRevision.editor))
    ).all()
    made = [(post.author.name, post.created_at, ""), *((row.editor.name, row.at, row.reason) for row in kept)]
    now = (post.thread.title, post.body, post.thread.fields) if post.opens else ("", post.body, post.fields)
    texts = [*((row.title, row.body, row.fields) for row in kept), now]
    return [
        Version(number, by, at, reason, title, body, fields)
        for number, ((by, at, reason), (title, body, fields)) in enumerate(zip(made, texts, strict=True), 1)
    ]


def history_of(post: Post, older: int | None, newer: int | None) -> History:
    """The versions, and what changed between two of them; without numbers, what the last edit changed."""
    versions = versions_of(post)
    last = len(versions)
    newer = min(max(newer or last, 1), last)
    older = min(max(older or newer - 1, 1), last)
    before, after = versions[min(older, newer) - 1], versions[max(older, newer) - 1]
    title = inline(before.title, after.title) if before.title != after.title else []
    return History(versions[::-1], before, after, title, folded_sides(before.text, after.text))


def folded(rows: Sequence[Row]) -> list[Row | None]:
    """The rows near a change; each longer run of unchanged lines is one None."""
    changed = [place for place, row in enumerate(rows) if row.kind != "same"]
    near = {place + step for place in changed for step in range(-AROUND, AROUND + 1)}
    found: list[Row | None] = []
    for place, row in enumerate(rows):
        if place in near:
            found.append(row)
        elif not found or found[-1] is not None:
            found.append(None)
    return found


def folded_sides(old: str, new: str) -> list[Row | None]:
    """Two texts side by side, without what is far from any change."""
    return folded(side_by_side(old, new))
