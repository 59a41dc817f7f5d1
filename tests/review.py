"""What is wrong with a page, as a careful reader of its source would say. `Visitor` asks it of each page."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import html5lib
from bs4 import BeautifulSoup, CData, NavigableString, Tag, TemplateString

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
AS_WRITTEN = {"pre", "code", "textarea", "script"}
DATA_SCRIPTS = {"application/json", "application/ld+json"}  # read by scripts, never executed
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
ARTEFACT = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|%\(\w+\)[sd]|<built-in |<function |object at 0x|\blazy_gettext\b")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage")


def faults_of_headers(headers: Mapping[str, str]) -> Iterator[str]:
    """Security headers that are missing or differ from the ones above."""
    for name, wanted in HEADERS.items():
        if headers.get(name) != wanted:
            yield f"header {name} is {headers.get(name)!r}, not {wanted!r}"


def faults_of_page(html: str) -> Iterator[str]:
    """Everything wrong with a whole HTML document."""
    yield from _parse_errors(html)
    soup = BeautifulSoup(html, "lxml")
    for check in (_heading, _ids, _references, _labels, _forms, _inline, _images, _names, _artefacts):
        yield from check(soup)


def _parse_errors(html: str) -> Iterator[str]:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    lines = html.splitlines()
    for (line, _column), code, details in parser.errors:
        source = lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""
        yield f"HTML line {line}: {code} {details or ''} near {source!r}"


def words(tag: Tag) -> str:
    """The text of an element with its white space made single; what stands in a `<template>` is text too."""
    return " ".join(tag.get_text(" ", types=(NavigableString, CData, TemplateString)).split())


def _heading(soup: BeautifulSoup) -> Iterator[str]:
    root, headings, titles = soup.find("html"), soup.find_all("h1"), soup.select("head > title")
    if not isinstance(root, Tag) or not root.get("lang"):
        yield "<html> has no lang"
    if len(headings) != 1:
        yield f"there are {len(headings)} h1, not one"
    if len(titles) != 1:
        yield f"there are {len(titles)} titles, not one"
    if len(headings) == len(titles) == 1:
        heading, title = words(headings[0]), words(titles[0])
        if not heading or heading.replace(" ", "") not in title.replace(" ", ""):
            yield f"the title {title!r} does not contain the h1 {heading!r}"


def _ids(soup: BeautifulSoup) -> Iterator[str]:
    seen = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    yield from (f"id {name!r} is there {times} times" for name, times in seen.items() if times > 1)


def _references(soup: BeautifulSoup) -> Iterator[str]:
    known = {str(tag["id"]) for tag in soup.find_all(id=True)}
    for attribute in REFERENCES:
        for tag in soup.find_all(attrs={attribute: True}):
            for name in str(tag[attribute]).split():
                if name not in known:
                    yield f"{attribute} of {_opening(tag)} names {name!r}, which is not on the page"
    for label in soup.select("label[for]"):
        if str(label["for"]) not in known:
            yield f"{_opening(label)} is for an element that is not on the page"


def _labels(soup: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label["for"]) for label in soup.select("label[for]") if words(label)}
    for control in soup.select("input, select, textarea"):
        if control.name == "input" and str(control.get("type", "text")).lower() in UNLABELLED:
            continue
        wrapped = control.find_parent("label")
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (named or control.get("id") in labelled or (wrapped and words(wrapped))):
            yield f"{_opening(control)} has no label"


def _forms(soup: BeautifulSoup) -> Iterator[str]:
    for form in soup.find_all("form"):
        posts = str(form.get("method", "get")).lower() == "post"
        guarded = form.select_one("input[name=csrf_token][value]") is not None
        if posts and not guarded:
            yield f"{_opening(form)} has no csrf_token"
        if guarded and not posts:
            yield f"{_opening(form)} would put its csrf_token into the address"


def _inline(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            if name == "style" or name.startswith("on"):
                yield f"{_opening(tag)} has an inline {name}"
            if str(value).strip().lower().startswith("javascript:"):
                yield f"{_opening(tag)} has a javascript: address"
    for script in soup.find_all("script"):
        if not script.get("src") and script.get("type") not in DATA_SCRIPTS:
            yield f"{_opening(script)} is an inline script"
    yield from (f"{_opening(style)} is an inline style sheet" for style in soup.find_all("style"))


def _images(soup: BeautifulSoup) -> Iterator[str]:
    for image in soup.select("img, input[type=image], area[href]"):
        if image.get("alt") is None:
            yield f"{_opening(image)} has no alt"


def _names(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.select("a[href], button, summary"):
        pictures = [str(image.get("alt", "")) for image in tag.find_all("img")]
        inner = [str(part["aria-label"]) for part in tag.find_all(attrs={"aria-label": True})]
        drawn = [words(title) for title in tag.select("svg title")]
        if not (words(tag) or tag.get("aria-label") or tag.get("aria-labelledby") or any(pictures + inner + drawn)):
            yield f"{_opening(tag)} has no name to read aloud"


def _artefacts(soup: BeautifulSoup) -> Iterator[str]:
    for text in soup.find_all(string=True):
        parent = text.parent
        if parent is None or parent.find_parent(["pre", "code"]) or parent.name in AS_WRITTEN:
            continue
        if text.strip() in ("None", "Undefined", "NaN") or ARTEFACT.search(text):
            yield f"{_opening(parent)} shows {text.strip()[:80]!r}"
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            shown = " ".join(value) if isinstance(value, list) else str(value)
            if shown == "None" or (tag.name != "meta" and name != "value" and ARTEFACT.search(shown)):
                yield f"{_opening(tag)} has {name}={shown[:80]!r}"


def _opening(tag: Tag) -> str:
    """The element's opening tag, for a message."""
    return str(tag).partition(">")[0][:160] + ">"
