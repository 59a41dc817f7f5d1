"""Tags and links: what is known about posts beside their texts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from community.core.db import db, transaction
from community.importing.models import ImportedLink, ImportedTag

from .convert import markdown_of_html, one_line
from .reading import Row
from .writing import (
    Mapping,
    Target,
    insert_ids,
    known,
    posts_known,
    remember,
    unseen,
)

QUESTION, ANSWER, EXCERPT, DESCRIPTION = 1, 2, 4, 5
LINK_KINDS = {1: "linked", 3: "duplicate"}


def write_tags(target: Target, rows: Sequence[Row]) -> None:
    """Import a batch of Tags.xml. Two numbers of one name are one tag."""
    with transaction():
        fresh = unseen(target, "tag", rows, "tags")
        names = {row.key: one_line(row.text("TagName"), 80).lower() for row in fresh}
        there = _tags_named(target, set(names.values()))
        new = {names[row.key]: row for row in reversed(fresh) if names[row.key] and names[row.key] not in there}
        target.summary.skip("tags", "the name is empty", sum(not name for name in names.values()))
        ids = insert_ids(
            ImportedTag,
            [{"space_id": target.space_id, "name": name, "number": row.count("Count")} for name, row in new.items()],
        )
        there.update(zip(new, ids, strict=True))
        remember(target, (m for row in fresh if names[row.key] for m in _tag_maps(row, there[names[row.key]])))
        _remember_texts(target, fresh, names, there)
    target.summary.imported["tags"] += len(new)


def _tags_named(target: Target, names: set[str]) -> dict[str, int]:
    found = db.session.execute(
        select(ImportedTag.name, ImportedTag.id).where(
            ImportedTag.space_id == target.space_id, ImportedTag.name.in_(names)
        )
    )
    return dict(found.all())


def _tag_maps(row: Row, tag_id: int) -> list[Mapping]:
    return [Mapping("tag", row.key, tag_id, f"/tags/{one_line(row.text('TagName'), 80)}")]


def _remember_texts(target: Target, rows: Sequence[Row], names: dict[str, str], tags: dict[str, int]) -> None:
    """Note which posts describe which tag; the posts themselves come later."""
    wanted = {
        row.reference(column): tags[names[row.key]]
        for row in rows
        for column in ("ExcerptPostId", "WikiPostId")
        if names[row.key] and row.reference(column)
    }
    there = known(target, "tag text", wanted)
    remember(target, (Mapping("tag text", old, tag) for old, tag in wanted.items() if old not in there))


def write_tag_texts(target: Target, rows: Sequence[Row]) -> None:
    """Import the descriptions of tags in a batch of Posts.xml, and count the posts of kinds unknown here."""
    for row in rows:
        if row.required("PostTypeId") not in (QUESTION, ANSWER, EXCERPT, DESCRIPTION):
            target.summary.skip("posts", f"posts of type {row.required('PostTypeId')} have no place here")
    texts = [row for row in rows if row.number("PostTypeId") in (EXCERPT, DESCRIPTION)]
    with transaction():
        tags = known(target, "tag text", (row.key for row in texts))
        done = known(target, "tag text done", (row.key for row in texts))
        for row in texts:
            if row.key in done:
                target.summary.present["tag descriptions"] += 1
            elif row.key in tags:
                _describe(target, row, tags[row.key])
                done[row.key] = tags[row.key]
            else:
                target.summary.skip("tag descriptions", "no tag in the dump has it")


def _describe(target: Target, row: Row, tag_id: int) -> None:
    tag = db.session.get_one(ImportedTag, tag_id)
    text = markdown_of_html(row.text("Body"))
    if row.number("PostTypeId") == EXCERPT:
        tag.excerpt = text
    else:
        tag.description = text
    remember(target, [Mapping("tag text done", row.key, tag_id)])
    target.summary.imported["tag descriptions"] += 1


def write_links(target: Target, rows: Sequence[Row]) -> None:
    """Import a batch of PostLinks.xml; a link that is there already is counted, not written again."""
    with transaction():
        fresh = unseen(target, "link", rows, "links")
        ends = (row.reference(name) for row in fresh for name in ("PostId", "RelatedPostId"))
        posts = posts_known(target, ends)
        kept = [r for r in fresh if r.reference("PostId") in posts and r.reference("RelatedPostId") in posts]
        target.summary.skip("links", "one of the posts is not in the dump", len(fresh) - len(kept))
        there = _links_from(set(posts.values()))
        for row in kept:
            _add_link(target, row, _link(row, posts), there)


def _link(row: Row, posts: dict[str, int]) -> dict[str, Any]:
    type_id = row.count("LinkTypeId")
    return {
        "post_id": posts[row.reference("PostId")],
        "other_id": posts[row.reference("RelatedPostId")],
        "kind": LINK_KINDS.get(type_id, f"type {type_id}"),
        "at": row.moment("CreationDate"),
    }


def _links_from(post_ids: set[int]) -> set[tuple[int, int, str]]:
    found = select(ImportedLink.post_id, ImportedLink.other_id, ImportedLink.kind)
    rows = db.session.execute(found.where(ImportedLink.post_id.in_(post_ids)))
    return {(post_id, other_id, kind) for post_id, other_id, kind in rows}


def _add_link(target: Target, row: Row, link: dict[str, Any], there: set[tuple[int, int, str]]) -> None:
    key = (link["post_id"], link["other_id"], link["kind"])
    if key in there:
        target.summary.skip("links", "the same link again")
        return
    there.add(key)
    made = db.session.scalars(insert(ImportedLink).values(link).returning(ImportedLink.id)).one()
    remember(target, [Mapping("link", row.key, made)])
    target.summary.imported["links"] += 1
