# mypy: disable-error-code="no-untyped-call"
"""Which documents of a Whoosh index match, as sets of numbers: a tenth of the time that Whoosh's own matchers take."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from whoosh import columns
from whoosh.matching import WrappingMatcher
from whoosh.reading import IndexReader, TermNotFound

from .analyzer import PREFIX, Word
from .documents import Reader
from .whoosh_queries import NOWHERE, TEXT_FIELDS

Searcher = Any
BODY = "body"
Value = tuple[str, str]
"""A field and what must stand in it."""


class _Whole(columns.NumericColumn):
    """A column of numbers that is read at once."""

    class Reader(columns.NumericColumn.Reader):
        """Reads it."""

        def load(self) -> "array[int]":
            """Return the numbers of all documents of the segment."""
            numbers: array[int] = self._dbfile.get_array(self._basepos, self._typecode, self._count)
            numbers.extend([self._default] * (self._doccount - self._count))
            return numbers


def column(searcher: Searcher, field: str, typecode: str) -> Sequence[int]:
    """Return a number for each document of the index; an index that is empty has no columns."""
    found: array[int] = array(typecode)
    for leaf, _ in searcher.leaf_searchers() if searcher.doc_count_all() else ():
        found.extend(leaf.reader().column_reader(field, column=_Whole(typecode), translate=False).load())
    return found


def visible(searcher: Searcher, reader: Reader) -> frozenset[int]:
    """Return the documents that the reader may see and that are not deleted."""
    spaces = [NOWHERE, *map(str, reader.space_ids)]
    found: set[int] = set()
    for leaf, base in searcher.leaf_searchers():
        here = _any(leaf, "audience", reader.audiences) & _any(leaf, "space", spaces)
        if leaf.reader().has_deletions():
            here.intersection_update(leaf.reader().all_doc_ids())
        found.update(map(base.__add__, here))
    return frozenset(found)


def holding(searcher: Searcher, values: Iterable[Value]) -> set[int]:
    """Return the documents that hold all the values; also deleted ones."""
    found: set[int] = set()
    for leaf, base in searcher.leaf_searchers():
        here = [_any(leaf, field, [value]) for field, value in values]
        found.update(map(base.__add__, set.intersection(*here)))
    return found


class Posting(NamedTuple):
    """A token in a field of one segment: how often it stands in which document, and in which it counts."""

    field: str
    boost: float
    token: str
    times: dict[int, float]
    counts_in: set[int]


class Matches(NamedTuple):
    """The documents of one segment that hold all the words, those that do so in title or labels, and why."""

    numbers: set[int]
    headed: set[int]
    postings: list[Posting]


def matching(leaf: Searcher, words: Sequence[Word], *, in_title: bool = False) -> Matches:
    """Return what of a segment holds all the words, in the title where that is asked for; also deleted documents."""
    postings: list[Posting] = []
    anywhere: list[set[int]] = []
    headings: list[set[int]] = []
    for word in words:
        heads: set[int] = set()
        bodies: set[int] = set()
        for field, boost in TEXT_FIELDS[:1] if in_title else TEXT_FIELDS:
            for way in word:
                parts = _way(leaf, field, boost, way)
                postings += parts
                (bodies if field == BODY else heads).update(*(part.counts_in for part in parts[:1]))
        anywhere.append(heads | bodies)
        headings.append(heads)
    return Matches(set.intersection(*anywhere), set.intersection(*headings), postings)


def _way(leaf: Searcher, field: str, boost: float, way: tuple[tuple[str, int], ...]) -> list[Posting]:
    """Return the tokens of a word as it may stand in a field, counting where they stand at the right distances."""
    held = [_times(leaf.reader(), field, token) for token, _ in way]
    together = set.intersection(*map(set, held))
    if together and len(way) > 1:
        together = _near(leaf.reader(), field, way, together)
    return [Posting(field, boost, token, times, together) for (token, _), times in zip(way, held, strict=True)]


def _near(reader: IndexReader, field: str, way: tuple[tuple[str, int], ...], numbers: set[int]) -> set[int]:
    """Return those of the documents in which the tokens stand at exactly these distances."""
    begins: dict[int, set[int]] = {}
    for token, place in way:
        stands: dict[int, set[int]] = {}
        for matcher in _matchers(reader, field, token):
            for number, value in _values(matcher, numbers):
                stands.setdefault(number, set()).update(at - place for at in value)
        both = {number: at & begins.get(number, at) for number, at in stands.items()}
        begins = {number: at for number, at in both.items() if at}
        numbers = set(begins)
    return numbers


def _any(leaf: Searcher, field: str, values: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for value in values:
        found.update(_times(leaf.reader(), field, value))
    return found


def _times(reader: IndexReader, field: str, token: str) -> dict[int, float]:
    """Return how often a token stands in which document."""
    found: dict[int, float] = {}
    for matcher in _matchers(reader, field, token):
        for _ in _blocks(matcher):
            matcher.weight()
            found.update(zip(matcher._ids, matcher._weights, strict=True))
    return found


def _values(matcher: Any, numbers: set[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield where a token stands in those of the documents that hold it."""
    for _ in _blocks(matcher):
        matcher.value()
        for number, value in zip(matcher._ids, matcher._values, strict=True):
            if number in numbers:
                yield number, matcher.format.decode_positions(value)


def _blocks(matcher: Any) -> Iterator[None]:
    """Go through postings a block at a time, where Whoosh would go from document to document."""
    while matcher.is_active():
        matcher.id()
        yield
        matcher._next_block()


def _matchers(reader: IndexReader, field: str, token: str) -> Iterator[Any]:
    """Yield the postings of a token; one of a text that ends in `*` stands for all that begin so."""
    terms: list[str | bytes] = [token]
    if token.endswith(PREFIX) and any(field == name for name, _ in TEXT_FIELDS):
        terms = list(reader.expand_prefix(field, token.removesuffix(PREFIX)))
    for term in terms:
        with suppress(TermNotFound):
            matcher = reader.postings(field, term)
            while isinstance(matcher, WrappingMatcher):  # around it where something is deleted
                matcher = matcher.child
            yield matcher
