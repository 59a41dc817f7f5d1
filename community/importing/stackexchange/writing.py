"""What every step of the import needs of the database: the map from old to new, and inserts of many rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import insert, select

from community.core.db import Base, db
from community.core.markup import Rendered, render_many
from community.importing.models import ImportMap, ImportPending

from .reading import Row
from .summary import Summary

T = TypeVar("T")
BATCH = 500


@dataclass(frozen=True)
class Target:
    """Where a run writes to: the name of what it reads, the space, and the counts so far."""

    source: str
    space_id: int
    summary: Summary


@dataclass(frozen=True)
class Mapping:
    """One old thing that became a new one."""

    kind: str
    old_id: str
    new_id: int
    old_url: str | None = None


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield the rows in lists of at most BATCH."""
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


def known(target: Target, kind: str, old_ids: Iterable[object]) -> dict[str, int]:
    """Return the new ids of those old ones that were imported before."""
    wanted = sorted({str(old_id) for old_id in old_ids})
    found: dict[str, int] = {}
    for part in batches(wanted):
        rows = db.session.execute(
            select(ImportMap.old_id, ImportMap.new_id).where(
                ImportMap.source == target.source, ImportMap.kind == kind, ImportMap.old_id.in_(part)
            )
        )
        found.update((row.old_id, row.new_id) for row in rows)
    return found


def posts_known(target: Target, old_ids: Iterable[object]) -> dict[str, int]:
    """Return the post ids of old questions and answers; comments have numbers of their own."""
    return known(target, "post", old_ids)


def remember(target: Target, mappings: Iterable[Mapping]) -> None:
    """Write into the map, within the present transaction."""
    insert_many(
        ImportMap,
        [
            {
                "source": target.source,
                "kind": m.kind,
                "old_id": m.old_id,
                "new_id": m.new_id,
                "old_url": m.old_url,
            }
            for m in mappings
        ],
    )


def insert_many(table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if rows:
        db.session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def insert_ids(table: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows that all have the same columns; their new ids, in their order."""
    if not rows:
        return []
    made = table.__table__
    statement = insert(made).returning(made.c.id, sort_by_parameter_order=True)  # type: ignore[arg-type]
    return list(db.session.scalars(statement, rows))


def unseen(target: Target, kind: str, rows: Sequence[Row], counted: str) -> list[Row]:
    """Return the rows not imported before, each old id once; the others are counted."""
    there = known(target, kind, (row.required("Id") for row in rows))
    fresh: dict[int, Row] = {}
    for row in rows:
        number = row.required("Id")
        if str(number) in there:
            target.summary.present[counted] += 1
        elif number in fresh:
            target.summary.skip(counted, "the same Id again in this file")
        else:
            fresh[number] = row
    return list(fresh.values())


def mark_pending(target: Target, thread_ids: Iterable[int]) -> None:
    """Note that these threads have new posts or votes; the last step of a run puts them in order."""
    wanted = set(thread_ids)
    for part in batches(sorted(wanted)):
        wanted -= set(db.session.scalars(select(ImportPending.thread_id).where(ImportPending.thread_id.in_(part))))
    insert_many(ImportPending, [{"thread_id": id_, "source": target.source} for id_ in sorted(wanted)])


def rendered(texts: Sequence[str]) -> list[Rendered]:
    """Render texts as the forum does, without links to people: the names in them are of another place."""
    each = list(dict.fromkeys(texts))
    shown = dict(zip(each, render_many(each), strict=True))
    return [shown[text] for text in texts]
