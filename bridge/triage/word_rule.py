"""The form in which words speak for a class."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WordRule:
    """One of the words is enough, and counts once; where `also` is given, one of those must be there as well.

    `why` names the sentence that explains it.
    """

    query_class: str
    weight: int
    why: str
    words: tuple[str, ...]
    also: tuple[str, ...] = ()


def words_in(text: str) -> tuple[str, ...]:
    """Words written one after the other with " | " between."""
    return tuple(text.split(" | "))
