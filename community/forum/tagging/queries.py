"""Reads of tags. Only threads that the actor may read are counted, so no tag tells of one that they may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from community.accounts.models import Member
from community.core.db import db
from community.core.diff import inline
from community.core.paging import Page
from community.core.policies import Actor
from community.forum.models import Thread, ThreadTag
from community.forum.queries import visible
from community.spaces.queries import all_visible_to

from . import policies
from .models import Tag, TagRevision

TAGS_A_PAGE = 60
RELATED = 10


@dataclass(frozen=True)
class ShownTag:
    """A main tag that the actor may see, and how many threads of theirs carry it. `row` is what was said of it."""

    name: str
    threads: int
    row: Tag | None


def shown_tag(actor: Actor, name: str) -> ShownTag | None:
    """The main tag of a name: some thread in view carries it, or a space in view offers it, or one manages tags."""
    asked = name.lower()
    row = db.session.get(Tag, asked)
    main = row.main if row is not None and row.main else asked
    if row is not None and row.name != main:
        row = db.session.get(Tag, main)
    count = db.session.scalar(_carried(actor).where(ThreadTag.tag == main)) or 0
    found = ShownTag(main, count, row)
    if count or any(main in space.tags for space in all_visible_to(actor)):
        return found
    return found if row is not None and policies.can_merge(actor) else None


def _carried(actor: Actor) -> Select[int]:
    return (
        select(func.count())
        .select_from(ThreadTag)
        .join(Thread, Thread.id == ThreadTag.thread_id)
        .join(Thread.space)
        .where(visible(actor))
    )


def synonyms(name: str) -> list[str]:
    """Other words for a main tag."""
    return list(db.session.scalars(select(Tag.name).where(Tag.main == name).order_by(Tag.name)))


def related(actor: Actor, name: str) -> list[tuple[str, int]]:
    """Tags that threads in view carry beside this one, and how many do, the commonest first."""
    other = aliased(ThreadTag)
    number = func.count()
    rows = db.session.execute(
        select(other.tag, number)
        .join(ThreadTag, ThreadTag.thread_id == other.thread_id)
        .join(Thread, Thread.id == other.thread_id)
        .join(Thread.space)
        .where(ThreadTag.tag == name, other.tag != name, visible(actor))
        .group_by(other.tag)
        .order_by(number.desc(), other.tag)
        .limit(RELATED)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class CountedTag:
    """A tag in the index."""

    name: str
    threads: int
    group: str


def index(actor: Actor, number: int, *, words: str = "", group: str = "") -> Page[CountedTag]:
    """Tags of threads in view, the commonest first; `words` find them by a part of their name or of a synonym's."""
    counted = func.count()
    found = (
        select(ThreadTag.tag, counted.label("threads"), func.coalesce(Tag.group, "").label("named"))
        .join(Thread, Thread.id == ThreadTag.thread_id)
        .join(Thread.space)
        .outerjoin(Tag, Tag.name == ThreadTag.tag)
        .where(visible(actor), *_narrowed(words, group))
        .group_by(ThreadTag.tag, Tag.group)
    )
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = found.order_by(counted.desc(), ThreadTag.tag).limit(TAGS_A_PAGE).offset((number - 1) * TAGS_A_PAGE)
    rows = [CountedTag(row[0], row[1], row[2]) for row in db.session.execute(page)]
    return Page(rows, number, TAGS_A_PAGE, total)


def _narrowed(words: str, group: str) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if words:
        by_synonym = select(Tag.main).where(Tag.main.is_not(None), Tag.name.contains(words, autoescape=True))
        narrowed.append(or_(ThreadTag.tag.contains(words, autoescape=True), ThreadTag.tag.in_(by_synonym)))
    if group:
        narrowed.append(Tag.group == group)
    return narrowed


def groups(actor: Actor) -> list[str]:
    """Groups of tags that threads in view carry."""
    rows = db.session.scalars(
        select(Tag.group)
        .join(ThreadTag, ThreadTag.tag == Tag.name)
        .join(Thread, Thread.id == ThreadTag.thread_id)
        .join(Thread.space)
        .where(visible(actor), Tag.group != "")
        .distinct()
        .order_by(Tag.group)
    )
    return list(rows)


@dataclass(frozen=True)
class TagStep:
    """One edit of a tag's text."""

    editor: Member
    at: datetime
    reason: str
    body: Sequence[tuple[str, str]]


def steps(row: Tag) -> list[TagStep]:
    """All edits of a tag's text, newest first."""
    rows = list(
        db.session.scalars(
            select(TagRevision)
            .where(TagRevision.tag == row.name)
            .order_by(TagRevision.number)
            .options(joinedload(TagRevision.editor))
        )
    )
    bodies = [each.body for each in rows] + [row.body]
    return [
        TagStep(each.editor, each.at, each.reason, inline(bodies[n], bodies[n + 1]))
        for n, each in reversed(list(enumerate(rows)))
    ]


def groups_of(names: Sequence[str]) -> dict[str, str]:
    """The group of each of these tags that has one."""
    rows = db.session.execute(select(Tag.name, Tag.group).where(Tag.name.in_(names), Tag.group != ""))
    return {row[0]: row[1] for row in rows}
