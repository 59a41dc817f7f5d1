"""Where a text has something in it that looks as if others should not read it, and the text without."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .patterns import TABLE, Pattern

LONGEST_LINE = 2_000  # characters that an own pattern is given at once, so that a slow one stays harmless
AROUND = 30


@dataclass(frozen=True)
class Finding:
    """A place in a text. `line` counts from 1; `before`, `found` and `after` are what stands there, shortened."""

    kind: str
    start: int
    end: int
    line: int
    before: str
    found: str
    after: str
    mark: str  # tells this find from others without saying what was found


@dataclass(frozen=True)
class OwnPattern:
    """A pattern of this installation; its `kind` is told apart from ours by a number."""

    kind: str
    look: re.Pattern[str]


def find(text: str, own: Iterable[OwnPattern] = ()) -> list[Finding]:
    """All places in their order, none inside another. The time grows with the length of the text."""
    taken: list[tuple[int, int, str]] = []
    covered = bytearray(len(text))
    for pattern in TABLE:
        _take(taken, covered, pattern.kind, _spans(pattern, text, covered))
    for one in own:
        _take(taken, covered, one.kind, _own_spans(one.look, text))
    return _told(text, sorted(taken))


def masked(text: str, findings: Iterable[Finding], word: Callable[[str], str]) -> str:
    """`text` with `[word of the kind]` in place of each find."""
    pieces, end = [], 0
    for one in findings:
        pieces += [text[end : one.start], f"[{word(one.kind)}]"]
        end = one.end
    return "".join([*pieces, text[end:]])


def _take(taken: list[tuple[int, int, str]], covered: bytearray, kind: str, spans: Iterable[tuple[int, int]]) -> None:
    for start, end in spans:
        if start < end and not any(covered[start:end]):
            covered[start:end] = b"\x01" * (end - start)
            taken.append((start, end, kind))


def _spans(pattern: Pattern, text: str, covered: bytearray) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in pattern.look.finditer(text):
        start, end = match.span(pattern.group)
        # A few words decide what stands after it; the line may be long, and there may be many finds in it.
        first, last = pattern.fits(text[start:end], text[end : end + AROUND].partition("\n")[0])
        if first < last and not any(covered[start + first : start + last]):
            found.append((start + first, start + last))
    different = {text[start:end].lower() for start, end in found}
    return found if len(different) >= pattern.least else []


def _own_spans(look: re.Pattern[str], text: str) -> Iterable[tuple[int, int]]:
    place = 0
    for line in text.split("\n"):
        for begin in range(0, len(line), LONGEST_LINE):
            for match in look.finditer(line[begin : begin + LONGEST_LINE]):
                yield place + begin + match.start(), place + begin + match.end()
        place += len(line) + 1


def _told(text: str, taken: Sequence[tuple[int, int, str]]) -> list[Finding]:
    findings, line, place = [], 1, 0
    for start, end, kind in taken:
        line += text.count("\n", place, start)
        place = start
        found = text[start:end]
        findings.append(
            Finding(
                kind=kind,
                start=start,
                end=end,
                line=line,
                before=_before(text, start),
                found=found if len(found) <= 2 * AROUND else f"{found[:AROUND]}…",
                after=_after(text, end),
                mark=hashlib.sha256(f"{kind}\n{found}".encode()).hexdigest()[:24],
            )
        )
    return findings


def _before(text: str, start: int) -> str:
    """What stands before a find in its line, from the beginning of a word on."""
    first = max(0, start - AROUND)
    near, cut = text[first:start], first > 0 and not text[first - 1].isspace()
    line = near.rpartition("\n")[2]
    _half, space, whole = line.partition(" ")
    return f"…{whole}" if cut and line == near and space else line


def _after(text: str, end: int) -> str:
    """What stands after a find in its line, to the end of a word."""
    near = text[end : end + AROUND]
    line = near.partition("\n")[0]
    whole, space, _half = line.rpartition(" ")
    next_ = text[end + AROUND : end + AROUND + 1]
    return f"{whole}…" if line == near and next_ and not next_.isspace() and space else line
