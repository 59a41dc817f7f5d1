"""Pieces of a found text around the words that were looked for."""

from collections.abc import Sequence
from typing import NamedTuple

from .analyzer import PREFIX, index_tokens
from .query import Query, required_words

MAX_READ = 20_000  # characters of a text that are looked at
_ELLIPSIS = "…"

Piece = tuple[str, bool]
"""A piece of text and whether it was looked for."""


class _Span(NamedTuple):
    start: int
    end: int
    tokens: frozenset[str]


def _spans(text: str, query: Query) -> list[_Span]:
    """Return the places of the looked-for tokens in order; those that touch or overlap are one."""
    wanted = {token for word in required_words(query) for way in word for token, _ in way}
    if not wanted:
        return []
    prefixes = tuple(token.removesuffix(PREFIX) for token in wanted if token.endswith(PREFIX))
    spans: list[_Span] = []
    for token in sorted(index_tokens(text), key=lambda token: (token.start, token.end)):
        if token.text not in wanted and not token.text.startswith(prefixes):
            continue
        if spans and token.start <= spans[-1].end:
            last = spans.pop()
            spans.append(_Span(last.start, max(last.end, token.end), last.tokens | {token.text}))
        else:
            spans.append(_Span(token.start, token.end, frozenset({token.text})))
    return spans


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
    spans = _spans(text, query)
    start, end = _window(text, *_best(spans, width), width)
    before = [(_ELLIPSIS, False)] if start > 0 else []
    after = [(_ELLIPSIS, False)] if end < len(text) else []
    return [*before, *_pieces(text, spans, start, end), *after]
