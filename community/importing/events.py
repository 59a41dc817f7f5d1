"""Facts about what an import brought in. Nothing is mailed or notified for their sake."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class VotesImported(Event):
    """Votes of one day came in for a post. They have no voters; the fact's time is that day's beginning (UTC).

    There may be as many as there were votes: subscribe to `ThreadImported`, which follows them, and read these.
    """

    name = "importing.votes.imported"
    subject = "thread_id"
    post_id: int
    thread_id: int
    author_id: int
    helpful: int
    unhelpful: int


@dataclass(frozen=True, kw_only=True)
class AcceptanceImported(Event):
    """An answer came in that its asker had accepted; the fact's time is when that was. `ThreadImported` follows."""

    name = "importing.acceptance.imported"
    subject = "thread_id"
    thread_id: int
    post_id: int
    asker_id: int
    solver_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadImported(Event):
    """A thread came in, or more of its posts and votes did: all of it is in its place now. `post_id` opens it."""

    name = "importing.thread.imported"
    subject = "thread_id"
    thread_id: int
    post_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class CommunityImported(Event):
    """A run of an import came to its end and had brought something in."""

    name = "importing.community.imported"
    subject = "space_id"
    space_id: int
    source: str
    threads: int
    replies: int
    members: int
