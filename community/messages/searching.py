"""Words of messages as the database keeps them, apart from the common index, and conditions that find them.

The same analyzer as everywhere cuts them, so Chinese and English are found alike, Traditional as Simplified.
"""

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from community.core.search.analyzer import PREFIX, Word, index_tokens, query_words

MOST_WORDS = 12
Column = InstrumentedAttribute[str]


def words_of(text: str) -> str:
    """A text's tokens, each once, with a space around each."""
    found = dict.fromkeys(token.text for token in index_tokens(text))
    return f" {' '.join(found)} " if found else ""


def matching(query: str, *columns: Column) -> ColumnElement[bool]:
    """Every word of the query stands in one of the columns; nothing matches a query without any word."""
    words = query_words(query)[:MOST_WORDS]
    return and_(*(_held(word, columns) for word in words)) if words else false()


def _held(word: Word, columns: tuple[Column, ...]) -> ColumnElement[bool]:
    ways = ([token for token, _place in way] for way in word)
    return or_(*(and_(*(_has(column, token) for token in way)) for way in ways for column in columns))


def _has(column: Column, token: str) -> ColumnElement[bool]:
    begins = token.removesuffix(PREFIX)
    return column.contains(f" {begins}" if token.endswith(PREFIX) else f" {token} ", autoescape=True)
