"""Joins lines that were broken only to fit a narrow editor: the forum shows a line end as a line break."""

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTED = re.compile(r"(?: {0,3}> ?)+")
_STARTS_BLOCK = re.compile(
    r" *(?:#{1,6}(?:\s|$)|[-+*](?:\s|$)|\d{1,9}[.)]\s|\||\[[^\]\n]{1,80}\]:|(?:=+|-+|[-*_ ]{3,})\s*$|>)"
)
_ENDS_LINE = re.compile(r"(?:  |\\|<br ?/?>)$")
_ALONE = re.compile(r" {0,3}(?:#{1,6}(?:\s|$)|\||\[[^\]\n]{1,80}\]:|(?:=+|-+|[-*_ ]{3,})\s*$)")


class _Joiner:
    """Goes through the lines once and knows whether the last one may be continued."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._fence = ""
        self._open = False
        self._quote = ""

    def add(self, line: str) -> None:
        """Append the line, or join it to the one before."""
        mark = _FENCE.match(line)
        if self._fence or mark:
            self._follow_fence(line, mark[1] if mark else "")
            return
        found = _QUOTED.match(line)
        quote = found[0].replace(" ", "") if found else ""
        words = line[found.end() :] if found else line
        if self._continues(quote, words):
            self.lines[-1] = f"{self.lines[-1]} {words.strip() if not _ENDS_LINE.search(words) else words.lstrip()}"
        else:
            self.lines.append(line)
            self._open = bool(words.strip()) and not _ALONE.match(words) and not self._is_code(words)
        self._quote = quote
        self._open = self._open and not _ENDS_LINE.search(line)

    def _follow_fence(self, line: str, mark: str) -> None:
        self.lines.append(line)
        if not self._fence:
            self._fence = mark
        elif mark.startswith(self._fence):
            self._fence = ""
        self._open = False

    def _continues(self, quote: str, words: str) -> bool:
        return self._open and bool(words.strip()) and quote == self._quote and not _STARTS_BLOCK.match(words)

    def _is_code(self, words: str) -> bool:
        return words.startswith(("    ", "\t")) and not _STARTS_BLOCK.match(words)


def unwrap(markdown: str) -> str:
    """Return Markdown in which each paragraph is one line; code, lists, tables and meant breaks stay."""
    joiner = _Joiner()
    for line in markdown.split("\n"):
        joiner.add(line)
    return "\n".join(joiner.lines)
