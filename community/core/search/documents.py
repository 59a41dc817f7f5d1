"""What goes into the search index and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime

Key = tuple[str, int]
"""A document's identity: its kind and its id."""

KINDS = frozenset({"thread", "post", "article"})
TYPE_TAG = "type:"
STATE_TAG = "state:"
_MARKS = (TYPE_TAG, STATE_TAG)


class SearchUnusableError(RuntimeError):
    """The index cannot be read or written; the message is one line for an operator."""


class SearchBusyError(SearchUnusableError):
    """Another writer holds the index; the same call may succeed later."""


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable text.

    `kind` is "thread", "post" or "article"; `audience` is "public", "members" or "staff"; `solved` is None
    where it does not apply; `at` is aware or UTC; `weight` (1.0 is usual) multiplies the score. A tag that
    starts with "type:" or "state:" is not searched as text but answers a filter, such as `kind:question`; the tags
    of a post are those of its thread, which is found by them, so they answer filters only.
    """

    kind: str
    id: int
    thread_id: int | None
    space_id: int | None
    audience: str
    title: str
    body: str
    tags: tuple[str, ...]
    author: str
    solved: bool | None
    at: datetime
    weight: float

    @property
    def key(self) -> Key:
        """The document's identity."""
        return (self.kind, self.id)

    @property
    def labels(self) -> str:
        """The tags that are searched as text."""
        return "" if self.kind == "post" else " ".join(tag for tag in self.tags if not tag.startswith(_MARKS))


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document; a higher score is better, scores of two searches cannot be compared."""

    kind: str
    id: int
    thread_id: int | None
    score: float

    @property
    def key(self) -> Key:
        """The found document's identity."""
        return (self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits, the number of all of them and, when they are few, a better spelling of the query."""

    total: int
    hits: tuple[Hit, ...]
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reader may see: spaces by id and audiences by name.

    A document with a space needs both its space and its audience allowed; one without, its audience alone.
    """

    space_ids: frozenset[int]
    audiences: frozenset[str]
