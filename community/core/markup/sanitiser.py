"""The allow-list of HTML that members' texts may become."""

import re
from collections import Counter
from html import escape

import nh3
from pygments.token import STANDARD_TYPES

_TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "div", "span", "ul", "ol", "li", "dl", "dt", "dd"),
    *("h3", "h4", "h5", "h6", "strong", "em", "b", "i", "del", "sup", "sub", "kbd", "abbr"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "a", "img"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "abbr": {"title"},
    "details": {"open"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_ALIGNMENT = {"align-left", "align-center", "align-right"}
_CLASSES = {
    "a": {"footnote-backref", "footnote-ref", "mention"},
    "div": {"footnote", "highlight", "table-wrap"},
    "span": {"stays", *filter(None, STANDARD_TYPES.values())},
    "li": {"task"},
    "pre": {"plain"},
    "th": _ALIGNMENT,
    "td": _ALIGNMENT,
}
_FILE = re.compile(r"/files/[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LINK = re.compile(r"https?://[^/\\]|mailto:[^/\\]|/(?![/\\])|#[A-Za-z0-9_-]+\Z", re.IGNORECASE)
# The ids of notes at the foot; no other id comes from a text.
NOTE_ID = re.compile(r"(?:note|from)-[0-9a-f]{10}-\d{1,4}(?:-\d{1,4})?")
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0]")
_NUMBER = re.compile(r"\d{1,4}")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_DEPTH_LIMIT = 500  # elements inside one another; the time to clean grows with the square of it
# These end by themselves when the next one opens, so leaving them open is no nesting.
_FLAT = {"p", "li", "br", "hr", "img", "td", "th", "tr", "dt", "dd", "input", "col", "option"}
_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')


def is_own_file(url: str) -> bool:
    """Whether `url` is a file that we serve ourselves, the only kind of image a text may show."""
    return _FILE.fullmatch(url) is not None


def is_safe_link(url: str) -> bool:
    """Whether `url` may be followed from a text: web, mail, or a path of this site."""
    # Browsers drop blanks and control characters inside a scheme, so they are dropped before looking.
    return _LINK.match(_BLANKS.sub("", url)) is not None


def sanitise(html: str) -> str:
    """`html` cut down to the allow-list: no script, style, form, frame, remote image, odd link, nor an
    id but those of notes.

    HTML nested so deeply that nobody wrote it by hand is shown as text instead.
    """
    return escape(html) if _is_too_deep(html) else clean(html)


def clean(html: str) -> str:
    """As `sanitise`, but without a bound on its time: for the renderer process, which has one."""
    return _IMAGE.sub(_image, _CLEANER.clean(html))


def _is_too_deep(html: str) -> bool:
    depth = 0
    opened: Counter[str] = Counter()
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _FLAT:
            continue
        # An end tag that closes nothing must not hide a start tag.
        step = 1 if not match[1] else -1 if opened[name] else 0
        opened[name] += step
        depth += step
        if depth > _DEPTH_LIMIT:
            return True
    return False


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if is_safe_link(value) else None
    if name == "id":
        return value if NOTE_ID.fullmatch(value) else None
    if name == "src":
        return value if is_own_file(value) else None
    if name in {"start", "colspan", "rowspan"}:
        return value if _NUMBER.fullmatch(value) else None
    return value


def _image(match: re.Match[str]) -> str:
    # nh3 writes attributes double quoted, so a refused image shows as one without src.
    attributes = match[1]
    alt = re.search(r' alt="([^"]*)"', attributes)
    if ' src="' not in attributes:
        return alt[1].replace("<", "&lt;").replace(">", "&gt;") if alt else ""
    return match[0] if alt else f'<img{attributes} alt="">'


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes=_CLASSES,
    clean_content_tags={"script", "style", "iframe", "object", "noscript", "template", "svg", "math"},
    link_rel="nofollow ugc noopener",
    url_schemes={"http", "https", "mailto"},
    set_tag_attribute_values={"img": {"loading": "lazy"}},
)
