"""Questions become threads, answers and comments their replies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from community.core.db import db, transaction, utcnow
from community.core.markup import Rendered
from community.forum.models import Kind, Post, PostRevision, Thread, ThreadTag
from community.forum.tagging.giving import rows_for
from community.importing.models import ImportedPost, ImportPending

from . import history
from .convert import body_markdown, one_line, tag_names
from .people import Author, author_of, members_for
from .reading import Row
from .writing import (
    Mapping,
    Target,
    insert_ids,
    insert_many,
    known,
    mark_pending,
    remember,
    rendered,
    unseen,
)

LONGEST_TITLE = 160
LONGEST_TAG = 40
FROM_HTML = "taken from the page, for want of Markdown the forum understands"


@dataclass(frozen=True)
class Draft:
    """A row of Posts.xml with its text as the forum will store it."""

    row: Row
    body: str
    shown: Rendered
    story: history.Story

    @property
    def author(self) -> Author:
        """Who wrote the post."""
        return author_of(self.row, "OwnerUserId", "OwnerDisplayName")


def write_questions(target: Target, rows: Sequence[Row]) -> None:
    """Import the questions of a batch of Posts.xml."""
    drafts = _drafts(target, [row for row in rows if row.number("PostTypeId") == 1], "questions")
    if not drafts:
        return
    with transaction():
        members = members_for(target, _everybody(drafts))
        threads = insert_ids(Thread, [_thread(target, draft, members[draft.author]) for draft in drafts])
        _add_tags(target, drafts, threads)
        posts = [_post(draft, thread, 1, members[draft.author]) for draft, thread in zip(drafts, threads, strict=True)]
        _add_posts(target, drafts, posts, members, "questions")
        remember(target, (Mapping("thread", d.row.key, id_) for d, id_ in zip(drafts, threads, strict=True)))
        insert_many(
            ImportPending,
            [
                {
                    "thread_id": id_,
                    "source": target.source,
                    "fresh": True,
                    "accepted": draft.row.reference("AcceptedAnswerId"),
                }
                for draft, id_ in zip(drafts, threads, strict=True)
            ],
        )
    target.summary.imported["questions"] += len(drafts)


def write_answers(target: Target, rows: Sequence[Row]) -> None:
    """Import the answers of a batch of Posts.xml; all questions are there by now."""
    answers = [row for row in rows if row.number("PostTypeId") == 2]
    with transaction(read_only=True):
        threads = known(target, "thread", (row.reference("ParentId") for row in answers))
    kept = [row for row in answers if row.reference("ParentId") in threads]
    target.summary.skip("answers", "the question is not in the dump", len(answers) - len(kept))
    drafts = _drafts(target, kept, "answers")
    if not drafts:
        return
    with transaction():
        members = members_for(target, _everybody(drafts))
        places = [threads[draft.row.reference("ParentId")] for draft in drafts]
        numbers = free_numbers(places)
        posts = [
            _post(draft, place, number, members[draft.author])
            for draft, place, number in zip(drafts, places, numbers, strict=True)
        ]
        _add_posts(target, drafts, posts, members, "answers")
        mark_pending(target, places)
    target.summary.imported["answers"] += len(drafts)


def _drafts(target: Target, rows: Sequence[Row], counted: str) -> list[Draft]:
    """Convert and render the rows not imported before, outside any transaction that writes."""
    with transaction(read_only=True):
        fresh = unseen(target, "post", rows, counted)
        told = history.stories(target, (row.required("Id") for row in fresh))
    bodies = [body_markdown(told.get(row.required("Id"), history.Story()).body, row.text("Body")) for row in fresh]
    target.summary.note(counted, FROM_HTML, sum(origin == "html" for _body, origin in bodies))
    shown = rendered([body for body, _origin in bodies])
    return [
        Draft(row, body, html, told.get(row.required("Id"), history.Story()))
        for row, (body, _origin), html in zip(fresh, bodies, shown, strict=True)
    ]


def _everybody(drafts: Iterable[Draft]) -> set[Author]:
    drafts = list(drafts)
    return {draft.author for draft in drafts} | {edit.author for d in drafts for edit in d.story.edits}


def _thread(target: Target, draft: Draft, author_id: int) -> dict[str, Any]:
    row = draft.row
    created = row.required_moment("CreationDate")
    title = one_line(row.text("Title"), LONGEST_TITLE)
    target.summary.note("questions", f"title cut to {LONGEST_TITLE} characters", title.endswith("…"))
    return {
        "space_id": target.space_id,
        "author_id": author_id,
        "kind": Kind.QUESTION.value,
        "title": title or f"Question {row.key}",
        "language": draft.shown.language,
        "tags": _tags(row),
        "view_count": row.count("ViewCount"),
        "closed_at": row.moment("ClosedDate"),
        "hidden_at": utcnow(),
        "created_at": created,
        "last_activity_at": created,
    }


def _tags(row: Row) -> list[str]:
    return sorted({one_line(name, LONGEST_TAG).lower() for name in tag_names(row.text("Tags"))})


def _add_tags(target: Target, drafts: Iterable[Draft], threads: Iterable[int]) -> None:
    rows = [row for draft, thread in zip(drafts, threads, strict=True) for row in rows_for(thread, _tags(draft.row))]
    insert_many(ThreadTag, rows)
    target.summary.imported["tags on questions"] += len(rows)


def _post(draft: Draft, thread_id: int, number: int, author_id: int) -> dict[str, Any]:
    edits = draft.story.edits
    return {
        **shown_columns(draft.shown),
        "thread_id": thread_id,
        "author_id": author_id,
        "number": number,
        "body": draft.body,
        "reply_to_id": None,
        "revision_count": len(edits),
        "created_at": draft.row.required_moment("CreationDate"),
        "edited_at": edits[-1].at if edits else draft.row.moment("LastEditDate"),
        "helpful_count": 0,
    }


def shown_columns(shown: Rendered) -> dict[str, Any]:
    """Return the columns of a post that come from rendering it."""
    return {
        "html": shown.html,
        "renderer_version": shown.version,
        "timed_out": shown.timed_out,
        "language": shown.language,
    }


def _add_posts(
    target: Target,
    drafts: Sequence[Draft],
    posts: Sequence[dict[str, Any]],
    members: dict[Author, int],
    counted: str,
) -> None:
    ids = insert_ids(Post, posts)
    insert_many(ImportedPost, [extras(draft.row, id_) for draft, id_ in zip(drafts, ids, strict=True)])
    insert_many(
        PostRevision,
        [row for draft, id_ in zip(drafts, ids, strict=True) for row in _revisions(draft.story, id_, members)],
    )
    word = "/questions/" if counted == "questions" else "/a/"
    new = {draft.row.key: id_ for draft, id_ in zip(drafts, ids, strict=True)}
    remember(target, (Mapping("post", key, id_, word + key) for key, id_ in new.items()))
    history.settle(target, new, {draft.row.required("Id"): draft.story for draft in drafts})


def extras(row: Row, post_id: int) -> dict[str, Any]:
    """Return the row of `imported_post` for a post or comment."""
    return {
        "post_id": post_id,
        "licence": one_line(row.text("ContentLicense"), 40),
        "score": max(min(row.number("Score") or 0, 2**31 - 1), -(2**31)),
        "favourites": row.count("FavoriteCount"),
        "community_owned_at": row.moment("CommunityOwnedDate"),
    }


def _revisions(story: history.Story, post_id: int, members: dict[Author, int]) -> list[dict[str, Any]]:
    return [
        {
            "post_id": post_id,
            "number": number,
            "title": edit.title or "",
            "body": edit.body or "",
            "editor_id": members[edit.author],
            "reason": edit.reason,
            "at": edit.at,
        }
        for number, edit in enumerate(story.edits, 1)
    ]


def free_numbers(thread_ids: Sequence[int]) -> list[int]:
    """Return numbers that no post of these threads has; below zero, until the threads are put in order."""
    rows = db.session.execute(
        select(Post.thread_id, func.min(Post.number))
        .where(Post.thread_id.in_(set(thread_ids)))
        .group_by(Post.thread_id)
    )
    lowest: dict[int, int] = dict(rows.all())
    numbers: list[int] = []
    for thread_id in thread_ids:
        lowest[thread_id] = min(lowest.get(thread_id, 0), 0) - 1
        numbers.append(lowest[thread_id])
    return numbers
