"""Facts about what an import brought in. Nothing is mailed or notified for their sake."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class VotesImported(Event):
    """More votes came in for a post. They have no voters; the fact's time is that of the last."""

    name = "importing.votes.imported"
    subject = "post_id"
    post_id: int
    thread_id: int
    author_id: int
    helpful: int
    unhelpful: int


@dataclass(frozen=True, kw_only=True)
class AcceptanceImported(Event):
    """An answer came in that its asker had accepted; the fact's time is when that was."""

    name = "importing.acceptance.imported"
    subject = "thread_id"
    thread_id: int
    post_id: int
    asker_id: int
    solver_id: int


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
