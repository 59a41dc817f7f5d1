# mypy: disable-error-code="no-untyped-call"
"""The default search index: Whoosh in a private folder, one writer, readers of the newest commit."""

import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path
from pickle import UnpicklingError
from threading import Lock
from typing import Any

from whoosh import columns, fields, index
from whoosh.analysis import Token as WhooshToken
from whoosh.analysis import Tokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import LockError
from whoosh.reading import IndexReader, ReaderClosed, TermNotFound
from whoosh.util.filelock import try_for
from whoosh.writing import CLEAR

from .analyzer import PREFIX, VERSION, Word, index_tokens, plain_words, query_words
from .documents import Document, Hit, Hits, Key, Reader, SearchBusyError, SearchUnusableError
from .query import MAX_LENGTH, Query, excluded_words, moment, parse_query, required_words
from .spelling import FEW, suggest
from .whoosh_files import MappedFolder
from .whoosh_queries import NOWHERE, TEXT_FIELDS, filters
from .whoosh_ranking import Found, best, between, most_telling, newest, without
from .whoosh_sets import holding, visible

LOCK_SECONDS = 30.0
MAX_TELLING = 8
_TRIES = 20  # to open files that a writer replaces
READERS = 32  # different readers remembered between commits
TELLING = 2_000  # documents holding the rare words that `similar` ranks, at most
_NAME = f"isthmus{VERSION}"
Searcher = Any
Writer = Any
_BROKEN = (
    index.IndexError, ReaderClosed, TermNotFound, UnpicklingError, struct.error,
    OSError, EOFError, KeyError, ValueError, TypeError, AssertionError, AttributeError, IndexError,
)  # fmt: skip


class _Tokens(Tokenizer):
    """Our tokens as Whoosh wants them."""

    def __call__(self, value: str, **options: object) -> Iterator[WhooshToken]:
        token: Any = WhooshToken(positions=True, removestops=False, mode=options.get("mode", ""))
        for found in index_tokens(value):
            token.text = token.original = found.text
            token.pos, token.boost, token.stopped = found.position, 1.0, False
            yield token


def _schema() -> fields.Schema:
    words = fields.TEXT(analyzer=_Tokens(), phrase=True)
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        kind=fields.ID(stored=True),
        id=fields.STORED,
        thread_id=fields.STORED,
        space=fields.ID,
        audience=fields.ID,
        title=words,
        labels=words,
        body=words,
        tag=fields.IDLIST(expression=r"[^\n]+"),
        author=fields.ID,
        solved=fields.ID,
        spelled=fields.KEYWORD,
        at=fields.COLUMN(columns.NumericColumn("q")),
        weight=fields.COLUMN(columns.NumericColumn("i")),  # in thousandths: its float columns cannot be written
    )


def _name(key: Key) -> str:
    return f"{key[0]}:{key[1]}"


def _fields(document: Document) -> dict[str, Any]:
    at = document.at if document.at.tzinfo else document.at.replace(tzinfo=UTC)
    return {
        "key": _name(document.key),
        "kind": document.kind,
        "id": document.id,
        "thread_id": document.thread_id,
        "space": NOWHERE if document.space_id is None else str(document.space_id),
        "audience": document.audience,
        "title": document.title,
        "labels": document.labels,
        "body": document.body,
        "tag": "\n".join(tag.casefold() for tag in document.tags),
        "author": document.author.casefold(),
        "solved": {True: "1", False: "0", None: NOWHERE}[document.solved],
        "spelled": " ".join(dict.fromkeys(plain_words(f"{document.title} {document.body}"))),
        "at": int(at.timestamp()),
        "weight": min(round(document.weight * 1000), 2**31 - 1),
    }


class _Vocabulary(Mapping[str, int]):
    """The English words of the index; how many documents hold one is looked up only when asked."""

    def __init__(self, searcher: Searcher, words: frozenset[str]) -> None:
        self._searcher = searcher
        self._words = words

    def __getitem__(self, word: str) -> int:
        if word not in self._words:
            raise KeyError(word)
        return int(self._searcher.doc_frequency("spelled", word))

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


