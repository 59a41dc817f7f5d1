"""Keys of a keyboard: `<kbd>Ctrl</kbd>` as people type it elsewhere, and `++ctrl+c++` for several pressed together."""

import re
from xml.etree.ElementTree import Element

import markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

KEY = r"<kbd>([^<>\n]{1,30})</kbd>"
# Not within a word, so that C++ and i++ stay what they are.
KEYS = r"(?<![\w+])\+\+([A-Za-z0-9]{1,12}(?:\+[A-Za-z0-9]{1,12}){0,4})\+\+(?![\w+])"


class _Key(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        return _key(m[1]), m.start(), m.end()


class _Keys(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        together = Element("span")
        for number, name in enumerate(m[1].split("+")):
            if number:
                together[-1].tail = "+"
            together.append(_key(name[0].upper() + name[1:]))
        return together, m.start(), m.end()


def _key(name: str) -> Element:
    element = Element("kbd")
    element.text = AtomicString(name)
    return element


def register(md: markdown.Markdown) -> None:
    """Let the parser know keys; after code, before everything that reads signs."""
    md.inlinePatterns.register(_Key(KEY, md), "isthmus-key", 186)
    md.inlinePatterns.register(_Keys(KEYS, md), "isthmus-keys", 187)
