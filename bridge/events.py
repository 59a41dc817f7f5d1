"""Facts of the bridge."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class QueryEvent(Event):
    """What all facts about a query carry: the query, and the threads that travel with it."""

    subject = "query_id"
    query_id: int
    thread_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class QueryReceived(QueryEvent):
    """A thread was taken to the service desk. `actor_id` took it there."""

    name = "bridge.query.received"
    query_class: str


@dataclass(frozen=True, kw_only=True)
class ThreadJoined(QueryEvent):
    """One more thread travels with a query."""

    name = "bridge.thread.joined"
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class QueryAcknowledged(QueryEvent):
    """The desk has read and understood it."""

    name = "bridge.query.acknowledged"


@dataclass(frozen=True, kw_only=True)
class QueryReclassified(QueryEvent):
    """The class it came with was wrong."""

    name = "bridge.query.reclassified"
    from_class: str
    to_class: str


@dataclass(frozen=True, kw_only=True)
class QueryAssigned(QueryEvent):
    """Somebody at the desk is responsible for it now."""

    name = "bridge.query.assigned"
    assignee_id: int


@dataclass(frozen=True, kw_only=True)
class InformationRequested(QueryEvent):
    """The desk cannot go on without a word from the author; the clock stands still."""

    name = "bridge.information.requested"


@dataclass(frozen=True, kw_only=True)
class AuthorReminded(QueryEvent):
    """A question of the desk's has not been answered for days."""

    name = "bridge.author.reminded"


@dataclass(frozen=True, kw_only=True)
class InformationGiven(QueryEvent):
    """The author answered; the clock runs again."""

    name = "bridge.information.given"


@dataclass(frozen=True, kw_only=True)
class QueryReplied(QueryEvent):
    """The desk gave news."""

    name = "bridge.query.replied"


@dataclass(frozen=True, kw_only=True)
class QueryResolved(QueryEvent):
    """The desk proposed an answer in every thread that travels with it."""

    name = "bridge.query.resolved"


@dataclass(frozen=True, kw_only=True)
class QueryDeclined(QueryEvent):
    """The desk cannot take it on, and said why."""

    name = "bridge.query.declined"


@dataclass(frozen=True, kw_only=True)
class QueryReopened(QueryEvent):
    """It is worked on again."""

    name = "bridge.query.reopened"


@dataclass(frozen=True, kw_only=True)
class QueryClosed(QueryEvent):
    """Nothing more is expected of anybody."""

    name = "bridge.query.closed"
