"""A week as a table of hours: a number in each, and a word for how much that is, beside its colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _


@dataclass(frozen=True)
class Cell:
    """One hour: `level` from 0 to 4 is how much it is beside the fullest; a `gap` where nobody is around."""

    number: int
    level: int
    gap: bool = False


@dataclass(frozen=True)
class Week:
    """Hours as rows, days as columns, so that it fits a phone."""

    days: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    most: int
    empty: int
    gaps: int = 0

    @property
    def legend(self) -> list[tuple[int, str]]:
        """What the colours mean, in words."""
        if self.most <= 4:
            return [(level, str(level)) for level in range(self.most + 1)]
        ends = [_least(level, self.most) for level in range(1, 5)]
        tops = [*(end - 1 for end in ends[1:]), self.most]
        said = [f"{low}–{high}" if high > low else str(low) for low, high in zip(ends, tops, strict=True)]
        return [(0, "0"), *((level + 1, text) for level, text in enumerate(said))]


def week_of(numbers: Sequence[int], gaps: Sequence[bool] = (False,) * 168) -> Week:
    """168 numbers, Monday at midnight first, as a table; `gaps` marks hours."""
    cells = [_cell(number, max(numbers), gap) for number, gap in zip(numbers, gaps, strict=True)]
    most = max(numbers)
    locale = get_locale()
    short, wide = (get_day_names(width, context="stand-alone", locale=locale) for width in ("abbreviated", "wide"))
    rows = [(_("%(hour)s:00", hour=f"{hour:02}"), [cells[day * 24 + hour] for day in range(7)]) for hour in range(24)]
    days = [(short[day], wide[day]) for day in range(7)]
    return Week(days, rows, most, sum(1 for number in numbers if not number), sum(gaps))


def _cell(number: int, most: int, gap: bool) -> Cell:
    level = number if most <= 4 else sum(1 for level in range(1, 5) if number >= _least(level, most))
    return Cell(number, level, gap)


def _least(level: int, most: int) -> int:
    """The smallest number of a level: the first begins at one, the others at quarters of the fullest hour."""
    return max(level, -(-(level - 1) * most // 4))
