"""Comments become replies, in time order among the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db, transaction
from community.core.markup import Rendered
from community.forum.models import Post
from community.importing.models import ImportedPost

from .convert import comment_markdown, plain_words
from .people import Author, author_of, members_for
from .posts import extras, free_numbers, shown_columns
from .reading import Row
from .writing import (
    Mapping,
    Target,
    insert_ids,
    insert_many,
    mark_pending,
    posts_known,
    remember,
    rendered,
    unseen,
)


@dataclass(frozen=True)
class Commented:
    """The post that a comment is about."""

    id: int
    thread_id: int
    opens: bool
    author: str


@dataclass(frozen=True)
class Draft:
    """A row of Comments.xml with its text as the forum will store it."""

    row: Row
    about: Commented
    body: str
    shown: Rendered


def write_comments(target: Target, rows: Sequence[Row]) -> None:
    """Import a batch of Comments.xml as replies; one about an answer says so in its first line."""
    drafts = _drafts(target, rows)
    if not drafts:
        return
    with transaction():
        members = members_for(target, (author_of(draft.row) for draft in drafts))
        numbers = free_numbers([draft.about.thread_id for draft in drafts])
        ids = insert_ids(Post, [_post(draft, number, members) for draft, number in zip(drafts, numbers, strict=True)])
        pairs = list(zip((draft.row for draft in drafts), ids, strict=True))
        insert_many(ImportedPost, [extras(row, id_) for row, id_ in pairs])
        remember(target, (Mapping("comment", row.key, id_, f"/posts/comments/{row.key}") for row, id_ in pairs))
        mark_pending(target, {draft.about.thread_id for draft in drafts})
    target.summary.imported["comments"] += len(drafts)


def _drafts(target: Target, rows: Sequence[Row]) -> list[Draft]:
    """Convert and render the rows not imported before, outside any transaction that writes."""
    with transaction(read_only=True):
        fresh = unseen(target, "comment", rows, "comments")
        about = _commented(target, fresh)
    kept = [(row, about[row.reference("PostId")]) for row in fresh if row.reference("PostId") in about]
    target.summary.skip("comments", "the post is not in the dump", len(fresh) - len(kept))
    bodies = [_body(row, place) for row, place in kept]
    return [
        Draft(row, place, body, shown) for (row, place), body, shown in zip(kept, bodies, rendered(bodies), strict=True)
    ]


def _commented(target: Target, rows: Sequence[Row]) -> dict[str, Commented]:
    ids = posts_known(target, (row.reference("PostId") for row in rows))
    found = db.session.execute(
        select(Post.id, Post.thread_id, Post.number, Member.name)
        .join(Member, Member.id == Post.author_id)
        .where(Post.id.in_(set(ids.values())))
    )
    by_id = {row.id: Commented(row.id, row.thread_id, row.number == 1, row.name) for row in found}
    return {old_id: by_id[id_] for old_id, id_ in ids.items() if id_ in by_id}


def _body(row: Row, about: Commented) -> str:
    text = comment_markdown(row.text("Text"))
    if about.opens:
        return text
    return f"> [re: answer by {plain_words(about.author)}](/posts/{about.id})\n\n{text}"


def _post(draft: Draft, number: int, members: dict[Author, int]) -> dict[str, Any]:
    return {
        **shown_columns(draft.shown),
        "thread_id": draft.about.thread_id,
        "author_id": members[author_of(draft.row)],
        "number": number,
        "body": draft.body,
        "reply_to_id": None if draft.about.opens else draft.about.id,
        "created_at": draft.row.required_moment("CreationDate"),
        "helpful_count": draft.row.count("Score"),
    }
