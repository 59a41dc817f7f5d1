"""Numbered pages, with a position, instead of endless scrolling."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from .numbers import whole_number

T = TypeVar("T")
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows and where they stand among all."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first row shown, 0 where there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Position of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    def url(self, number: int) -> str:
        """The present address with another page number."""
        arguments: MultiDict[str, str] = MultiDict(request.args)
        arguments["page"] = str(number)
        values = {**(request.view_args or {}), **arguments.to_dict(flat=False)}
        return url_for(request.endpoint or "", **values)

    def map(self, change: Callable[[T], "U"]) -> "Page[U]":
        """The same page with each row turned into something else."""
        return Page([change(row) for row in self.rows], self.number, self.size, self.total)


U = TypeVar("U")


def page_number() -> int:
    """The page asked for; anything that is no sensible number means the first."""
    given = whole_number(request.args.get("page", ""), most=9_999_999)
    return min(LAST_PAGE, max(1, given or 1))
