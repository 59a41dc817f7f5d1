"""Pieces of a found text around the words that were looked for."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from .analyzer import tokens_among
from .query import Query, required_words

MAX_READ = 20_000  # characters of a text that are looked at
READ_AT_ONCE = 4_000  # characters of it that are read word by word
MAX_MARKED = 400  # words that are marked in one text
_ELLIPSIS = "…"

Piece = tuple[str, bool]
"""A piece of text and whether it was looked for."""


class _Span(NamedTuple):
    start: int
    end: int
    tokens: frozenset[str]


@lru_cache(maxsize=64)
def _wanted(query: Query) -> frozenset[str]:
    return frozenset(token for word in required_words(query) for way in word for token, _ in way)


def _spans(text: str, query: Query) -> list[_Span]:
    """Return the places of the looked-for tokens in order; those that touch or overlap are one."""
    wanted = _wanted(query)
    if not wanted:
        return []
    spans: list[_Span] = []
    found = islice(tokens_among(text, wanted), MAX_MARKED)
    for token in sorted(found, key=lambda token: (token.start, token.end)):
        if spans and token.start <= spans[-1].end:
            last = spans.pop()
            spans.append(_Span(last.start, max(last.end, token.end), last.tokens | {token.text}))
        else:
            spans.append(_Span(token.start, token.end, frozenset({token.text})))
    return spans


def _stretch(text: str, query: Query) -> int:
    """Return where to begin reading: near the first of the words as they were typed, where the text is long."""
    if len(text) <= READ_AT_ONCE:
        return 0
    lower = text.lower()
    places = [place for word in query.words.lower().split() if (place := lower.find(word)) >= 0]
    first = min(places, default=0)
    return 0 if first < READ_AT_ONCE // 2 else min(first - READ_AT_ONCE // 4, len(text) - READ_AT_ONCE)


def _pieces(text: str, spans: Sequence[_Span], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for span in spans:
        low, high = max(span.start, start), min(span.end, end)
        if low < high:
            pieces += [(text[at:low], False), (text[low:high], True)]
            at = high
    pieces.append((text[at:end], False))
    return [piece for piece in pieces if piece[0]]


def _best(spans: Sequence[_Span], width: int) -> tuple[int, int]:
    """Return start and end of the first stretch of at most `width` with the most different tokens."""
    best, place = (0, 0), (0, 0)
    for number, first in enumerate(spans):
        inside = [span for span in spans[number : number + 20] if span.end - first.start <= width] or [first]
        score = (len(frozenset().union(*(span.tokens for span in inside))), len(inside))
        if score > best:
            best, place = score, (first.start, inside[-1].end)
    return place


def _edge(text: str, at: int, step: int, reach: int) -> int:
    """Move a cut to the nearest gap between words, at most `reach` characters in the direction of `step`."""
    for distance in range(reach):
        here = at + step * distance
        if not 0 < here < len(text):
            return max(0, min(here, len(text)))
        if not (text[here - 1].isalnum() and text[here].isalnum()) or not text[here].isascii():
            return here
    return at


def _window(text: str, low: int, high: int, width: int) -> tuple[int, int]:
    """Return the cuts around the stretch from `low` to `high`, between words where that is near."""
    start = max(0, min(low - max(0, width - (high - low)) // 3, len(text) - width))
    end = min(len(text), max(start + width, min(high, start + 2 * width)))
    if start > 0:
        start = min(_edge(text, start, 1, 20), low)
        while start < low and not text[start].isalnum():
            start += 1
    if end < len(text):
        end = max(_edge(text, end, -1, 20), min(high, end))
    return start, end


def highlight(text: str, query: Query) -> list[Piece]:
    """Return the whole text in pieces, marked where the query found it; never raises."""
    return _pieces(text, _spans(text, query), 0, len(text))


def snippet(text: str, query: Query, *, width: int = 180) -> list[Piece]:
    """Return about `width` characters around the best hits (the beginning when there is none); never raises.

    White space is drawn together; an ellipsis stands where the text goes on.
    """
    text = " ".join(text[:MAX_READ].split())
    begin = _stretch(text, query)
    part = text[begin : begin + READ_AT_ONCE]
    spans = _spans(part, query)
    start, end = _window(part, *_best(spans, width), width)
    before = [(_ELLIPSIS, False)] if begin + start > 0 else []
    after = [(_ELLIPSIS, False)] if begin + end < len(text) else []
    return [*before, *_pieces(part, spans, start, end), *after]