class WhooshBackend:
    """The index in a folder of mode 0700. Threads may share it and a forked process may inherit it."""

    def __init__(self, folder: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self._folder = folder
        self._lock_seconds = lock_seconds
        self._lock = Lock()
        self._idle: list[Searcher] = []
        self._process = os.getpid()
        self._allowed: dict[tuple[int, Reader], frozenset[int]] = {}
        self._known: tuple[int, frozenset[str]] = (-1, frozenset())

    def replace(self, documents: Iterable[Document], gone: Iterable[Key] = ()) -> None:
        """Put documents in, or in place of their former selves, and drop the gone, in one commit."""
        fresh = {_name(document.key): _fields(document) for document in documents}
        with self._explained():
            self._make()
            writer = self._writer()
            try:
                _delete(writer, {*fresh, *map(_name, gone)})
                for values in fresh.values():
                    writer.add_document(**values)
                writer.commit()
            except BaseException:
                with suppress(Exception):  # what went wrong first is what matters
                    writer.cancel()
                raise

    def search(self, query: Query, reader: Reader, *, limit: int = 20, offset: int = 0, by_date: bool = False) -> Hits:
        """Return a page of hits; `total` is exact."""
        with self._searcher() as searcher:
            words = required_words(query)
            hits = self._found(searcher, words, query, reader, limit, offset, by_date=by_date)
            if hits.total >= FEW or not words:
                return hits
            better = suggest(query, self._words(searcher))
            if better is None:
                return hits
            corrected = parse_query(better)
            more = self._found(searcher, required_words(corrected), corrected, reader, 0, 0)
            return Hits(hits.total, hits.hits, better if more.total > hits.total else None)

    def similar(
        self, text: str, reader: Reader, *, limit: int = 5, kinds: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        """Return what shares the rarest words of a text, best first."""
        with self._searcher() as searcher:
            words = _telling(searcher, query_words(text[:MAX_LENGTH], typing=True))
            if not words:
                return ()
            allowed = self._visible(searcher, reader)
            if kinds is not None:
                allowed &= {number for kind in kinds for number in holding(searcher, [("kind", kind)])}
            ranked = most_telling(searcher, words, allowed, limit)
            return tuple(_hit(searcher, one) for one in ranked)

    def clear(self) -> None:
        """Make the index empty; one that cannot be opened is thrown away."""
        with self._explained():
            self._make()
            try:
                self._writer().commit(mergetype=CLEAR)
            except LockError:
                raise
            except _BROKEN:
                self._make(afresh=True)

    def count(self) -> int:
        """Return the number of documents, 0 when there is no index."""
        if not self._exists():
            return 0
        with self._searcher() as searcher:
            return int(searcher.doc_count())

    def check(self) -> None:
        """Raise SearchUnusableError when the index is missing or a part of it cannot be read."""
        with self._explained():
            searcher = self._opened().searcher()
            with searcher:
                for leaf, _ in searcher.leaf_searchers():
                    _read_through(leaf.reader())

    def close(self) -> None:
        """Close the open files; the backend can still be used."""
        with self._lock:
            idle, self._idle = self._idle, []
        for searcher in idle:
            searcher.close()

    def _make(self, *, afresh: bool = False) -> None:
        """Create the folder and an empty index when there is none, or in any case when `afresh`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)  # postings are pickled: whoever can write here runs code
        if self._exists() and not afresh:
            return
        lock = FileStorage(str(self._folder)).lock(f"{_NAME}_WRITELOCK")
        if not try_for(lock.acquire, timeout=self._lock_seconds, delay=0.1):
            raise LockError
        try:
            if afresh or not self._exists():
                for old in (*self._folder.glob("isthmus*.*"), *self._folder.glob("_isthmus*.toc")):
                    old.unlink(missing_ok=True)
                index.create_in(str(self._folder), _schema(), _NAME)
        finally:
            lock.release()

    def _exists(self) -> bool:
        return any(self._folder.glob(f"_{_NAME}_*.toc"))  # Whoosh's own question fails on a broken index

    def _writer(self) -> Writer:
        return self._opened().writer(timeout=self._lock_seconds, limitmb=64)

    def _opened(self) -> Any:
        return index.FileIndex(MappedFolder(str(self._folder)), indexname=_NAME)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn Whoosh's many exceptions into ours."""
        try:
            yield
        except SearchUnusableError:
            raise
        except LockError:
            raise SearchBusyError(f"another process is writing to the search index in {self._folder}") from None
        except index.EmptyIndexError:
            raise SearchUnusableError(f"there is no search index in {self._folder}: rebuild it") from None
        except _BROKEN as error:
            reason = " ".join(f"{type(error).__name__} {error}".split())[:200]
            raise SearchUnusableError(f"the search index in {self._folder} is broken ({reason}): rebuild it") from error

    @contextmanager
    def _searcher(self) -> Iterator[Searcher]:
        """Lend a searcher of the newest commit; Whoosh's readers must not be shared between threads."""
        with self._lock:
            if self._process != os.getpid():
                self._idle, self._process = [], os.getpid()
            idle = self._idle.pop() if self._idle else None
        with self._explained():
            searcher = self._newest(idle)
            try:
                yield searcher
            except BaseException:
                searcher.close()
                raise
        with self._lock:
            self._idle.append(searcher)

    def _newest(self, idle: Searcher | None) -> Searcher:
        """Open the newest commit; a writer may take its files away between finding and opening them."""
        for _ in range(_TRIES):
            with suppress(FileNotFoundError):
                return idle.refresh() if idle else self._opened().searcher()
        return self._opened().searcher()

    def _visible(self, searcher: Searcher, reader: Reader) -> frozenset[int]:
        """Return the numbers of the documents the reader may see, remembered until the next commit."""
        key = (searcher.reader().generation(), reader)
        known = self._allowed.get(key)
        if known is None:
            known = visible(searcher, reader)
            kept = {old: numbers for old, numbers in self._allowed.copy().items() if old[0] == key[0]}
            self._allowed = {**(kept if len(kept) < READERS else {}), key: known}
        return known

    def _words(self, searcher: Searcher) -> "_Vocabulary":
        generation = searcher.reader().generation()
        if self._known[0] != generation:
            leaves = searcher.leaf_searchers()
            words = {word.decode() for leaf, _ in leaves for word in leaf.reader().lexicon("spelled")}
            self._known = (generation, frozenset(words))
        return _Vocabulary(searcher, self._known[1])

    def _found(
        self,
        searcher: Searcher,
        words: list[Word],
        query: Query,
        reader: Reader,
        limit: int,
        offset: int,
        *,
        by_date: bool = False,
    ) -> Hits:
        if not words and not query.is_narrowed:
            return Hits(0, ())
        allowed = self._visible(searcher, reader)
        if wanted := filters(query):
            allowed &= holding(searcher, wanted)
        allowed = between(searcher, moment(query.after), moment(query.before), allowed)
        allowed = without(searcher, excluded_words(query), allowed)
        if not words:
            ranked = newest(searcher, allowed, offset + limit)
            return Hits(len(allowed), tuple(_hit(searcher, one) for one in ranked[offset:]))
        most = offset + limit
        total, ranked = best(searcher, words, allowed, most, in_title=query.in_title, by_date=by_date)
        return Hits(total, tuple(_hit(searcher, one) for one in ranked[offset:]))


def _delete(writer: Writer, names: set[str]) -> None:
    with writer.searcher() as searcher:
        for name in names:
            writer.delete_by_term("key", name, searcher=searcher)


def _read_through(reader: IndexReader) -> None:
    """Read the first and last document, a term of each field and the columns of a segment."""
    last = reader.doc_count_all() - 1
    if last < 0:
        return
    for number in (0, last):
        reader.stored_fields(number)
    for field in ("key", "title", "body"):
        for term in reader.lexicon(field):
            reader.postings(field, term).all_ids()
            break
    for column in ("at", "weight"):
        reader.column_reader(column)[last]


def _hit(searcher: Searcher, found: Found) -> Hit:
    stored = searcher.stored_fields(found.number)
    return Hit(stored["kind"], stored["id"], stored.get("thread_id"), found.score)


def _frequency(searcher: Searcher, word: Word) -> int:
    """Return about how many documents hold a word; a word still being typed counts as a rare one."""
    return max(min(10 if token.endswith(PREFIX) else _documents(searcher, token) for token, _ in way) for way in word)


def _documents(searcher: Searcher, token: str) -> int:
    return max(int(searcher.doc_frequency(field, token)) for field, _ in TEXT_FIELDS)


def _telling(searcher: Searcher, words: list[Word]) -> list[Word]:
    """Return the rarest of the words that occur, together in about 2,000 documents at most."""
    frequencies = sorted((_frequency(searcher, word), word) for word in words)
    chosen: list[Word] = []
    documents = 0
    for frequency, word in frequencies:
        documents += frequency
        if frequency and len(chosen) < MAX_TELLING and (not chosen or documents <= TELLING):
            chosen.append(word)
    return chosen
