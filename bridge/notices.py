"""Whom the bridge tells of what, each in a thread that they may read."""

from collections.abc import Collection

from flask import url_for
from flask_babel import lazy_gettext as _l

from bridge.events import (
    InformationGiven,
    InformationRequested,
    QueryAssigned,
    QueryDeclined,
    QueryEvent,
    QueryReceived,
    QueryReopened,
    QueryReplied,
    QueryResolved,
    ThreadJoined,
)
from bridge.queries import queries
from community import public
from community.core.events import Fact, subscribe
from community.public import notify
from community.public import register_notification as register

WHY = _l("You get this mail because it is your question, or you said that you have it too.")
DESK_WHY = _l("You get this mail because you work at the service desk.")

register(
    "query-received",
    _l("A question of yours goes to the service desk"),
    sentence=_l("The service desk has your question now; %(name)s took it there"),
    why=WHY,
    icon="bridge",
)
register(
    "query-news",
    _l("News from the service desk"),
    sentence=_l("%(name)s of the service desk has news"),
    why=WHY,
    icon="bridge",
)
register(
    "query-asked",
    _l("The service desk asks you something"),
    sentence=_l("%(name)s of the service desk cannot go on without a word from you"),
    why=WHY,
    icon="bridge",
)
register(
    "query-resolved",
    _l("The service desk proposes an answer"),
    sentence=_l("%(name)s of the service desk proposes an answer; you decide whether it helps"),
    why=WHY,
    icon="resolved",
)
register(
    "query-declined",
    _l("The service desk cannot take a question on"),
    sentence=_l("%(name)s of the service desk cannot take this on, and says why"),
    why=WHY,
    icon="declined",
)
register(
    "query-reopened",
    _l("A question is worked on again"),
    sentence=_l("The service desk works on it again"),
    why=WHY,
    icon="bridge",
)
register(
    "query-assigned",
    _l("A query is assigned to you"),
    sentence=_l("%(name)s assigned a query to you"),
    why=DESK_WHY,
    icon="desk",
)
register(
    "query-answered",
    _l("The author of your query answered"),
    sentence=_l("%(name)s answered what you asked"),
    why=DESK_WHY,
    icon="desk",
)

TO_AFFECTED = {
    QueryReplied.name: "query-news",
    QueryResolved.name: "query-resolved",
    QueryDeclined.name: "query-declined",
    QueryReopened.name: "query-reopened",
}


@subscribe(QueryReceived)
def tell_of_receipt(event: QueryReceived, fact: Fact) -> None:
    """Everybody affected knows that the desk has it."""
    _tell_affected(event, fact, "query-received", event.thread_ids)


@subscribe(ThreadJoined)
def tell_of_joining(event: ThreadJoined, fact: Fact) -> None:
    """People of the thread that joined know that the desk has it."""
    _tell_affected(event, fact, "query-received", [event.thread_id])


@subscribe(QueryReplied, QueryResolved, QueryDeclined, QueryReopened)
def tell_of_news(event: QueryEvent, fact: Fact) -> None:
    """Everybody affected hears what the desk says."""
    _tell_affected(event, fact, TO_AFFECTED[event.name], event.thread_ids)


@subscribe(InformationRequested)
def tell_of_question(event: InformationRequested, fact: Fact) -> None:
    """The authors know that the clock stands still until they answer."""
    for thread in public.thread_snapshots(event.thread_ids).values():
        notify(
            fact.id,
            "query-asked",
            [thread.author.id],
            thread.title,
            thread.url,
            event.actor_id,
            thread_id=thread.id,
        )


@subscribe(QueryAssigned)
def tell_of_assignment(event: QueryAssigned, fact: Fact) -> None:
    """Whoever is responsible now knows it."""
    _tell_desk(event, fact, "query-assigned", event.assignee_id)


@subscribe(InformationGiven)
def tell_of_answer(event: InformationGiven, fact: Fact) -> None:
    """Whoever asked knows that the clock runs again."""
    query = queries.known(event.query_id)
    if query.assignee_id is not None:
        _tell_desk(event, fact, "query-answered", query.assignee_id)


def _tell_affected(event: QueryEvent, fact: Fact, kind: str, thread_ids: Collection[int]) -> None:
    for thread in public.thread_snapshots(thread_ids).values():
        readers = public.readers_of(thread.id, public.affected_members([thread.id]))
        notify(fact.id, kind, readers, thread.title, thread.url, event.actor_id, thread_id=thread.id)


def _tell_desk(event: QueryEvent, fact: Fact, kind: str, member_id: int) -> None:
    query = queries.known(event.query_id)
    url = url_for("desk.query", query_id=query.id)
    notify(fact.id, kind, [member_id], query.title, url, event.actor_id)
