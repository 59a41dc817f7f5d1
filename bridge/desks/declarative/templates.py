"""Texts with names in braces: "{title}", "{priority|urgency}"; a doubled brace is a brace."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .paths import NotationError

_PART = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.]*)((?:\|[A-Za-z_][\w]*)*)\}|[{}]")
FILTERS: Mapping[str, Callable[[Any], Any]] = {
    "number": lambda value: int(value) if re.fullmatch(r"-?[0-9]+", str(value)) else value,
    "text": lambda value: written(value),
    "lower": lambda value: written(value).lower(),
    "line": lambda value: " ".join(written(value).split()),
}


class NoValueError(LookupError):
    """A name without a value, or a value that its map does not have."""


@dataclass(frozen=True)
class Slot:
    """A name in braces, and through what its value goes."""

    name: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """Text and slots in turn."""

    parts: tuple[str | Slot, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its slots, in order."""
        return tuple(part for part in self.parts if isinstance(part, Slot))


def read_template(text: str) -> Template:
    """A template from its text. Raises `NotationError`."""
    return Template(tuple(_parts(text)))


def _parts(text: str) -> Iterator[str | Slot]:
    end = 0
    for found in _PART.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        if found.group(1):
            yield Slot(found.group(1), tuple(found.group(2).split("|")[1:]))
        elif found.group() in ("{{", "}}"):
            yield found.group()[0]
        else:
            raise NotationError(f"“{found.group()}” stands alone in “{text}”: write it twice if a brace is meant")
    yield text[end:]


@dataclass(frozen=True)
class Values:
    """What names stand for, and the maps and escapes that a file brings."""

    known: Mapping[str, Any]
    maps: Mapping[str, Mapping[str, Any]]
    escapes: Mapping[str, Mapping[str, str]]

    def also(self, **more: object) -> "Values":
        """The same with more names, without those that are None."""
        return Values({**self.known, **more}, self.maps, self.escapes)

    def of(self, slot: Slot) -> Any:
        """The value for a slot. Raises `NoValueError`."""
        if slot.name not in self.known:
            raise NoValueError(f"{{{slot.name}}} has no value here")
        value = self.known[slot.name]
        for name in slot.filters:
            value = FILTERS[name](value) if name in FILTERS else self._mapped(name, value)
        return value

    def _mapped(self, name: str, value: object) -> Any:
        if name in self.escapes:
            return escaped(written(value), self.escapes[name])
        kept = self.maps[name]
        if str(value) not in kept and "otherwise" not in kept:
            raise NoValueError(f"the map values.{name} has neither “{value}” nor “otherwise”")
        return kept.get(str(value), kept.get("otherwise"))

    def value(self, text: str) -> Any:
        """A template filled in; the value itself, with its kind, where the template is one slot and nothing else."""
        parts = [part for part in read_template(text).parts if part]
        if len(parts) == 1 and isinstance(parts[0], Slot):
            return self.of(parts[0])
        return "".join(part if isinstance(part, str) else written(self.of(part)) for part in parts)

    def text(self, text: str) -> str:
        """A template filled in, as text."""
        return written(self.value(text))

    def way(self, text: str) -> str:
        """A template filled in as a path; values cannot leave their place in it, except an address on its own."""
        parts = [part for part in read_template(text).parts if part]
        if len(parts) == 1 and isinstance(parts[0], Slot):
            return written(self.of(parts[0]))
        return "".join(part if isinstance(part, str) else quote(written(self.of(part)), safe="") for part in parts)

    def deep(self, value: Any) -> Any:
        """Every text in a structure filled in."""
        if isinstance(value, str):
            return self.value(value)
        if isinstance(value, Mapping):
            return {self.text(name): self.deep(one) for name, one in value.items()}
        return [self.deep(one) for one in value] if isinstance(value, list) else value


def escaped(text: str, marks: Mapping[str, str]) -> str:
    """A text with marks replaced, all in one go, the longest first."""
    pattern = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    return re.sub(pattern, lambda found: marks[found.group()], text) if marks else text


def texts(value: Any) -> Iterator[str]:
    """Every text in a structure, names of members too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield name
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def written(value: object) -> str:
    """A value as a desk writes it in a text: `true` and `false` in lower case, nothing for None, lists with commas."""
    if isinstance(value, list | tuple):
        return ",".join(written(one) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
