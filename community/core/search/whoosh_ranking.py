# mypy: disable-error-code="no-untyped-call"
"""The best of the documents that match: by BM25F as Whoosh reckons it, by age and by weight."""

import math
import time
from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import Any, NamedTuple

from whoosh.scoring import bm25

from .analyzer import PREFIX, Word
from .whoosh_sets import Matches, Posting, column, matching

CANDIDATES = 500  # documents that are scored for a page; the first ten pages of results are among them
_HALF_LIFE = 365 * 86_400  # seconds
_B, _K1 = 0.75, 1.2  # of BM25: how much length and repetition count
Searcher = Any


class Found(NamedTuple):
    """A document by its number in the index; a greater one is better."""

    score: float
    at: int
    number: int


def newest(searcher: Searcher, numbers: frozenset[int], most: int) -> list[Found]:
    """Return the newest documents, at most so many, newest first."""
    if not numbers:
        return []
    at = column(searcher, "at", "q")
    return nlargest(most, (Found(float(at[number]), at[number], number) for number in numbers))


def best(
    searcher: Searcher, words: Sequence[Word], allowed: frozenset[int], most: int, *, in_title: bool, by_date: bool
) -> tuple[int, list[Found]]:
    """Return how many of the allowed documents hold all the words, and at most so many, best or newest first.

    Of more than 500 only the weightiest and newest are scored, those with the words in title or labels before
    others; what is left over comes after them in that order.
    """
    segments = [(leaf, base, matching(leaf, words, in_title=in_title)) for leaf, base in searcher.leaf_searchers()]
    numbers = allowed.intersection(base + number for _, base, held in segments for number in held.numbers)
    if not numbers or by_date:
        return len(numbers), newest(searcher, numbers, most)
    at, weight = column(searcher, "at", "q"), column(searcher, "weight", "i")
    rest: list[int] = []
    chosen = sorted(numbers)
    if len(chosen) > CANDIDATES:
        headed = {base + number for _, base, held in segments for number in held.headed}
        order = nlargest(max(most, CANDIDATES), [(n in headed, weight[n], at[n], n) for n in reversed(chosen)])
        chosen, rest = sorted(n for *_, n in order[:CANDIDATES]), [n for *_, n in order[CANDIDATES:most]]
    scores = _scores(searcher, segments, chosen)
    ranked = _aged(scores, at, weight, most)
    return len(numbers), ranked + [Found(0.0, at[number], number) for number in rest][: most - len(ranked)]


def most_telling(searcher: Searcher, words: Sequence[Word], allowed: frozenset[int], most: int) -> list[Found]:
    """Return the documents that hold any of the words, at most so many, best first."""
    scores: dict[int, float] = {}
    for word in words:
        segments = [(leaf, base, matching(leaf, [word])) for leaf, base in searcher.leaf_searchers()]
        numbers = allowed.intersection(base + number for _, base, held in segments for number in held.numbers)
        for number, score in _scores(searcher, segments, sorted(numbers)).items():
            scores[number] = scores.get(number, 0.0) + score
    if not scores:
        return []
    return _aged(scores, column(searcher, "at", "q"), column(searcher, "weight", "i"), most)


def without(searcher: Searcher, words: Sequence[Word], allowed: frozenset[int]) -> frozenset[int]:
    """Return those of the documents that hold none of the words."""
    for word in words:
        for leaf, base in searcher.leaf_searchers():
            allowed = allowed.difference(map(base.__add__, matching(leaf, [word]).numbers))
    return allowed


def between(searcher: Searcher, after: int | None, before: int | None, allowed: frozenset[int]) -> frozenset[int]:
    """Return those of the documents that are of a moment from `after` on and older than `before`, in Unix time."""
    if after is None and before is None:
        return allowed
    at = column(searcher, "at", "q")
    low, high = after if after is not None else -math.inf, before if before is not None else math.inf
    return frozenset(number for number in allowed if low <= at[number] < high)


def _aged(scores: dict[int, float], at: Sequence[int], weight: Sequence[int], most: int) -> list[Found]:
    now = time.time()
    return nlargest(most, (Found(s * _factor(at[n], weight[n], now), at[n], n) for n, s in scores.items()))


def _factor(at: int, weight: int, now: float) -> float:
    return weight / 1000 * (1 + 0.25 * math.exp2(-max(0.0, now - at) / _HALF_LIFE))


def _scores(
    searcher: Searcher, segments: Iterable[tuple[Searcher, int, Matches]], numbers: Sequence[int]
) -> dict[int, float]:
    """Return the score of each of the numbers, which ascend."""
    scores = dict.fromkeys(numbers, 0.0)
    for leaf, base, held in segments:
        end = base + leaf.reader().doc_count_all()
        here = [number - base for number in numbers if base <= number < end]
        for posting in held.postings if here else ():
            rarity, usual = _statistics(searcher, posting)
            length = leaf.reader().doc_field_length
            for number in here:
                times = posting.times.get(number)
                if times is not None and number in posting.counts_in:
                    worth = bm25(rarity, times, length(number, posting.field, 1), usual, _B, _K1) if usual else 1.0
                    scores[base + number] += posting.boost * worth
    return scores


def _statistics(searcher: Searcher, posting: Posting) -> tuple[float, float]:
    """Return how rare a token is and how long the field usually is, 0 for what is still being typed."""
    if posting.token.endswith(PREFIX):
        return 1.0, 0.0
    return searcher.idf(posting.field, posting.token), searcher.avg_field_length(posting.field, 1)
