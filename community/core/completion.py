"""What the composer offers while somebody types: each package brings sources of its own, under a sign."""

from collections.abc import Callable
from dataclasses import dataclass

from .policies import Actor

MOST = 8  # suggestions at once
SIGNS_OF_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "[]\\*_`<"})


@dataclass(frozen=True)
class Suggestion:
    """One thing to choose: what is put into the text, what it is called, and a word more."""

    text: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Source:
    """Suggestions of one kind. `find` gets who asks, what was typed after the sign, and the slug of the space or ""."""

    name: str
    sign: str
    find: Callable[[Actor, str, str], list[Suggestion]]


_sources: dict[str, Source] = {}


def add_source(source: Source) -> None:
    """Offer suggestions of a kind in every composer. Raises `ValueError` for a sign that another kind has."""
    if any(known.sign == source.sign and known.name != source.name for known in _sources.values()):
        raise ValueError(f"the sign {source.sign} is taken")
    _sources[source.name] = source


def source(name: str) -> Source | None:
    """The kind of this name."""
    return _sources.get(name)


def signs() -> dict[str, str]:
    """The name of each kind by its sign."""
    return {known.sign: known.name for known in _sources.values()}


def link(label: str, url: str) -> str:
    """A link as it is written in a text; signs in the label mean themselves."""
    return f"[{label.translate(SIGNS_OF_MARKDOWN)}]({url})"
