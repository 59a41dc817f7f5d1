"""What an import did, counted: nothing is left out without a line here."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

KINDS = (
    *("users", "tags", "tag descriptions", "questions", "tags on questions", "answers", "accepted answers"),
    *("comments", "revisions and history", "votes", "links", "badges"),
)


@dataclass
class Summary:
    """Counts of one run, by kind of thing (`answers`) and, for what was left out, by reason."""

    space: str = ""
    imported: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    noted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def skip(self, kind: str, reason: str, number: int = 1) -> None:
        """Count rows that were not imported, and why."""
        if number:
            self.skipped[kind, reason] += number

    def note(self, kind: str, what: str, number: int = 1) -> None:
        """Count rows that were imported in another form than they had."""
        if number:
            self.noted[kind, what] += number

    @property
    def changed(self) -> bool:
        """Whether this run brought anything in."""
        return any(self.imported.values())

    def lines(self) -> Iterator[str]:
        """Yield the summary for a terminal, a line each, in a fixed order."""
        yield f"Imported into {self.space}:"
        for kind in sorted({*self.imported, *self.present}, key=_place):
            before = f" ({self.present[kind]:,} were there before)" if self.present[kind] else ""
            yield f"  {self.imported[kind]:>9,}  {kind}{before}"
        yield from _reasons("Imported in another form:", self.noted)
        yield from _reasons("Not imported:", self.skipped)


def _place(kind: str) -> tuple[int, str]:
    return (KINDS.index(kind) if kind in KINDS else len(KINDS), kind)


def _reasons(heading: str, counted: Counter[tuple[str, str]]) -> Iterator[str]:
    if counted:
        yield heading
    for (kind, reason), number in sorted(counted.items()):
        yield f"  {number:>9,}  {kind}: {reason}"
