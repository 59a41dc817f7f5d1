"""How urgent something is, in a desk's own words."""

from collections.abc import Mapping
from typing import TypeVar

from bridge.desks.contract import DeskRefusedError

Word = TypeVar("Word", int, str)


def word_for(priority: int, words: Mapping[int, Word]) -> Word:
    """The desk's word for 1 (highest) to 5. Raises `DeskRefusedError` where it has none."""
    if priority not in words:
        raise DeskRefusedError(f"this desk has no priority for {priority}")
    return words[priority]
