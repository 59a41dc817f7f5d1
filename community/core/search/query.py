"""What a member types into the search box: words, "phrases" and filters."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from .analyzer import Word, query_phrase, query_words

MAX_LENGTH = 200
MAX_TERMS = 20

_QUOTES = str.maketrans("\u201c\u201d\u201e\u300c\u300d\uff02", '""""""')
_PIECE = re.compile(
    r'(?P<name>[A-Za-z]+)[:\uff1a](?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]+))|(?P<without>-)?"(?P<phrase>[^"]*)"|[^\s"]+'
)
_SOLVED = {"solved": True, "unsolved": False}
_NAMES = {"author": "by", "kind": "type"}
_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; `text` is what was typed, cleaned and cut to 200 characters.

    `space` is the raw slug: the caller narrows the Reader by it. `type` is a kind of document or of thread. Hits hold
    nothing of `excluded`, words or phrases; they are of the day `after` or later, and older than the day `before`, in
    UTC. With `in_title` all words stand in the title.
    """

    text: str
    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    space: str | None = None
    tags: tuple[str, ...] = ()
    solved: bool | None = None
    by: str | None = None
    type: str | None = None
    state: str | None = None
    excluded: tuple[str, ...] = ()
    in_title: bool = False
    after: date | None = None
    before: date | None = None

    @property
    def words(self) -> str:
        """What is looked for, without quotes and filters."""
        return " ".join((*self.terms, *self.phrases))

    @property
    def is_empty(self) -> bool:
        """Whether neither a word nor a filter is left."""
        return not (self.terms or self.phrases or self.is_narrowed)

    @property
    def is_narrowed(self) -> bool:
        """Whether there is a filter that finds something by itself."""
        filters = (self.space, self.by, self.type, self.solved, self.state, self.after, self.before)
        return bool(self.tags) or any(value is not None for value in filters)


def _clean(text: str) -> str:
    kept = (" " if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character for character in text)
    return " ".join("".join(kept).translate(_QUOTES).split())[:MAX_LENGTH].strip()


def _day(value: str) -> date | None:
    """Return the day of `2026`, `2026-3` or `2026-03-31`, the first of what is left open; None when it is no day."""
    found = _DAY.fullmatch(value)
    try:
        return date(*(int(part or 1) for part in found.groups())) if found else None
    except ValueError:
        return None


def _filter(name: str, value: str) -> dict[str, str | bool | date]:
    """Return the named filter as a field of Query, or nothing when it is not one."""
    value, name = value.strip().casefold(), _NAMES.get(name, name)
    if name == "is" and value in _SOLVED:
        return {"solved": _SOLVED[value]}
    if name == "in" and value == "title":
        return {"in_title": True}
    if name in {"after", "before"} and (day := _day(value)):
        return {name: day}
    if name in {"space", "by", "type", "tag", "state"} and value:
        return {name: value.removeprefix("@") if name == "by" else value.removeprefix("#")}
    return {}


def _excluded(piece: re.Match[str]) -> str:
    """Return what hits must not hold, "" when the piece asks for something."""
    if piece["without"]:
        return str(piece["phrase"]).strip()
    word = piece.group()
    return word[1:] if piece["phrase"] is None and word[:1] == "-" and word[1:2].isalnum() else ""


def parse_query(text: str) -> Query:
    """Parse what was typed; never raises.

    Known filters are `space: tag: author: kind: state: in:title after: before: is:solved is:unsolved`, with `by:` and
    `type:` as other names; `tag:` may be repeated, of the others the last counts; a value with spaces is quoted. A
    word or phrase after `-` is excluded. Anything else is words. At most 200 characters and 20 words are read.
    """
    cleaned = _clean(text[: MAX_LENGTH * 10])
    terms: list[str] = []
    phrases: list[str] = []
    tags: list[str] = []
    excluded: list[str] = []
    fields: dict[str, str | bool | date] = {}
    for piece in _PIECE.finditer(cleaned):
        found = _filter((piece["name"] or "").lower(), piece["quoted"] or piece["value"] or "")
        if found:
            tags += [str(found.pop("tag"))] if "tag" in found else []
            fields |= found
        elif len(terms) + len(phrases) + len(excluded) >= MAX_TERMS:
            continue
        elif without := _excluded(piece):
            excluded.append(without)
        elif piece["phrase"] is None:
            terms.append(piece.group().replace('"', " ").strip())
        elif piece["phrase"].strip() and not piece["without"]:
            phrases.append(piece["phrase"].strip())
    return Query(
        text=cleaned,
        terms=tuple(terms),
        phrases=tuple(dict.fromkeys(phrases)),
        tags=tuple(dict.fromkeys(tags)),
        excluded=tuple(dict.fromkeys(excluded)),
        **fields,  # type: ignore[arg-type]
    )


def _valued(name: str, value: str) -> str:
    return f'{name}:"{value}"' if " " in value else f"{name}:{value}"


def _short(day: date) -> str:
    return f"{day.year:04}" if (day.month, day.day) == (1, 1) else day.isoformat()


def written(query: Query) -> str:
    """Return the text by which the query is asked again; filters stand after the words, in a fixed order."""
    named = (("space", query.space), ("kind", query.type), ("state", query.state), ("author", query.by))
    solved = {True: ["is:solved"], False: ["is:unsolved"], None: []}[query.solved]
    days = (("after", query.after), ("before", query.before))
    parts = [
        *query.terms,
        *(f'"{phrase}"' for phrase in query.phrases),
        *(f'-"{words}"' if " " in words else f"-{words}" for words in query.excluded),
        *(_valued(name, value) for name, value in named if value is not None),
        *solved,
        *(_valued("tag", tag) for tag in query.tags),
        *(["in:title"] if query.in_title else []),
        *(f"{name}:{_short(day)}" for name, day in days if day is not None),
    ]
    return " ".join(parts)


def required_words(query: Query) -> list[Word]:
    """Return what every hit must hold: each word in any of its ways, each phrase as it is; never raises."""
    phrases = [(phrase,) for phrase in map(query_phrase, query.phrases) if phrase]
    return [*query_words(" ".join(query.terms)), *phrases]


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in UTC."""
    return datetime.combine(day, time(), UTC)


def moment(day: date | None) -> int | None:
    """Return the same in Unix time."""
    return None if day is None else int(midnight(day).timestamp())


def excluded_words(query: Query) -> list[Word]:
    """Return what no hit may hold, each word in any of its ways, each phrase as it is; never raises."""
    found: list[Word] = []
    for text in query.excluded:
        words, phrase = query_words(text), query_phrase(text)
        found += words if len(words) == 1 else [(phrase,)] if phrase else []
    return found
