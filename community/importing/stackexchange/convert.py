"""From the dump's HTML, Markdown and tag lists to what the forum stores: plain values, no database."""

import re
import unicodedata
from collections import Counter
from html import unescape

from bs4 import Tag
from markdownify import MarkdownConverter

from community.core.markup import clean_text

from .lists import nest
from .wrapping import unwrap

DEEPEST_HTML = 200
LONGEST_HTML = 400_000
_TAG_MARK = re.compile(r"<([^<>|]+)>|([^<>|]+)")
_HINT = re.compile(r"^ {0,3}<!--(?:(?!-->).){0,300}-->[ \t]*\n?", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SPAN = re.compile(r"(?<!`)(`{1,8})(?!`)[^\n]{1,300}?(?<!`)\1(?!`)")
_AUTOLINK = re.compile(r"<(?:https?|ftp|mailto):[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>")
_RAW_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_BLOCK_START = re.compile(r"^(\s{0,3})(#{1,6}(?=\s)|>|[-+*](?=\s)|={3,}|-{3,}|`{3,}|~{3,})")
_NUMBERED = re.compile(r"^(\s{0,3}\d{1,9})([.)])(?=\s)")
_SPOILER = re.compile(r"^( {0,3}>)! ?", re.MULTILINE)
_TAG_LINK = re.compile(r"\[(?:meta-)?tag:([^\[\]\s]{1,60})\]")
_SPECIAL = re.compile(r"([\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|~(?=~))")
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
_BACKTICKS = re.compile(r"`{3,}")
_LANGUAGE = re.compile(r"lang-[a-z0-9+#.-]{1,20}")
_ANY_MARK = re.compile(r"<[^<>]*>")
_MARK = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"))
_HANDLE_GAP = re.compile(r"[^a-z0-9]+")


class _Converter(MarkdownConverter):
    """Writes code as fences that its text cannot close, and plain text so that it stays plain text."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Return text in which no character is taken for markup."""
        if not text:
            return ""
        plain = plain_words(text.replace("\n", " "))
        if "_inline" in parent_tags:
            return plain.replace("|", "\\|")
        return _plain_start(plain)

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Return a fenced block; the fence is longer than any in the text."""
        longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
        fence = "`" * max(3, longest + 1)
        body = text.strip("\n")
        return f"\n\n{fence}{_language(el)}\n{body}\n{fence}\n\n" if body.strip() else ""


def _language(element: Tag) -> str:
    inside = element.find("code")
    for tag in (element, inside):
        for name in tag.get_attribute_list("class") if isinstance(tag, Tag) else []:
            if name and _LANGUAGE.fullmatch(name) and name not in ("lang-none", "lang-default"):
                return name.removeprefix("lang-")
    return ""


def markdown_of_html(html: str) -> str:
    """Return Markdown that says what the HTML says; markup too long or too deep is kept as plain text."""
    if len(html) > LONGEST_HTML or _depth(html) > DEEPEST_HTML:
        return tidy(plain_words(unescape(_ANY_MARK.sub(" ", html))))
    converter = _Converter(heading_style="atx", bullets="-")
    return tidy(nest(re.sub(r"\n{3,}", "\n\n", converter.convert(html))))


def plain_words(text: str) -> str:
    """Return Markdown that shows the text as it is."""
    return _SPECIAL.sub(r"\\\1", _AMPERSAND.sub("&amp;", text)).replace("<", "&lt;")


def _depth(html: str) -> int:
    """Return an upper bound of how deep elements nest, without building them."""
    opened: Counter[str] = Counter()
    deepest = level = 0
    for closing, name in _MARK.findall(html):
        if name.lower() in _VOID:
            continue
        if not closing:
            level += 1
            opened[name.lower()] += 1
        elif opened[name.lower()]:
            level -= 1
            opened[name.lower()] -= 1
        deepest = max(deepest, level)
    return deepest


def has_raw_html(markdown: str) -> bool:
    """Whether Markdown holds HTML tags outside code, which the forum's renderer would not carry out."""
    words = _AUTOLINK.sub("", _SPAN.sub("", _outside_blocks(markdown)))
    return bool(_RAW_HTML.search(words))


def _outside_blocks(markdown: str) -> str:
    """Return the lines that are not code, neither fenced nor indented."""
    kept: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif not line.startswith(("    ", "\t")):
            kept.append(line)
    return "\n".join(kept)


def markdown_source(markdown: str) -> str:
    """Return the Markdown of a revision without the hints that only its old home understood."""
    return tidy(nest(unwrap(_TAG_LINK.sub(r"`\1`", _SPOILER.sub(r"\1 ", _HINT.sub("", tidy(markdown)))))))


def body_markdown(source: str | None, html: str) -> tuple[str, str]:
    """Return the body as Markdown, and `source` or `html` for where it came from.

    The author's own Markdown wins, unless it uses HTML tags: then the rendered body is converted.
    """
    if source is not None and source.strip():
        cleaned = markdown_source(source)
        if not has_raw_html(cleaned) or not html.strip():
            return cleaned, "source"
    return markdown_of_html(html), "html"


def comment_markdown(text: str) -> str:
    """Return a comment's text so that its first characters start no heading, list or quotation."""
    return "\n".join(_plain_start(line) for line in tidy(text).split("\n"))


def _plain_start(line: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _BLOCK_START.sub(r"\1\\\2", line))


def tag_names(marked: str) -> list[str]:
    """Return the names in `<a><b>` or `|a|b|` in order, each once."""
    found = (first or second for first, second in _TAG_MARK.findall(marked))
    return list(dict.fromkeys(name.strip() for name in found if name.strip()))


def tidy(text: str) -> str:
    """Return text with one kind of line end, without control characters, in normal form C."""
    return clean_text(text).strip("\n")


def one_line(text: str, longest: int) -> str:
    """Return text on one line of at most `longest` characters; an ellipsis shows a cut."""
    flat = " ".join(tidy(text).split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def handle_of(name: str, longest: int) -> str:
    """Return a handle made of the name's Latin letters and digits; empty where it has none."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _HANDLE_GAP.sub("-", latin).strip("-")[:longest].strip("-")


def file_words(name: str) -> str:
    """Return a folder's name as the name of a community: `bicycles-meta` is `Bicycles Meta`."""
    words = re.sub(r"[-_.\s]+", " ", re.sub(r"\.(com|net|org)$", "", name)).split()
    return " ".join(word[:1].upper() + word[1:] for word in words)
