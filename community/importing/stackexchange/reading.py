"""Rows of the dump's XML files, one at a time, with their line numbers; memory stays flat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from lxml import etree  # type: ignore[attr-defined] # compiled, and ships no types

LONGEST_READ = 1 << 16
REPORT_EVERY = 100


class MalformedDumpError(Exception):
    """The dump cannot be read any further; says the file, the line (1 is the first) and the reason."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.path, self.line, self.reason = path, line, " ".join(reason.split())
        super().__init__(f"{path}, line {line}: {self.reason}")


@dataclass(frozen=True)
class Row:
    """One `<row …/>` of a file: its attributes as text, and the line on which it ends."""

    path: Path
    line: int
    values: dict[str, str]

    def text(self, name: str) -> str:
        """Return the column's text, empty where the row has no such column."""
        return self.values.get(name, "")

    def number(self, name: str) -> int | None:
        """Return the column as a whole number, or None where it is absent or empty."""
        value = self.values.get(name, "").strip()
        if not value:
            return None
        if len(value) > 18 or not value.lstrip("-").isdecimal() or not value.isascii():
            raise self.fault(f"{name} is not a whole number: {value[:40]!r}")
        return int(value)

    def required(self, name: str) -> int:
        """Return the column as a whole number; a row without it is malformed."""
        value = self.number(name)
        if value is None:
            raise self.fault(f"{name} is missing")
        return value

    def reference(self, name: str) -> str:
        """Return the number of another row as the map of old ids writes it; empty where there is none."""
        value = self.number(name)
        return "" if value is None else str(value)

    @property
    def key(self) -> str:
        """The row's own number as the map of old ids writes it."""
        return str(self.required("Id"))

    def count(self, name: str) -> int:
        """Return the column as a number of things: 0 where it is absent or below zero."""
        return min(max(self.number(name) or 0, 0), 2**31 - 1)

    def moment(self, name: str) -> datetime | None:
        """Return the column as a moment in UTC, or None where it is absent."""
        value = self.values.get(name, "").strip()
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.fault(f"{name} is not a date: {value[:40]!r}") from None

    def required_moment(self, name: str) -> datetime:
        """Return the column as a moment in UTC; a row without it is malformed."""
        value = self.moment(name)
        if value is None:
            raise self.fault(f"{name} is missing")
        return value

    def fault(self, reason: str) -> MalformedDumpError:
        """Return the error that names this row's place."""
        return MalformedDumpError(self.path, self.line, reason)


class _Lines:
    """Hands the parser one line at a time, so that each row's line is exact in files of any length."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ended = True
        self.line = 0
        self.position = 0

    def read(self, _size: int) -> bytes:
        chunk = self._stream.readline(LONGEST_READ)
        if chunk and self._ended:
            self.line += 1
        self._ended = chunk.endswith(b"\n")
        self.position += len(chunk)
        return chunk


def read_rows(path: Path, report: Callable[[int, int], None]) -> Iterator[Row]:
    """Yield the rows of a file in their order; `report` gets bytes read and bytes in all.

    Raises MalformedDumpError at the first thing that is not a well-formed row.
    """
    total = path.stat().st_size
    with path.open("rb") as stream:
        lines = _Lines(stream)
        try:
            for number, row in enumerate(_rows(path, lines)):
                if number % REPORT_EVERY == 0:
                    report(lines.position, total)
                yield row
        except etree.XMLSyntaxError as error:
            raise MalformedDumpError(path, max(lines.line, 1), str(error.msg)) from None
    report(total, total)


def _rows(path: Path, lines: _Lines) -> Iterator[Row]:
    parser = etree.iterparse(
        lines,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    for event, element in parser:
        if event == "start":
            depth += 1
            _check(path, lines.line, depth, element)
            continue
        depth -= 1
        if depth == 1:
            values = {str(name): str(value) for name, value in element.attrib.items()}
            _forget(element)
            yield Row(path, lines.line, values)


def _check(path: Path, line: int, depth: int, element: etree._Element) -> None:
    if depth == 1:
        if element.getroottree().docinfo.doctype:
            raise MalformedDumpError(path, line, "a document type declaration is not allowed")
        if str(element.tag).lower() != path.stem.lower():
            raise MalformedDumpError(path, line, f"expected <{path.stem.lower()}>, found <{element.tag}>")
    elif depth > 2 or element.tag != "row":
        raise MalformedDumpError(path, line, f"expected <row>, found <{element.tag}>")


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
