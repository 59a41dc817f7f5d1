"""Writes lists the one way the forum's renderer reads them: four columns a level."""

import re
from dataclasses import dataclass

LEVEL = 4
DEEPEST = 20
_FENCE = re.compile(r"(`{3,}|~{3,})")
_ITEM = re.compile(r"([-+*]|\d{1,9}[.)])(?: {1,4}(?=\S)| +|$)")
_RULE = re.compile(r"(?:-[ \t]*){3,}$|(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$")
_INTERRUPTS = re.compile(r"(?:[-+*]|1[.)]) +\S")


@dataclass(frozen=True)
class _Line:
    indent: int
    words: str


class _Nesting:
    """Goes through the lines once; `_columns` are where the texts of the open items begin."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._columns: list[int] = []
        self._fence = ""
        self._fence_shift = 0
        self._blank = True

    def add(self, text: str) -> None:
        """Append the line, moved to where its place in the lists demands."""
        line = _read(text)
        if not line.words:
            self.lines.append("")
            self._blank = True
        elif self._fence:
            self._add_code(line)
        else:
            self._add_words(line)
            self._blank = False

    def _add_code(self, line: _Line) -> None:
        self._write(max(line.indent + self._fence_shift, 0), line.words)
        if line.words.startswith(self._fence) and not line.words.strip(self._fence[0]):
            self._fence = ""

    def _add_words(self, line: _Line) -> None:
        depth = sum(column <= line.indent for column in self._columns)
        rest = line.indent - (self._columns[depth - 1] if depth else 0)
        item = None if rest >= LEVEL or _RULE.match(line.words) else _ITEM.match(line.words)
        if item and depth < DEEPEST:
            self._add_item(line, depth, item)
            return
        if self._blank or depth == len(self._columns):
            self._columns = self._columns[:depth]
        fence = _FENCE.match(line.words)
        if fence and rest < LEVEL:
            self._fence, self._fence_shift = fence[1], depth * LEVEL - line.indent + rest
        self._write(depth * LEVEL + rest, line.words)

    def _add_item(self, line: _Line, depth: int, item: re.Match[str]) -> None:
        if not self._columns and not self._blank:
            if not _INTERRUPTS.match(line.words):
                self._write(line.indent, line.words)
                return
            self.lines.append("")
        self._columns = [*self._columns[:depth], line.indent + max(item.end(), len(item[1]) + 1)]
        marker = re.sub(r"\)$", ".", item[1])
        self._write(depth * LEVEL, f"{marker} {line.words[item.end() :]}".rstrip(" "), line.words)

    def _write(self, indent: int, words: str, original: str = "") -> None:
        end = "  " if original.endswith("  ") else ""
        self.lines.append(" " * indent + words + end)


def _read(text: str) -> _Line:
    wide = text.expandtabs(LEVEL) if text[:1].isspace() and "\t" in text[:40] else text
    words = wide.lstrip(" ")
    return _Line(len(wide) - len(words), words if words.strip() else "")


def nest(markdown: str) -> str:
    """Return the Markdown with its lists indented by level; all else stays as it is."""
    nesting = _Nesting()
    for text in markdown.split("\n"):
        nesting.add(text)
    return "\n".join(nesting.lines)
