"""Keeping the search index in step: facts mark documents, one writer job brings them over in a batch."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import BigInteger, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base, db
from .jobs import enqueue, job
from .search.backend import SearchBackend, backend_from_url
from .search.documents import Document, Key, SearchUnusableError
from .settings import Settings

BATCH = 500
LARGE_BATCH = 4_000  # documents in one commit of a rebuild, at most
LARGE_SIZE = 8_000_000  # characters in one, about


class SearchPending(Base):
    """A document that the index does not show as it is now."""

    __tablename__ = "search_pending"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    document_id: Mapped[int]


@dataclass(frozen=True)
class Source:
    """Where documents of a kind come from: `load` some by id (gone ones are left out), and `ids` of all, ascending."""

    load: Callable[[list[int]], Iterable[Document]]
    ids: Callable[[int, int], list[int]]


sources: dict[str, Source] = {}


def init_app(app: Flask, settings: Settings) -> None:
    """Build the index the settings ask for."""
    folder = settings.home / "index"
    with app.app_context():
        app.extensions["isthmus.search"] = backend_from_url(settings.search_url, folder, db.engine)
        if not settings.search_url and not folder.exists():
            index().clear()


def index() -> SearchBackend:
    """The installation's search index."""
    found: SearchBackend = current_app.extensions["isthmus.search"]
    return found


def mark(kind: str, *ids: int) -> None:
    """Note that these documents changed; the writer job follows after the commit."""
    db.session.add_all(SearchPending(kind=kind, document_id=id_) for id_ in ids)
    enqueue(index_pending)


@job
def index_pending() -> None:
    """Bring over all that is waiting, in one commit of the index."""
    rows = list(db.session.scalars(select(SearchPending).order_by(SearchPending.id).limit(BATCH)))
    if not rows:
        return
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.kind, set()).add(row.document_id)
    _bring_over(wanted)
    db.session.execute(delete(SearchPending).where(SearchPending.id.in_([row.id for row in rows])))
    if len(rows) == BATCH:
        enqueue(index_pending)


def _bring_over(wanted: dict[str, set[int]]) -> None:
    documents: list[Document] = []
    gone: list[Key] = []
    for kind, ids in wanted.items():
        found = list(sources[kind].load(sorted(ids)))
        documents += found
        gone += [(kind, id_) for id_ in ids - {document.id for document in found}]
    index().replace(documents, gone)


def rebuild() -> Iterator[tuple[str, int]]:
    """Build the whole index again from the database; yields (kind, documents so far) as it goes."""
    index().clear()
    for kind, source in sources.items():
        done = 0
        for documents, read in _large_batches(source):
            index().replace(documents)
            done += read
            yield kind, done


def _large_batches(source: Source) -> Iterator[tuple[list[Document], int]]:
    """Documents for one commit each, and how many ids were read: commits cost more the more of them there are."""
    waiting: list[Document] = []
    last, read, size = 0, 0, 0
    while ids := source.ids(last, BATCH):
        found = list(source.load(ids))
        waiting += found
        last, read, size = ids[-1], read + len(ids), size + sum(len(document.body) for document in found)
        if read >= LARGE_BATCH or size >= LARGE_SIZE:
            yield waiting, read
            waiting, read, size = [], 0, 0
    if read:
        yield waiting, read


def prepare() -> None:
    """Make the index anew where it cannot be used: it is derived, the database is the truth."""
    try:
        index().check()
    except SearchUnusableError:
        for _kind, _done in rebuild():
            pass


def waiting() -> int:
    """How many documents wait for the writer job."""
    return db.session.scalar(select(func.count()).select_from(SearchPending)) or 0
