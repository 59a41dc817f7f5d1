"""How much two titles are alike. Pure."""

from collections.abc import Iterable
from typing import TypeVar

from rapidfuzz import fuzz

ALIKE = 60
MOST = 5

T = TypeVar("T")


def likeness(one: str, other: str) -> int:
    """0 to 100; the order of words does not count, nor what one says beyond the other where there are no spaces."""
    left, right = one.lower().strip(), other.lower().strip()
    if not left.isascii() and not right.isascii():
        return round(fuzz.ratio(left, right) * 0.4 + fuzz.partial_ratio(left, right) * 0.6)
    return round((fuzz.token_set_ratio(left, right) + fuzz.token_sort_ratio(left, right)) / 2)


def most_alike(title: str, candidates: Iterable[tuple[T, str]]) -> list[tuple[T, int]]:
    """The candidates whose title is alike enough, best first, at most five."""
    found = [(candidate, likeness(title, other)) for candidate, other in candidates]
    found = [(candidate, share) for candidate, share in found if share >= ALIKE]
    return sorted(found, key=lambda pair: -pair[1])[:MOST]
