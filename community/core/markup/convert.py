"""Markdown to safe HTML. Slow and hostile texts are possible here, so only the child process runs it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TypedDict
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

from . import habits, keys, lists, notes
from .notes import BACK
from .sanitiser import clean, is_own_file, is_safe_link
from .text import MENTION, STAYS

HIGHLIGHT_LIMIT = 20_000  # characters of one code block; a longer one is shown without colours

_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
_CODE = re.compile(r"<pre>.*?</pre>|<code>.*?</code>", re.DOTALL)
_OPAQUE = {"a", "code", "pre"}
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_GAP = re.compile(r"\n[ \t]*\n")
_NO_PARAGRAPH = re.compile(r"\s*(?:$|[#>|\x02]|[*+-]\s|\d+[.)]\s)")
_BOXES = {" ": "☐ ", "x": "☑ ", "X": "☑ "}
_BLOCKS = {
    *("p", "br", "hr", "blockquote", "pre", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr"),
    *("h3", "h4", "h5", "h6", "th", "td", "details", "summary"),
}


class Converted(TypedDict):
    """What the child process answers for one text."""

    html: str
    plain: str
    prose: str  # `plain` without blocks of code: logs are English whatever their reader speaks
    mentions: list[str]


class Converter:
    """A Markdown parser with our extensions, used again for each text."""

    def __init__(self) -> None:
        self._own = _OwnRules()
        self._markdown = markdown.Markdown(
            extensions=[
                *("tables", "sane_lists", "nl2br", "pymdownx.superfences", "pymdownx.highlight"),
                *("pymdownx.tilde", "pymdownx.magiclink", "pymdownx.betterem", "pymdownx.details"),
                self._own,
            ],
            extension_configs={
                "pymdownx.superfences": {
                    "custom_fences": [{"name": "*", "class": "highlight", "format": format_code}],
                    "relaxed_headers": True,
                },
                "pymdownx.highlight": {"use_pygments": True, "noclasses": False, "guess_lang": False},
                "pymdownx.tilde": {"subscript": False},
                "tables": {"use_align_attribute": True},
            },
        )

    def convert(self, text: str, handles: frozenset[str], groups: frozenset[str] = frozenset()) -> Converted:
        """Render `text`, linking the mentions that are in `handles`, of people, or in `groups`."""
        self._markdown.reset()
        self._own.people.begin(handles, groups)
        self._own.notes.begin(text)
        html = clean(self._markdown.convert(text))
        return {
            "html": html,
            "plain": visible_words(html),
            "prose": visible_words(_CODE.sub(" ", html)),
            "mentions": list(self._own.people.seen),
        }


def format_code(source: str, language: str, *_args: object, **_options: object) -> str:
    """A fenced block as HTML with highlighter classes; unknown languages and long blocks stay plain."""
    lexer: Lexer = TextLexer(stripnl=False)
    if language and len(source) <= HIGHLIGHT_LIMIT:
        try:
            lexer = get_lexer_by_name(language.lower(), stripnl=False)
        except ClassNotFound:
            lexer = TextLexer(stripnl=False)
    return highlight(source, lexer, HtmlFormatter(cssclass="highlight", wrapcode=True)).strip()


def visible_words(html: str) -> str:
    """The words a reader of `html` sees, blocks apart on lines of their own."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag == "sup":
            self.parts.append(" ")
        if tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace(BACK, ""))


