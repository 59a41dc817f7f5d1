"""What is known of a thread at one moment, as rules look at it. Pure."""

from dataclasses import dataclass
from datetime import datetime

QUESTION = "question"
# A thread in one of these states waits for somebody; in all others no rule has anything to say.
WAITING_STATES = frozenset({"open", "answered"})


@dataclass(frozen=True)
class Proposal:
    """A super user asked the desk to take the thread."""

    by_id: int
    at: datetime


@dataclass(frozen=True)
class Evidence:
    """What is known of a thread now; nothing in it lies in the future but the two `_until`.

    `first_reply_at` is the first reply of somebody else than the author. `text` is the title and the author's own
    words. `service` is the space's, by its name in the catalogue; `organisation` and `service_level` are the author's
    now, "" where there is none, and never told to other customers. `have_too_at` and `proposals` are sorted by time.
    `noticed` says of rules (by key) that speak for promotion since when people have been told so; `dismissed_at` is
    when staff last said that it stays in the community.
    """

    thread_id: int
    space_id: int
    created_at: datetime
    kind: str = QUESTION
    state: str = "open"
    text: str = ""
    tags: tuple[str, ...] = ()
    service: str = ""
    author_id: int = 0
    organisation: str = ""
    service_level: str = ""
    first_question: bool = False
    nobody_on_duty: bool = False
    suggested_class: str = ""
    first_reply_at: datetime | None = None
    accepted_at: datetime | None = None
    have_too_at: tuple[datetime, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    has_query: bool = False
    claimed_until: datetime | None = None
    held_until: datetime | None = None
    dismissed_at: datetime | None = None
    noticed: tuple[tuple[str, datetime], ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody still waits for an answer that the desk has not been asked for."""
        return self.state in WAITING_STATES and self.accepted_at is None and not self.has_query
