"""The interface of a search index, and the choice of one by the setting SEARCH_URL."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from .documents import Document, Hit, Hits, Key, Reader
from .postgres_backend import PostgresBackend
from .query import Query
from .whoosh_backend import WhooshBackend


class SearchBackend(Protocol):
    """A search index: derived data that can always be thrown away and rebuilt from the database.

    Every method raises SearchUnusableError (one line) when the index cannot be read or written.
    """

    def replace(self, documents: Iterable[Document], gone: Iterable[Key] = ()) -> None:
        """Put the documents in place of those of the same key and drop the `gone`, in one commit.

        Makes the index when there is none; raises SearchBusyError when another writer does not finish.
        """

    def search(self, query: Query, reader: Reader, *, limit: int = 20, offset: int = 0, by_date: bool = False) -> Hits:
        """Return a page of what the reader may see and holds all words, best first (`by_date`, no words: newest first).

        `total` is capped by some backends. A suggestion is given only with fewer than 3 hits and only if it
        finds more for this reader.
        """

    def similar(
        self, text: str, reader: Reader, *, limit: int = 5, kinds: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        """Return what shares the most telling words with a title being typed, best first."""

    def clear(self) -> None:
        """Make the index empty, also when it is broken or missing."""

    def count(self) -> int:
        """Return the number of documents in the index; 0 when there is none yet."""

    def check(self) -> None:
        """Raise SearchUnusableError with a one-line reason when the index is missing or broken."""


def backend_from_url(url: str, folder: Path, engine: Engine) -> SearchBackend:
    """Return the index named by SEARCH_URL: "" is Whoosh in `folder`, "postgresql:" tables of `engine`.

    Touches neither disk nor database. Raises ValueError for anything else.
    """
    if not url:
        return WhooshBackend(folder)
    if url in {"postgresql:", "postgresql://"}:
        return PostgresBackend(engine)
    raise ValueError(f"SEARCH_URL must be empty or postgresql:, not {url!r}")