class _OwnRules(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name for it
        # Without these two, HTML that an author types is shown as the characters typed.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        habits.register(md)
        lists.register(md)
        keys.register(md)
        self.notes = notes.register(md)
        self.people = _People(md)
        md.preprocessors.register(_Stays(md), "isthmus-stays", 20)  # after fenced code has been set aside
        md.inlinePatterns.register(_StaysHere(STAYS.pattern, md), "isthmus-stays", 185)  # after code, before links
        md.treeprocessors.register(_Tasks(md), "isthmus-tasks", 25)
        md.treeprocessors.register(_Shape(md), "isthmus-shape", 18)
        md.treeprocessors.register(self.people, "isthmus-people", 17)


class _Stays(Preprocessor):
    """Marks each paragraph of a passage that stays in the community, for an inline mark ends with its paragraph."""

    def run(self, lines: list[str]) -> list[str]:
        return STAYS.sub(_in_each_paragraph, "\n".join(lines)).split("\n")


def _in_each_paragraph(found: re.Match[str]) -> str:
    parts = _GAP.split(found[1])
    return "\n\n".join(part if _NO_PARAGRAPH.match(part) else f"[private]{part.strip()}[/private]" for part in parts)


class _StaysHere(InlineProcessor):
    """Shows what stays in the community as such."""

    def __init__(self, pattern: str, md: markdown.Markdown) -> None:
        super().__init__(pattern, md)
        self.compiled_re = STAYS

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        element = Element("span", {"class": "stays"})
        element.text = m[1]
        return element, m.start(), m.end()


class _Tasks(Treeprocessor):
    """Draws the box of a task as a character: a reader of the page cannot tick it anyway."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            holder = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
            match = _TASK.match(holder.text or "")
            if match:
                holder.text = _BOXES[match[1]] + (holder.text or "")[match.end() :]
                item.set("class", "task")


class _Shape(Treeprocessor):
    """Demotes headings, keeps only our own images, names alignments and lets wide tables scroll."""

    def run(self, root: Element) -> None:
        for parent, element in list(_pairs(root)):
            if element.tag in _HEADINGS:
                element.tag = _HEADINGS[element.tag]
            elif element.tag == "img":
                _keep_or_link(element, inside_link=parent.tag == "a")
            elif element.tag in {"th", "td"} and element.get("align"):
                element.set("class", f"align-{element.attrib.pop('align')}")
            elif element.tag == "table":
                _wrap(parent, element)


def _pairs(root: Element) -> Iterator[tuple[Element, Element]]:
    for parent in root.iter():
        for child in parent:
            yield parent, child


def _keep_or_link(image: Element, inside_link: bool) -> None:
    source, alt = image.get("src", ""), image.get("alt", "")
    if is_own_file(source):
        return
    tail, image.text = image.tail, AtomicString(alt or source)
    image.clear()
    image.tail, image.text = tail, AtomicString(alt or source)
    image.tag = "span" if inside_link or not is_safe_link(source) else "a"
    if image.tag == "a":
        image.set("href", source)


def _wrap(parent: Element, table: Element) -> None:
    box = Element("div", {"class": "table-wrap"})
    box.tail, table.tail = table.tail, None
    parent[list(parent).index(table)] = box
    box.append(table)


class _People(Treeprocessor):
    """Finds `@handle` outside code and links, and links those that exist: people, and groups before people."""

    def begin(self, handles: frozenset[str], groups: frozenset[str] = frozenset()) -> None:
        self.handles, self.groups = handles | groups, groups
        self.seen: dict[str, None] = {}

    def run(self, root: Element) -> None:
        # In reading order; None stands for an element's own text, a child for the text after that child.
        todo: list[tuple[Element, Element | None]] = [(root, None)]
        while todo:
            element, before = todo.pop()
            self._link(element, element.text if before is None else before.tail, before)
            for child in reversed(element) if before is None else ():
                todo.append((element, child))
                if child.tag not in _OPAQUE:
                    todo.append((child, None))

    def _link(self, parent: Element, text: str | None, before: Element | None) -> None:
        matches = list(MENTION.finditer(text or ""))
        self.seen.update((match[1].lower(), None) for match in matches)
        known = [match for match in matches if match[1].lower() in self.handles]
        if not known or text is None:
            return
        ends = [match.start() for match in known[1:]] + [len(text)]
        self._set(parent, before, text[: known[0].start()])
        place = 0 if before is None else list(parent).index(before) + 1
        for match, end in zip(known, ends, strict=True):
            called = match[1].lower()
            place_of = "groups" if called in self.groups else "people"
            link = Element("a", {"class": "mention", "href": f"/{place_of}/{called}"})
            link.text, link.tail = AtomicString(match[0]), text[match.end() : end]
            parent.insert(place, link)
            place += 1

    def _set(self, parent: Element, before: Element | None, text: str) -> None:
        if before is None:
            parent.text = text
        else:
            before.tail = text
