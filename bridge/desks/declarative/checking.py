"""What is wrong with a desk file, found without asking the desk: the shape of it."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from . import schema
from .lines import Key as Way
from .lines import key_lines, line_of
from .meaning import meaning
from .paths import OPTION, OPTION_IN_NAME, NotationError, read_condition, read_path
from .schema import PAGING, REQUEST, SECTIONS, STATUS_RULE, STATUSES, TOP, Key
from .templates import read_template, texts

_WORDS_OF_FILE = ("values", "escapes")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong, and what to write instead."""

    line: int
    text: str


@dataclass(frozen=True)
class Finding:
    """A fault before its line is known."""

    way: Way
    text: str


def check(text: str) -> list[Fault]:
    """All that is wrong with the text of a desk file, in the order of its lines; nothing where it can be used."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place.group(1) or 0) if place else 0
        return [Fault(line or max(1, len(text.splitlines())), f"this is not TOML: {_PLACE.sub('', str(error))}")]
    lines = key_lines(text)
    found = list(shape(data)) or list(meaning(data, Finding))
    return sorted({Fault(line_of(lines, finding.way), finding.text) for finding in found})


def shape(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Unknown and missing keys, and values of the wrong kind."""
    subtables = {way.split(".")[0] for way in SECTIONS} | {"options", "secrets", "headers", *_WORDS_OF_FILE}
    yield from table(data, (), TOP, subtables)
    for name, section in SECTIONS.items():
        yield from _section(data, name, section)
    yield from _free(data)


def _section(data: Mapping[str, Any], name: str, section: schema.Section) -> Iterator[Finding]:
    way = tuple(name.split("."))
    found: Any = data
    for part in way:
        found = found.get(part) if isinstance(found, Mapping) else None
    if found is None:
        if section.needed:
            yield Finding((), f"the part [{name}] is missing: write it, see docs/connect-a-desk.md")
        return
    if not isinstance(found, Mapping):
        yield Finding(way, f"{name} is a part of its own: write [{name}] on a line and its keys below")
        return
    if name == "changes" and "lists" in found:
        yield from table(found, way, {}, {"lists"})
        yield from _tables(found["lists"], (*way, "lists"), {**section.keys, **REQUEST}, {"paging", "now"})
        return
    yield from table(found, way, _keys(name, section, found), _parts(name, section))
    yield from _inner(found, way)
    if section.steps and "steps" in found:
        yield from _tables(found["steps"], (*way, "steps"), REQUEST)
    if name == "status":
        yield from _status(found)
    if "checks" in found:
        yield from _tables(found["checks"], (*way, "checks"), REQUEST)


def _keys(name: str, section: schema.Section, found: Mapping[str, Any]) -> dict[str, Key]:
    """The keys of a part: those of a request too, where it is not in steps. Comments may stand in the query."""
    if not section.request or (section.steps and "steps" in found):
        return dict(section.keys)
    free = name == "comments" or (name == "status" and "write" not in found)
    return {**section.keys, **REQUEST, "path": Key(schema.TEMPLATE, needed=not free)}


def _inner(found: Mapping[str, Any], way: Way) -> Iterator[Finding]:
    for name, keys in (("paging", PAGING), ("now", REQUEST)):
        if name in found:
            yield from _only_table(found[name], (*way, name), keys)


def _parts(name: str, section: schema.Section) -> set[str]:
    more = {
        "status": {"read", "write", "from", "rules"},
        "changes": {"now", "lists"},
        "auth": {"login"},
        "files": {"reply", "fetch"},
        "health": {"checks"},
    }
    return more.get(name, set()) | ({"steps"} if section.steps else set()) | ({"paging"} if section.pages else set())


def _only_table(value: Any, way: Way, keys: Mapping[str, Key]) -> Iterator[Finding]:
    if isinstance(value, Mapping):
        yield from table(value, way, keys)
    else:
        yield Finding(way, f"{_dotted(way)} must be a table: write [{_dotted(way)}] and its keys below")


def _tables(value: Any, way: Way, keys: Mapping[str, Key], parts: Iterable[str] = ()) -> Iterator[Finding]:
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        yield Finding(way, f"write each of {_dotted(way)} under a line [[{_dotted(way)}]]")
        return
    for place, one in enumerate(value):
        yield from table(one, (*way, place), keys, parts)
        yield from _inner(one, (*way, place)) if parts else ()


def _status(found: Mapping[str, Any]) -> Iterator[Finding]:
    if "read" not in found:
        yield Finding(("status",), "the part [status.read] is missing: the desk's words, and ours for each of them")
    yield from _mapped(found.get("read", {}), ("status", "read"), values=STATUSES)
    yield from _mapped(found.get("write", {}), ("status", "write"), keys=STATUSES)
    for word, chains in _pairs(found.get("from", {})):
        yield from _mapped(chains, ("status", "from", word), keys=STATUSES)
    if "rules" in found:
        yield from _tables(found["rules"], ("status", "rules"), STATUS_RULE)


def _pairs(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, Mapping) else ()


def _mapped(value: Any, way: Way, keys: tuple[str, ...] = (), values: tuple[str, ...] = ()) -> Iterator[Finding]:
    if not isinstance(value, Mapping):
        yield Finding(way, f"{_dotted(way)} must be a table of words")
    for key, word in _pairs(value):
        if keys and key not in keys:
            yield Finding((*way, key), _unknown(key, keys, "is none of our statuses"))
        if values and word not in values:
            yield Finding((*way, key), _unknown(str(word), values, "is none of our statuses"))


