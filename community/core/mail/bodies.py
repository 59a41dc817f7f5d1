"""The text of a message as Markdown: its plain part, else its HTML made harmless first."""

import html
import re
from email.message import EmailMessage

import nh3
from markdownify import markdownify

from community.core.markup.text import clean_text

from . import parts

LONGEST = 200_000  # characters of text that are looked at
LONGEST_HTML = 1_000_000
MOST_TAGS, DEEPEST_TAGS = 20_000, 200
TAGS = {"a", "b", "strong", "i", "em", "code", "pre", "p", "div", "br", "hr", "ul", "ol", "li", "blockquote"}
TAGS |= {"h1", "h2", "h3", "h4", "h5", "h6"}
GONE = {"script", "style", "title", "head", "template", "noscript", "svg", "math", "object", "iframe", "textarea"}
_ROW_END = re.compile(r"</tr\s*>|</caption\s*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TABLE = re.compile(r"</?(?:table|thead|tbody|tfoot|tr|td|th|caption|colgroup|col)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b[^<>]*>")
# They end by themselves, so that many of them in a row are not deep in each other.
_FLAT = frozenset({"br", "img", "hr", "input", "meta", "link", "area", "wbr", "p", "li", "option"})
_LINES = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_BLANK_LINES = re.compile(r"\n[ \t\u00a0]*\n(?:[ \t\u00a0]*\n)+")


def text_of(message: EmailMessage) -> str:
    """All that a person would read in it, as Markdown, at most `LONGEST` characters."""
    return tidy("\n\n".join(text for text in _texts(message) if text.strip()))


def tidy(text: str) -> str:
    """One kind of line end, no controls, no heaps of blank lines, no space around it."""
    return _BLANK_LINES.sub("\n\n", clean_text(text[:LONGEST]).replace("\u00a0", " ")).strip()


def _texts(part: EmailMessage) -> list[str]:
    inner = parts.children(part)
    kind = parts.type_of(part)
    if kind == "multipart/alternative":
        return _best(inner)
    if kind == "multipart/related":
        return _texts(inner[0]) if inner else []
    if inner:
        return [text for child in inner for text in _texts(child)]
    if parts.is_multipart(part) or parts.is_file(part):
        return []
    text = parts.text_in(part)
    return [from_html(text) if kind == "text/html" else _unflowed(text, part)]


def _best(inner: list[EmailMessage]) -> list[str]:
    """The plain alternative where it says anything, else the first that does."""
    for part in sorted(inner, key=lambda part: parts.type_of(part) != "text/plain"):
        texts = [text for text in _texts(part) if text.strip()]
        if texts:
            return texts
    return []


def _unflowed(text: str, part: EmailMessage) -> str:
    """Lines that a program broke for the way (RFC 3676), joined again."""
    if parts.parameter(part, "format") != "flowed":
        return text
    lines: list[str] = []
    soft = False
    for line in text.splitlines():
        shown = line[1:] if line.startswith(" ") else line
        quoted = shown.startswith(">")
        if soft and not quoted and shown != "-- ":
            lines[-1] += shown
        else:
            lines.append(shown)
        soft = shown.endswith(" ") and shown != "-- " and not quoted
    return "\n".join(lines)


def from_html(source: str) -> str:
    """HTML as Markdown. Scripts, styles, pictures and forms are gone, tables become lines."""
    cut = source[:LONGEST_HTML]
    if cut.count("<") > MOST_TAGS or _depth(cut) > DEEPEST_TAGS:
        return _bare(cut)
    lines = _TABLE.sub("", _CELL_END.sub(" ", _ROW_END.sub("<br>", cut)))
    harmless = nh3.clean(lines, tags=TAGS, clean_content_tags=GONE, attributes={"a": {"href"}}, link_rel=None)
    try:
        return str(markdownify(harmless, heading_style="ATX", bullets="-", escape_misc=False))
    except (RecursionError, ValueError, AssertionError):
        return _bare(cut)


def _depth(source: str) -> int:
    """How deep tags stand in each other: cleaning takes ever longer with it."""
    level = deepest = 0
    for tag in _TAG.finditer(source):
        if tag[2].lower() not in _FLAT:
            level = max(0, level - 1) if tag[1] else level + 1
            deepest = max(deepest, level)
    return deepest


def _bare(source: str) -> str:
    """The words of HTML that is too much for anything else, in one pass."""
    words: list[str] = []
    at, inside = 0, ""
    for tag in _TAG.finditer(source):
        closing, name = tag[1], tag[2].lower()
        if not inside:
            words.append(source[at : tag.start()] + ("\n" if name in _LINES else ""))
            inside = name if name in GONE and not closing else ""
        elif closing and name == inside:
            inside = ""
        at = tag.end()
    words.append("" if inside else source[at:])
    return html.unescape("".join(words))
