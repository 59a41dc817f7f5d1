"""What a member types into the search box: words, "phrases" and filters."""

import re
import unicodedata
from dataclasses import dataclass

from .analyzer import Word, query_phrase, query_words

MAX_LENGTH = 200
MAX_TERMS = 20

_QUOTES = str.maketrans("\u201c\u201d\u201e\u300c\u300d\uff02", '""""""')
_PIECE = re.compile(
    r'(?P<name>[A-Za-z]+)[:\uff1a](?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]+))|"(?P<phrase>[^"]*)"|[^\s"]+'
)
_SOLVED = {"solved": True, "unsolved": False}


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; `text` is what was typed, cleaned and cut to 200 characters.

    `space` is the raw slug: the caller narrows the Reader by it. `type` is a kind of document or of thread.
    """

    text: str
    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    space: str | None = None
    tags: tuple[str, ...] = ()
    solved: bool | None = None
    by: str | None = None
    type: str | None = None

    @property
    def words(self) -> str:
        """What is looked for, without quotes and filters."""
        return " ".join((*self.terms, *self.phrases))

    @property
    def is_empty(self) -> bool:
        """Whether neither a word nor a filter is left."""
        filters = (self.space, self.by, self.type, self.solved)
        return not (self.terms or self.phrases or self.tags) and all(value is None for value in filters)


def _clean(text: str) -> str:
    kept = (" " if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character for character in text)
    return " ".join("".join(kept).translate(_QUOTES).split())[:MAX_LENGTH].strip()


def _filter(name: str, value: str) -> dict[str, str | bool]:
    """Return the named filter as a field of Query, or nothing when it is not one."""
    value = value.strip().casefold()
    if name == "is" and value in _SOLVED:
        return {"solved": _SOLVED[value]}
    if name in {"space", "by", "type", "tag"} and value:
        return {name: value.removeprefix("@") if name == "by" else value.removeprefix("#")}
    return {}


def parse_query(text: str) -> Query:
    """Parse what was typed; never raises.

    Known filters are `space: tag: is:solved is:unsolved by: type:`; `tag:` may be repeated, of the others the
    last counts; a value with spaces is quoted. Anything else is words. At most 200 characters and 20 words
    are read.
    """
    cleaned = _clean(text[: MAX_LENGTH * 10])
    terms: list[str] = []
    phrases: list[str] = []
    tags: list[str] = []
    fields: dict[str, str | bool] = {}
    for piece in _PIECE.finditer(cleaned):
        found = _filter((piece["name"] or "").lower(), piece["quoted"] or piece["value"] or "")
        if found:
            tags += [str(found.pop("tag"))] if "tag" in found else []
            fields |= found
        elif len(terms) + len(phrases) < MAX_TERMS:
            if piece["phrase"] is None:
                terms.append(piece.group().replace('"', " ").strip())
            elif piece["phrase"].strip():
                phrases.append(piece["phrase"].strip())
    return Query(
        text=cleaned,
        terms=tuple(terms),
        phrases=tuple(dict.fromkeys(phrases)),
        tags=tuple(dict.fromkeys(tags)),
        **fields,  # type: ignore[arg-type]
    )


def required_words(query: Query) -> list[Word]:
    """Return what every hit must hold: each word in any of its ways, each phrase as it is; never raises."""
    phrases = [(phrase,) for phrase in map(query_phrase, query.phrases) if phrase]
    return [*query_words(" ".join(query.terms)), *phrases]
