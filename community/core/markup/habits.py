"""What people type out of habit: a list right below a sentence."""

import re

import markdown
from markdown.preprocessors import Preprocessor

_BEGINS = re.compile(r"(?:[-*+]|1\.) (?=\S)(?![-*+ ]+$)")
_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}\.)\s")
_NO_SENTENCE = (" ", "\t", ">", "#", "|", "\x02")


class _Habits(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        found: list[str] = []
        below_sentence = False
        for line in lines:
            if below_sentence and _BEGINS.match(line):
                found.append("")
            sentence = bool(line.strip()) and not line.startswith(_NO_SENTENCE) and not _ITEM.match(line)
            # Lines below an item belong to it until there is an empty one.
            below_sentence = sentence and (below_sentence or not found or not found[-1].strip())
            found.append(line)
        return found


def register(md: markdown.Markdown) -> None:
    """Let the parser see texts as people mean them; after fenced code was set aside."""
    md.preprocessors.register(_Habits(md), "isthmus-habits", 19)
