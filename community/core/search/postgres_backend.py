"""The search index in PostgreSQL: a weighted tsvector built from our own tokens; no server extension."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Float,
    Index,
    MetaData,
    Select,
    String,
    Subquery,
    Table,
    and_,
    case,
    cast,
    delete,
    desc,
    func,
    inspect,
    literal,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from .analyzer import PREFIX, VERSION, Sequence, Word, index_tokens, plain_words, query_words
from .documents import KINDS, STATE_TAG, TYPE_TAG, Document, Hit, Hits, Key, Reader, SearchUnusableError
from .query import MAX_LENGTH, Query, excluded_words, midnight, parse_query, required_words
from .spelling import FEW, suggest

CANDIDATES = 2_000  # matches that are ranked, at most
MAX_TELLING = 8
VOCABULARY = 50_000  # words read for a suggestion, the most used ones
_LAST_POSITION = 16_383  # PostgreSQL's limit
_POSITIONS = 250  # of one token; PostgreSQL keeps 255
_GAP = 10  # keeps a phrase from reaching over from the title to the body
_VECTOR_BYTES = 900_000
_HALF_LIFE = 365 * 86_400  # seconds
_WEIGHTS = "{0.2, 0.2, 0.5, 1.0}"  # D (body), C, B (tags), A (title)
_LOCK = 0x1574_305
_VERSIONED = f"isthmus search {VERSION}"

Rows = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]

_metadata = MetaData()
_document = Table(
    "search_document",
    _metadata,
    Column("kind", String(16), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger),
    Column("space_id", BigInteger),
    Column("audience", String(16), nullable=False),
    Column("tags", ARRAY(String), nullable=False),
    Column("author", String, nullable=False),
    Column("solved", Boolean),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("weight", Float, nullable=False),
    Column("words", TSVECTOR, nullable=False),
    Index("ix_search_document_words", "words", postgresql_using="gin"),
    Index("ix_search_document_at", "at"),
    comment=_VERSIONED,
)
_spelled = Table(
    "search_spelling",
    _metadata,
    Column("word", String(24), primary_key=True),
    Column("documents", BigInteger, nullable=False),
)


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(document: Document) -> str:
    """Return the tsvector of a document as text, cut to what PostgreSQL takes."""
    places: dict[str, list[str]] = {}
    base, size = 1, 0
    for content, weight in ((document.title, "A"), (document.labels, "B"), (document.body, "D")):
        last = 0
        for token in index_tokens(content):
            last = token.position
            found = places.setdefault(token.text, [])
            entry = f"{min(base + last, _LAST_POSITION)}{weight}"
            size += len(entry) + (0 if found else 4 * len(token.text))
            if len(found) < _POSITIONS and size < _VECTOR_BYTES:
                found.append(entry)
        base += last + _GAP
    return " ".join(f"{_quoted(token)}:{','.join(found)}" for token, found in places.items() if found)


def _row(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "id": document.id,
        "thread_id": document.thread_id,
        "space_id": document.space_id,
        "audience": document.audience,
        "tags": [_text(tag.casefold()) for tag in document.tags],
        "author": _text(document.author.casefold()),
        "solved": document.solved,
        "at": document.at if document.at.tzinfo else document.at.replace(tzinfo=UTC),
        "weight": document.weight,
        "words": _vector(document),
    }


def _text(value: str) -> str:
    return value.replace("\x00", "")  # the one character PostgreSQL refuses


def _lexeme(token: str, mark: str) -> str:
    marks = ("*" if token.endswith(PREFIX) else "") + mark
    return _quoted(token.removesuffix(PREFIX)) + (f":{marks}" if marks else "")


def _sequence(sequence: Sequence, mark: str) -> str:
    (token, last), *rest = sequence
    found = _lexeme(token, mark)
    for token, place in rest:
        found = f"({found} <{place - last}> {_lexeme(token, mark)})"
        last = place
    return found


def _word(word: Word, mark: str = "") -> str:
    """Return a word as a tsquery in text form; `mark` narrows it to a weight, "A" being the title."""
    return "(" + " | ".join(_sequence(way, mark) for way in word) + ")"


def _tsquery(expression: str) -> ColumnElement[Any]:
    return cast(literal(expression), TSQUERY)


def _visible(reader: Reader) -> ColumnElement[bool]:
    table = _document.c
    return and_(
        table.audience.in_(sorted(reader.audiences)),
        or_(table.space_id.is_(None), table.space_id.in_(sorted(reader.space_ids))),
    )


def _filters(query: Query) -> list[ColumnElement[bool]]:
    table = _document.c
    wanted = [*query.tags]
    found: list[ColumnElement[bool]] = []
    if query.type is not None and query.type in KINDS:
        found.append(table.kind == query.type)
    elif query.type is not None:
        wanted.append(TYPE_TAG + query.type)
    if query.state is not None:
        wanted.append(STATE_TAG + query.state)
    if wanted:
        found.append(table.tags.contains(wanted))
    if query.solved is not None:
        found.append(table.solved.is_(query.solved))
    if query.by is not None:
        found.append(table.author == query.by)
    if query.after is not None:
        found.append(table.at >= midnight(query.after))
    if query.before is not None:
        found.append(table.at < midnight(query.before))
    excluded = excluded_words(query)
    return found + [not_(table.words.bool_op("@@")(_tsquery(_word(word)))) for word in excluded]


def _factor(rows: Rows) -> ColumnElement[float]:
    age = func.greatest(0, func.extract("epoch", func.now() - rows.at))
    factor: ColumnElement[float] = rows.weight * (1 + 0.25 * func.power(2.0, -age / _HALF_LIFE))
    return factor


TABLES = frozenset(_metadata.tables)
"""The names of the tables that are derived data and no part of the migrations."""


class PostgresBackend:
    """The index in tables of the given engine's database; one writer at a time, any number of readers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def replace(self, documents: Iterable[Document], gone: Iterable[Key] = ()) -> None:
        """Put documents in, or in place of their former selves, and drop the gone, in one transaction."""
        fresh = {document.key: document for document in documents}
        leaving = sorted({*gone} - {*fresh})
        words = Counter(word for one in fresh.values() for word in {*plain_words(f"{one.title} {one.body}")})
        with self._connected(writing=True) as connection:
            _make(connection)
            if leaving:
                connection.execute(delete(_document).where(tuple_(_document.c.kind, _document.c.id).in_(leaving)))
            _upsert(connection, [_row(fresh[key]) for key in sorted(fresh)])
            _count_words(connection, words)

    def search(self, query: Query, reader: Reader, *, limit: int = 20, offset: int = 0, by_date: bool = False) -> Hits:
        """Return a page of hits; `total` and the pages end at 2,000."""
        with self._connected() as connection:
            words = required_words(query)
            hits = _found(connection, words, query, reader, limit, offset, by_date=by_date)
            if hits.total >= FEW or not words or not plain_words(query.words):
                return hits
            better = suggest(query, _vocabulary(connection))
            if better is None:
                return hits
            corrected = parse_query(better)
            more = _found(connection, required_words(corrected), corrected, reader, 0, 0)
            return Hits(hits.total, hits.hits, better if more.total > hits.total else None)

    def similar(
        self, text: str, reader: Reader, *, limit: int = 5, kinds: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        """Return what shares the rarest words of a text, best first."""
        with self._connected() as connection:
            words = _telling(connection, query_words(text[:MAX_LENGTH], typing=True))
            if not words:
                return ()
            filters = [_visible(reader)] + ([] if kinds is None else [_document.c.kind.in_(sorted(kinds))])
            matching = _document.c.words.op("@@")(_tsquery(" | ".join(_word(word) for word, _ in words)))
            rows = _candidates([matching, *filters])
            score = reduce(add, [_worth(rows.c, word, value) for word, value in words])
            ranked = select(rows.c.kind, rows.c.id, rows.c.thread_id, (score * _factor(rows.c)).label("score"))
            ordered = ranked.order_by(desc("score"), rows.c.at.desc(), rows.c.id.desc()).limit(limit)
            return tuple(Hit(*row) for row in connection.execute(ordered))

    def clear(self) -> None:
        """Drop the tables and make them anew."""
        with self._connected(writing=True) as connection:
            _metadata.drop_all(connection)
            _metadata.create_all(connection)

    def count(self) -> int:
        """Return the number of documents, 0 when there is no index."""
        with self._connected() as connection:
            if not inspect(connection).has_table(_document.name):
                return 0
            return connection.execute(select(func.count()).select_from(_document)).scalar_one()

    def check(self) -> None:
        """Raise SearchUnusableError when a table is missing, of another version or cannot be read."""
        with self._connected() as connection:
            tables = inspect(connection)
            if not (tables.has_table(_document.name) and tables.has_table(_spelled.name)):
                raise SearchUnusableError("there is no search index in the database: rebuild it")
            if tables.get_table_comment(_document.name)["text"] != _VERSIONED:
                raise SearchUnusableError("the search index is of another version: rebuild it")
            connection.execute(select(_document).limit(1)).all()

    @contextmanager
    def _connected(self, *, writing: bool = False) -> Iterator[Connection]:
        """Lend a connection in a transaction of its own; only one process writes at a time."""
        if self._engine.dialect.name != "postgresql":
            raise SearchUnusableError("SEARCH_URL names PostgreSQL but the database is another one")
        try:
            with self._engine.begin() as connection:
                if writing:
                    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                yield connection
        except SQLAlchemyError as error:
            reason = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
            raise SearchUnusableError(f"the search index in the database cannot be used: {reason}") from error


def _make(connection: Connection) -> None:
    _metadata.create_all(connection, checkfirst=True)


def _upsert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(_document)
    changed = {column.name: statement.excluded[column.name] for column in _document.c if not column.primary_key}
    connection.execute(statement.on_conflict_do_update(index_elements=["kind", "id"], set_=changed), rows)


def _count_words(connection: Connection, words: Counter[str]) -> None:
    if not words:
        return
    statement = insert(_spelled)
    more = {"documents": _spelled.c.documents + statement.excluded.documents}
    rows = [{"word": word, "documents": number} for word, number in sorted(words.items())]
    connection.execute(statement.on_conflict_do_update(index_elements=["word"], set_=more), rows)


def _vocabulary(connection: Connection) -> dict[str, int]:
    most_used = select(_spelled.c.word, _spelled.c.documents).order_by(_spelled.c.documents.desc())
    return dict(connection.execute(most_used.limit(VOCABULARY)).all())


def _candidates(conditions: list[ColumnElement[bool]]) -> Subquery:
    """Return at most 2,000 matches, the weightiest and newest, as a subquery to rank."""
    newest = select(_document).where(*conditions).order_by(_document.c.weight.desc(), _document.c.at.desc())
    return newest.limit(CANDIDATES).subquery("candidate")


def _ranked(words: list[Word], conditions: list[ColumnElement[bool]], mark: str, *, by_date: bool) -> Select[Any]:
    """Return the statement giving kind, id, thread, score and the number of all; `mark` as in `_word`."""
    asked = _tsquery(" & ".join(_word(word, mark) for word in words))
    if words:
        conditions = [_document.c.words.op("@@")(asked), *conditions]
    if words and not by_date:
        rows = _candidates(conditions).c
        rank = func.ts_rank(cast(literal(_WEIGHTS), ARRAY(Float(24))), rows.words, asked, 1)
        score: ColumnElement[Any] = rank * _factor(rows)
    else:
        newest = select(_document).where(*conditions).order_by(_document.c.at.desc()).limit(CANDIDATES)
        rows = newest.subquery("candidate").c
        score = func.extract("epoch", rows.at)
    columns = (rows.kind, rows.id, rows.thread_id, score.label("score"), func.count().over().label("total"))
    return select(*columns).order_by(desc("score"), rows.at.desc(), rows.id.desc())


def _found(
    connection: Connection,
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
    conditions = [_visible(reader), *_filters(query)]
    ranked = _ranked(words, conditions, "A" if query.in_title else "", by_date=by_date)
    rows = connection.execute(ranked.limit(max(limit, 1)).offset(offset)).all()
    if rows or not offset:
        total = rows[0].total if rows else 0
    else:
        total = connection.execute(select(func.count()).select_from(ranked.subquery())).scalar_one()
    return Hits(total, tuple(Hit(row.kind, row.id, row.thread_id, float(row.score)) for row in rows[:limit]))


def _worth(rows: Rows, word: Word, value: float) -> ColumnElement[float]:
    """Return what a word adds to the score of a row: its rarity, three times when it stands in the title."""
    in_title = rows.words.op("@@")(_tsquery(_word(word, "A")))
    return case((in_title, 3 * value), (rows.words.op("@@")(_tsquery(_word(word))), value), else_=0.0)


def _frequencies(connection: Connection, words: list[Word]) -> list[int]:
    """Return in how many documents each word stands, counted no further than 2,001."""
    holders: Iterable[Select[Any]] = (
        select(literal_column("1")).where(_document.c.words.op("@@")(_tsquery(_word(word)))).limit(CANDIDATES + 1)
        for word in words
    )
    counts = [select(func.count()).select_from(some.subquery()).scalar_subquery() for some in holders]
    return list(connection.execute(select(*counts)).one())


def _telling(connection: Connection, words: list[Word]) -> list[tuple[Word, float]]:
    """Return the rarest of the words, together in about 2,000 documents at most, and their worth."""
    if not words:
        return []
    chosen: list[tuple[Word, float]] = []
    documents = 0
    for frequency, word in sorted(zip(_frequencies(connection, words), words, strict=True)):
        documents += frequency
        if frequency and len(chosen) < MAX_TELLING and (not chosen or documents <= CANDIDATES):
            chosen.append((word, 1 + math.log(CANDIDATES / min(frequency, CANDIDATES))))
    return chosen
