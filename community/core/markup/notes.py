"""Notes at the foot of a text. Their ids hold a mark of the text, so that those of many posts on a page are apart."""

import re
from hashlib import sha256
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.treeprocessors import Treeprocessor

BACK = "↩"
_KIND = re.compile(r"fn(ref)?(\d*):(.*)", re.DOTALL)


class Notes(Treeprocessor):
    """Gives notes their ids, and the links between them."""

    def begin(self, text: str) -> None:
        """Another text comes."""
        self._mark = sha256(text.encode()).hexdigest()[:10]
        self._numbers: dict[str, int] = {}

    def run(self, root: Element) -> None:
        """Rename what the extension made; the author's own names for notes are in no id."""
        for element in root.iter():
            if element.tag in ("sup", "li") and "id" in element.attrib:
                element.set("id", self._named(element.attrib["id"]))
            elif element.tag == "a" and element.get("class") in ("footnote-ref", "footnote-backref"):
                element.set("href", "#" + self._named(element.get("href", "")[1:]))
                element.attrib.pop("title", None)

    def _named(self, name: str) -> str:
        found = _KIND.fullmatch(name)
        if found is None:
            return ""
        number = self._numbers.setdefault(found[3], len(self._numbers) + 1)
        again = f"-{found[2]}" if found[2] else ""
        return f"{'from' if found[1] else 'note'}-{self._mark}-{number}{again}"


def register(md: markdown.Markdown) -> Notes:
    """Let the parser see notes."""
    FootnoteExtension(BACKLINK_TEXT=BACK).extendMarkdown(md)
    notes = Notes(md)
    md.treeprocessors.register(notes, "isthmus-notes", 14)  # after repeated references got their own links back
    return notes
