"""The words of a letter's HTML as plain text, so that both come from one template.

It knows the few elements that our own letters are made of, and is no reader of other people's HTML.
"""

import re
from html.parser import HTMLParser

BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "ul", "blockquote", "div"})
UNSEEN = frozenset({"head", "title"})


def plain_text(html: str) -> str:
    """Paragraphs with a blank line between them, `-- ` for a rule, and each link as its words and its address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects blocks of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._words = ""
        self._link, self._link_from = "", 0
        self._unseen = 0
        self._bullet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a line or a link."""
        if tag in UNSEEN:
            self._unseen += 1
        elif tag in BLOCKS:
            self._end_block()
            self._bullet = tag == "li"
        elif tag == "br":
            self._words += "\n"
        elif tag == "hr":
            self._end_block()
            self._blocks.append("-- ")
        elif tag == "a":
            self._link, self._link_from = dict(attrs).get("href") or "", len(self._words)

    def handle_endtag(self, tag: str) -> None:
        """End a block, or say where a link leads."""
        if tag in UNSEEN:
            self._unseen -= 1
        elif tag in BLOCKS:
            self._end_block()
        elif tag == "a" and self._link:
            if self._words[self._link_from :].strip() != self._link:
                self._words = f"{self._words.rstrip().rstrip(':：')}: {self._link}"
            self._link = ""

    def handle_data(self, data: str) -> None:
        """Words, with the spaces that a reader sees."""
        if self._unseen:
            return
        words = re.sub(r"[ \t\r\n]+", " ", data)
        self._words += words.lstrip() if not self._words or self._words.endswith("\n") else words

    def _end_block(self) -> None:
        words = self._words.strip()
        if words:
            self._blocks.append(f"- {words}" if self._bullet else words)
        self._words, self._bullet = "", False

    def text(self) -> str:
        """All of it; what follows a rule stands right below it, as signatures do."""
        self._end_block()
        joined = "\n\n".join(self._blocks).replace("\n\n-- \n\n", "\n\n-- \n")
        return re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", joined).strip() + "\n"
