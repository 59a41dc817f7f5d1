"""Lists within lists as people type them: what stands below the words of an item belongs to it, however wide its mark.

The parser wants four spaces for each level; here the lines get them.
"""

import re

import markdown
from markdown.preprocessors import Preprocessor

_ITEM = re.compile(r"( *)([-*+]|\d{1,9}\.)( +)(?=\S)")
_RULE = re.compile(r" *(?:(?:- *){3,}|(?:\* *){3,})$")
_SPACES = 4
_STASHED = "\x02"


class _Nested(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        self._starts: list[int] = []  # the columns at which the words of the open items begin
        self._after_gap = True
        return [self._placed(line.expandtabs(_SPACES) if line[:1] in " \t" else line) for line in lines]

    def _placed(self, line: str) -> str:
        words = line.lstrip(" ")
        if not words:
            self._after_gap = True
            return line
        item = None if _RULE.match(line) else _ITEM.match(line)
        placed = self._item(line, item) if item else self._text(line, words)
        self._after_gap = False
        return placed

    def _item(self, line: str, item: re.Match[str]) -> str:
        indent = len(item[1])
        while self._starts and indent < self._starts[-1]:
            self._starts.pop()
        if not self._starts and indent >= _SPACES:
            return line  # code, or a list that the parser sees as it is
        level, gap = len(self._starts), len(item[3])
        self._starts.append(indent + len(item[2]) + (gap if gap <= _SPACES else 1))
        return " " * (_SPACES * level) + line[indent:]

    def _text(self, line: str, words: str) -> str:
        indent = len(line) - len(words)
        if not self._after_gap and not words.startswith(_STASHED):
            # The words of the item go on.
            deep = len(self._starts) > 1
            return " " * (_SPACES * (len(self._starts) - 1)) + words if deep and indent else line
        while self._starts and indent < self._starts[-1]:
            self._starts.pop()
        if not self._starts:
            return line
        least = _SPACES * len(self._starts)
        if indent >= least + _SPACES:
            return line  # code, as the parser wants it
        further = indent - self._starts[-1]
        return " " * (least + (further if further >= _SPACES else 0)) + words


def register(md: markdown.Markdown) -> None:
    """Let the parser see lists within lists; after the habits."""
    md.preprocessors.register(_Nested(md), "isthmus-nested", 18)