def _free(data: Mapping[str, Any]) -> Iterator[Finding]:
    """The parts whose keys are names of the file's own."""
    for part, kind in schema.FREE.items():
        for name, value in _pairs(data.get(part, {})):
            yield from of_kind(value, (part, name), Key(kind))
    for name, option in _pairs(data.get("options", {})):
        yield from _only_table(option, ("options", name), schema.OPTION)
    for part in _WORDS_OF_FILE:
        for name, kept in _pairs(data.get(part, {})):
            if not isinstance(kept, Mapping):
                words = f"write [{part}.{name}] and its pairs below"
                yield Finding((part, name), f"{part}.{name} must be a table: {words}")
            elif part == "escapes" and not _is_text_table(kept):
                yield Finding(
                    (part, name), f'{part}.{name} replaces texts by texts: write them in quotes, "<" = "&lt;"'
                )
    for part in ("secrets", "headers", "options", *_WORDS_OF_FILE):
        if part in data and not isinstance(data[part], Mapping):
            yield Finding((part,), f"{part} must be a table: write [{part}] and its keys below")


def table(found: Mapping[str, Any], way: Way, keys: Mapping[str, Key], parts: Iterable[str] = ()) -> Iterator[Finding]:
    """What is wrong with the keys of one table. `parts` are tables in it that are looked at elsewhere."""
    parts = set(parts)
    for name, value in found.items():
        if name in keys:
            yield from of_kind(value, (*way, name), keys[name])
        elif name not in parts:
            yield Finding((*way, name), _unknown(name, {*keys, *parts}, inside=_dotted((*way, ""))))
    for name, key in keys.items():
        if key.needed and name not in found:
            yield Finding(way, f"{_dotted((*way, name))} is missing: write {name} = …  ({key.kind})")


def _unknown(name: str, known: Iterable[str], words: str = "is no key of a desk file", inside: str = "") -> str:
    near = get_close_matches(name, list(known), 1, 0.6)
    listed = f"use one of {', '.join(sorted(known))}"
    return f"“{inside}{name}” {words}: " + (f"did you mean “{inside}{near[0]}”?" if near else listed)


def of_kind(value: Any, way: Way, key: Key) -> Iterator[Finding]:
    """What is wrong with a value."""
    name = _dotted(way)
    if not _RIGHT[key.kind](value):
        yield Finding(way, f"{name} must be {_MEANT[key.kind]}, not {_shown(value)}")
        return
    for one in value if key.kind == schema.NAMES else [value]:
        if key.choices and one not in key.choices:
            yield Finding(way, _unknown(str(one), key.choices, f"cannot stand in {name}"))
    reader = _READERS.get(key.kind)
    read = value.values() if key.kind == schema.PATHS else texts(value)
    for one in read if reader else ():
        try:
            reader(one)  # type: ignore[misc]
        except NotationError as error:
            yield Finding(way, f"{name}: {error}")


def _is_text_table(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())


_RIGHT: Mapping[str, Callable[[Any], bool]] = {
    schema.TEXT: lambda value: isinstance(value, str),
    schema.TEMPLATE: lambda value: isinstance(value, str),
    schema.PATH: lambda value: isinstance(value, str),
    schema.CONDITION: lambda value: isinstance(value, str),
    schema.NUMBER: lambda value: type(value) is int and value >= 0,
    schema.YES_NO: lambda value: isinstance(value, bool),
    schema.CODES: lambda value: isinstance(value, list) and all(type(one) is int for one in value),
    schema.NAMES: lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    schema.TEMPLATES: _is_text_table,
    schema.PATHS: _is_text_table,
    schema.TEXTS: _is_text_table,
    schema.ANYTHING: lambda value: isinstance(value, Mapping | list),
}
_MEANT: Mapping[str, str] = {
    schema.TEXT: 'text in quotes, such as "…"',
    schema.TEMPLATE: 'text in quotes, such as "{title}"',
    schema.PATH: 'a path in quotes, such as "data.id"',
    schema.CONDITION: 'a condition in quotes, such as "private = false"',
    schema.NUMBER: "a whole number without quotes",
    schema.YES_NO: "true or false without quotes",
    schema.CODES: "a list of numbers, such as [401, 403]",
    schema.NAMES: 'a list of texts, such as ["a", "b"]',
    schema.TEMPLATES: 'a table of texts, such as { name = "{title}" }',
    schema.PATHS: 'a table of paths, such as { id = "data.id" }',
    schema.TEXTS: 'a table of texts, such as { etag = "ETag" }',
    schema.ANYTHING: 'a table, such as { title = "{title}" }',
}
_READERS: Mapping[str, Callable[[str], object]] = {
    schema.TEMPLATE: read_template,
    schema.TEMPLATES: read_template,
    schema.ANYTHING: read_template,
    schema.PATH: lambda text: read_path(OPTION.sub("x", text)),
    schema.PATHS: lambda text: read_path(OPTION.sub("x", text)),
    schema.CONDITION: lambda text: read_condition(OPTION_IN_NAME.sub("x", text)),
}


def _dotted(way: Way) -> str:
    return ".".join(str(part) for part in way if not isinstance(part, int))


def _shown(value: Any) -> str:
    return {bool: str(value).lower(), dict: "a table", list: "a list"}.get(type(value), repr(value))
