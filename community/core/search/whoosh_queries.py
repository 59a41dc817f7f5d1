# mypy: disable-error-code="no-untyped-call"
"""Our queries as Whoosh's."""

from collections.abc import Iterable

from whoosh.query import And, Or, Prefix, Term
from whoosh.query import Query as WhooshQuery
from whoosh.query.spans import SpanNear
from whoosh.reading import IndexReader

from .analyzer import PREFIX, Sequence, Word
from .documents import KINDS, TYPE_TAG, Reader
from .query import Query

NOWHERE = "-"
TEXT_FIELDS = (("title", 3.0), ("labels", 2.0), ("body", 1.0))


class _Near(SpanNear):
    """Whoosh's query for neighbours, able to stand beside others in an And."""

    def estimate_size(self, ixreader: IndexReader) -> int:
        """Return at least the number of documents that match."""
        return min(int(part.estimate_size(ixreader)) for part in (self.a, self.b))


def any_of(field: str, values: Iterable[str]) -> WhooshQuery:
    """Return a query for documents with any of the values in a field."""
    return Or([Term(field, value) for value in sorted(values)])


def visible(reader: Reader) -> WhooshQuery:
    """Return a query for what the reader may see."""
    spaces = {str(space) for space in reader.space_ids} | {NOWHERE}
    return And([any_of("audience", reader.audiences), any_of("space", spaces)])


def filters(query: Query) -> list[WhooshQuery]:
    """Return the queries all of which the filters ask for; the space is left to the caller."""
    found: list[WhooshQuery] = [Term("tag", tag) for tag in query.tags]
    if query.solved is not None:
        found.append(Term("solved", "1" if query.solved else "0"))
    if query.by is not None:
        found.append(Term("author", query.by))
    if query.type is not None:
        found.append(Term("kind", query.type) if query.type in KINDS else Term("tag", TYPE_TAG + query.type))
    return found


def _term(field: str, token: str, boost: float = 1.0) -> WhooshQuery:
    if token.endswith(PREFIX):
        return Prefix(field, token.removesuffix(PREFIX), boost=boost)
    return Term(field, token, boost=boost)


def _sequence(field: str, sequence: Sequence, boost: float) -> WhooshQuery:
    """Return a query for tokens at exactly these distances."""
    (token, last), *rest = sequence
    found = _term(field, token, boost)
    for token, place in rest:
        found = _Near(found, _term(field, token, boost), slop=place - last, mindist=place - last)
        last = place
    return found


def word_query(word: Word) -> WhooshQuery:
    """Return a query for a word in any of its ways and fields."""
    return Or([_sequence(field, way, boost) for field, boost in TEXT_FIELDS for way in word])
