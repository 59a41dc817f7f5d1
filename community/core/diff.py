"""What changed between two revisions of a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from rapidfuzz.distance import Indel

Change = Literal["same", "added", "removed"]
Part = tuple[Change, str]
Block = tuple[list[str], list[str], list[str]]  # same, removed, added

TOKEN_LIMIT = 8_000  # tokens (or lines) of one text that are compared; more are shown as replaced

# An English word, a run of blanks, or one character: Chinese has no blanks between its words.
_WORD = r"[^\W\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+(?:['’][a-z]+)?"
_TOKEN = re.compile(rf"{_WORD}|[ \t]+|.", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """A line of both revisions side by side; line numbers count from 1, None where a side has no line."""

    kind: Literal["same", "changed", "added", "removed"]
    old_number: int | None
    old: tuple[Part, ...]
    new_number: int | None
    new: tuple[Part, ...]


def inline(old: str, new: str) -> list[Part]:
    """The parts that lead from `old` to `new`, by words in English and by characters in Chinese.

    The "same" and "removed" parts joined give `old`, the "same" and "added" ones `new`.
    """
    parts: list[Part] = []
    for same, removed, added in _blocks(_TOKEN.findall(old), _TOKEN.findall(new)):
        block: tuple[Part, ...] = (
            ("same", "".join(same)),
            ("removed", "".join(removed)),
            ("added", "".join(added)),
        )
        parts += [part for part in block if part[1]]
    return parts


def side_by_side(old: str, new: str) -> list[Row]:
    """The lines of both texts in rows, with the changed words marked in lines that changed."""
    rows: list[Row] = []
    old_number = new_number = 0
    for same, removed, added in _blocks(old.splitlines(), new.splitlines()):
        rows += _unchanged(old_number, new_number, same)
        old_number, new_number = old_number + len(same), new_number + len(same)
        rows += _changed(old_number, removed, new_number, added)
        old_number, new_number = old_number + len(removed), new_number + len(added)
    return rows


def _unchanged(old_number: int, new_number: int, lines: list[str]) -> Iterator[Row]:
    for offset, line in enumerate(lines, 1):
        parts: tuple[Part, ...] = (("same", line),)
        yield Row("same", old_number + offset, parts, new_number + offset, parts)


def _changed(old_number: int, removed: list[str], new_number: int, added: list[str]) -> Iterator[Row]:
    for offset, (old, new) in enumerate(zip_longest(removed, added), 1):
        if old is None:
            yield Row("added", None, (), new_number + offset, (("added", new),))
        elif new is None:
            yield Row("removed", old_number + offset, (("removed", old),), None, ())
        else:
            parts = inline(old, new)
            left = tuple(part for part in parts if part[0] != "added")
            right = tuple(part for part in parts if part[0] != "removed")
            yield Row("changed", old_number + offset, left, new_number + offset, right)


def _blocks(old: list[str], new: list[str]) -> Iterator[Block]:
    """What both have, then what only `old` has, then what only `new` has, and again until both end."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    before = old[:start]
    for same, removed, added in _differing(old[start : len(old) - end], new[start : len(new) - end]):
        yield before + same, removed, added
        before = []
    yield before + old[len(old) - end :], [], []


def _differing(old: list[str], new: list[str]) -> Iterator[Block]:
    if max(len(old), len(new)) > TOKEN_LIMIT:
        yield [], old, new
        return
    old_at = new_at = 0
    for block in Indel.editops(old, new).as_matching_blocks():
        # A matching block ends a stretch of changes; the last one is empty and stands at both ends.
        yield [], old[old_at : block.a], new[new_at : block.b]
        old_at, new_at = block.a + block.size, block.b + block.size
        yield old[block.a : old_at], [], []


def _shared(old: list[str], new: list[str]) -> int:
    count = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        count += 1
    return count
