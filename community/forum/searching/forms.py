"""The form that narrows a search: it fills the same operators that may be typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from community.core.markup import clean_text
from community.core.search.query import Query, parse_query, written
from community.spaces.models import Space

from .queries import KINDS, PARTS, state_words

LONGEST = 100


@dataclass(frozen=True)
class Narrowing:
    """What the form shows: its words, and what may be chosen, as pairs of value and word."""

    query: Query
    words: str
    without: str
    tags: str
    spaces: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    states: list[tuple[str, str]]


def narrowing(query: Query, spaces: Iterable[Space]) -> Narrowing:
    """The form as the query fills it."""
    return Narrowing(
        query=query,
        words=written(Query("", terms=query.terms, phrases=query.phrases)),
        without=" ".join(f'"{one}"' if " " in one else one for one in query.excluded),
        tags=", ".join(query.tags),
        spaces=[(space.slug, space.name) for space in spaces],
        kinds=[(key, str(word)) for key, word in {**KINDS, **PARTS}.items()],
        states=[(key, str(word)) for key, word in state_words().items()],
    )


def composed(given: Mapping[str, str]) -> str:
    """The query that a filled form says; what cannot be read is left out."""

    def field(name: str) -> str:
        return " ".join(clean_text(given.get(name, "")).replace('"', " ").split())[:LONGEST]

    unwanted = parse_query(clean_text(given.get("without", ""))[:LONGEST])
    query = replace(
        parse_query(clean_text(given.get("q", ""))[:200]),
        excluded=(*unwanted.terms, *unwanted.phrases, *unwanted.excluded),
        space=field("space") or None,
        type=field("kind") or None,
        state=field("state") or None,
        by=field("author").lstrip("@") or None,
        tags=tuple(dict.fromkeys(tag for part in field("tag").split(",") if (tag := part.strip(" #")))),
        in_title=bool(field("title")),
        after=_day(field("after")),
        before=_day(field("before")),
    )
    return written(query)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
