"""Saying what a tag means, and which tags are one."""

from typing import Any

from sqlalchemy import ScalarSelect, delete, func, select, text, update

from community.core import events, indexing
from community.core.db import db, insert_once
from community.core.markup import render
from community.forum.models import Thread, ThreadTag
from community.spaces.models import Space

from .events import TagEdited, TagMerged, TagSeparated
from .models import Tag, TagRevision

UNSYNCHRONIZED = {"synchronize_session": False}


def _row(name: str) -> Tag:
    """The row of a tag, made where there is none, and nobody else changes it until this transaction ends."""
    insert_once(Tag, name=name, group="", body="", html="", revision_count=0)
    return db.session.scalars(select(Tag).where(Tag.name == name).with_for_update()).one()


def edit(name: str, *, body: str, group: str, editor_id: int, reason: str = "") -> None:
    """Write what a tag means and which group it is in; the text before is kept."""
    row = _row(name)
    if (body, group) == (row.body, row.group):
        return
    if body != row.body:
        row.revision_count += 1
        db.session.add(
            TagRevision(tag=name, number=row.revision_count, body=row.body, editor_id=editor_id, reason=reason)
        )
        row.body, row.html = body, render(body).html if body else ""
    row.group = group
    events.record(TagEdited(actor_id=editor_id, tag=name))


def merge(old: str, main: str, *, by_id: int) -> None:
    """Make a tag another word for a main one: its threads carry that, and its address leads there. Each is one step.

    Raises `ValueError` where both are the same or `main` is only another word itself.
    """
    kept = {name: _row(name) for name in sorted((old, main))}
    if old == main or kept[main].main is not None:
        raise ValueError(f"{old} cannot become {main}")
    ids = list(db.session.scalars(select(ThreadTag.thread_id).where(ThreadTag.tag == old)))
    carrying = select(ThreadTag.thread_id).where(ThreadTag.tag == main).scalar_subquery()
    _do(update(ThreadTag).where(ThreadTag.tag == old, ThreadTag.thread_id.not_in(carrying)).values(tag=main))
    _do(delete(ThreadTag).where(ThreadTag.tag == old))
    _do(
        update(Thread).where(Thread.id.in_(carrying)).values(tags=_listed_again(), version=Thread.version + 1)
        if ids
        else None
    )
    _do(update(Tag).where(Tag.main == old).values(main=main))
    kept[old].main = main
    _offer_main(old, main)
    events.record(TagMerged(actor_id=by_id, tag=old, main=main))
    indexing.mark("thread", *ids)


def _do(statement: Any) -> None:
    if statement is not None:
        db.session.execute(statement, execution_options=UNSYNCHRONIZED)


def _listed_again() -> ScalarSelect[Any]:
    """A thread's own list of tags, made anew from the rows, by the database."""
    names = select(ThreadTag.tag).where(ThreadTag.thread_id == Thread.id).correlate(Thread)
    if db.engine.dialect.name == "postgresql":
        listed = names.with_only_columns(func.json_agg(text('thread_tag.tag ORDER BY thread_tag.tag COLLATE "C"')))
        return listed.scalar_subquery()
    rows = names.order_by(ThreadTag.tag).subquery()
    return select(func.json_group_array(rows.c.tag)).scalar_subquery()


def _offer_main(old: str, main: str) -> None:
    """Spaces that name the old tag name the main one."""
    for space in db.session.scalars(select(Space)):
        for column in ("tags", "required_tags", "reserved_tags"):
            names = getattr(space, column)
            if old in names:
                setattr(space, column, list(dict.fromkeys(main if name == old else name for name in names)))


def separate(name: str, *, by_id: int) -> None:
    """Let a synonym be a tag of its own again; threads keep the main tag that they have."""
    row = _row(name)
    if row.main is None:
        return
    main, row.main = row.main, None
    events.record(TagSeparated(actor_id=by_id, tag=name, main=main))
