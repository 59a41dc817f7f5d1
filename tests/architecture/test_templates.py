"""Templates compile, find each other, keep to the content policy and speak through the catalogues."""

import re

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from jinja2 import meta

from tests.architecture.sources import ROOT, TEMPLATES, report, templates

GAP = "\ufffc"  # stands for whatever an expression would show
INLINE = re.compile(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=", re.IGNORECASE)
INLINE_BLOCK = re.compile(r"<style[\s>]|<script(?![^>]*\b(src=|type=\"application/(ld\+)?json\"))[\s>]", re.IGNORECASE)
# What was sanitised when it was written is kept in columns that end in _html; nothing else may be trusted.
UNSAFE = re.compile(r"(?<!html)(?<!html )\|\s*safe\b|\{%-?\s*autoescape\s+false")
SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-roledescription")
ADDRESS = re.compile(r"[?&/#][\w=&/.-]+")
WORD = re.compile(r"[^\W\d_]{2,}")
SILENT = {"code", "kbd", "pre", "script", "style", "symbol", "samp"}
BRAND = {"Isthmus"}
NAMES = {str(path.relative_to(TEMPLATES)) for path in templates()}


@pytest.fixture(params=sorted(NAMES))
def name(request: pytest.FixtureRequest) -> str:
    """Each template in turn."""
    return str(request.param)


def source_of(name: str) -> str:
    """The text of a template."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def test_template_compiles_and_finds_the_others(plain_app: Flask, name: str) -> None:
    plain_app.jinja_env.get_template(name)
    used = meta.find_referenced_templates(plain_app.jinja_env.parse(source_of(name)))
    report([other for other in used if other and other not in NAMES], f"{name} uses templates that are not there")


def test_template_keeps_to_the_content_policy(name: str) -> None:
    if not name.endswith(".html") or name.startswith("email/"):
        return  # mail is no page of ours: a reader's program shows it, with its own rules
    text = re.sub(r"\{#.*?#\}", "", source_of(name), flags=re.DOTALL)
    found = [m.group(0)[:100] for pattern in (INLINE, INLINE_BLOCK) for m in pattern.finditer(text)]
    report(found, f"{name} has inline styles, scripts or handlers")


def test_template_marks_nothing_as_safe(name: str) -> None:
    report([m.group(0) for m in UNSAFE.finditer(source_of(name))], f"{name}: only *_html is safe")


def test_template_has_no_text_outside_the_catalogues(plain_app: Flask, name: str) -> None:
    text = _without_expressions(plain_app, source_of(name))
    found = _unmarked_html(text) if name.endswith(".html") else _unmarked(text)
    report(found, f"{name}: put texts into _()")


def _without_expressions(app: Flask, source: str) -> str:
    """What a template would send as it stands, with a gap for each expression and translated block."""
    kept, depth, in_trans = [], 0, False
    tokens = list(app.jinja_env.lex(source))
    for position, (_line, kind, value) in enumerate(tokens):
        if kind == "block_begin":
            following = next((v for _l, k, v in tokens[position + 1 :] if k == "name"), "")
            in_trans = (in_trans or following == "trans") and following != "endtrans"
        depth += kind in ("variable_begin", "block_begin", "comment_begin", "raw_begin")
        depth -= kind in ("variable_end", "block_end", "comment_end", "raw_end")
        if kind == "data" and not in_trans:
            kept.append(value)
        elif kind == "variable_begin":
            kept.append(GAP)
    return "".join(kept)


def _unmarked_html(text: str) -> list[str]:
    soup = BeautifulSoup(text, "html.parser")
    found = []
    for string in soup.find_all(string=True):
        if type(string).__name__ == "NavigableString" and not _is_silent(string.parent):
            found += _unmarked(string)
    for tag in soup.find_all(True):
        found += [w for attribute in SPOKEN for w in _unmarked(str(tag.get(attribute, "")))]
    return found


def _is_silent(tag: Tag | None) -> bool:
    return tag is not None and (tag.name in SILENT or tag.find_parent(list(SILENT)) is not None)


def _unmarked(text: str) -> list[str]:
    return [text.strip()[:80] for word in WORD.findall(ADDRESS.sub(" ", text))[:1] if word not in BRAND]


def test_every_template_is_used() -> None:
    sources = [source_of(other) for other in NAMES]
    sources += [p.read_text(encoding="utf-8") for p in ROOT.glob("*/**/*.py") if ".venv" not in p.parts]
    spoken = "\n".join(sources)
    unused = [n for n in sorted(NAMES) if n not in spoken and not n.startswith("email/")]
    report(unused, "a template that nobody names is dead")
