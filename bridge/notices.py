"""Whom the bridge tells of what, each in a thread that they may read."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from bridge.events import (
    AuthorReminded,
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
from bridge.queries.policies import can_work
from community import public
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.public import ThreadSnapshot

WHY = _l("You get this mail because it is your question, or you said that you have it too.")
DESK_WHY = _l("You get this mail because you work at the service desk.")

# (kind, what people choose by, what a piece of news says, icon)
FOR_AFFECTED = (
    (
        "query-received",
        _l("A question of yours goes to the service desk"),
        _l("The service desk has your question now; %(name)s took it there"),
        "bridge",
    ),
    ("query-news", _l("News from the service desk"), _l("%(name)s of the service desk has news"), "bridge"),
    (
        "query-asked",
        _l("The service desk asks you something"),
        _l("%(name)s of the service desk cannot go on without a word from you"),
        "bridge",
    ),
    (
        "query-reminder",
        _l("The service desk still waits for your answer"),
        _l("The service desk still waits for your answer, and closes the query if none comes"),
        "clock",
    ),
    (
        "query-resolved",
        _l("The service desk proposes an answer"),
        _l("%(name)s of the service desk proposes an answer; you decide whether it helps"),
        "resolved",
    ),
    (
        "query-declined",
        _l("The service desk cannot take a question on"),
        _l("%(name)s of the service desk cannot take this on, and says why"),
        "declined",
    ),
    ("query-reopened", _l("A question is worked on again"), _l("The service desk works on it again"), "bridge"),
)
FOR_DESK = (
    ("query-assigned", _l("A query is assigned to you"), _l("%(name)s assigned a query to you"), "desk"),
    ("query-answered", _l("The author of your query answered"), _l("%(name)s answered what you asked"), "desk"),
)


def _at_the_desk(actor: Actor, facts: Mapping[int, Mapping[str, Any]]) -> Collection[int]:
    return facts if can_work(actor) else ()


for _kind, _label, _sentence, _icon in FOR_AFFECTED:
    public.register_notification(_kind, _label, sentence=_sentence, why=WHY, icon=_icon, group="desk")
for _kind, _label, _sentence, _icon in FOR_DESK:
    public.register_notification(
        _kind, _label, sentence=_sentence, why=DESK_WHY, icon=_icon, reads=_at_the_desk, group="desk"
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
    _tell(event, fact, "query-asked", event.thread_ids, lambda thread: [thread.author.id])


@subscribe(AuthorReminded)
def tell_again_of_question(event: AuthorReminded, fact: Fact) -> None:
    """The authors hear once more, by mail unless they chose otherwise for reminders."""
    _tell(event, fact, "query-reminder", event.thread_ids, lambda thread: [thread.author.id])


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
    _tell(event, fact, kind, thread_ids, lambda thread: public.affected_members([thread.id]))


def _tell(
    event: QueryEvent,
    fact: Fact,
    kind: str,
    thread_ids: Collection[int],
    whom: Callable[[ThreadSnapshot], Collection[int]],
) -> None:
    for thread in public.thread_snapshots(thread_ids).values():
        readers = public.readers_of(thread.id, whom(thread))
        public.notify(fact.id, kind, readers, thread.title, thread.url, event.actor_id, thread_id=thread.id)


def _tell_desk(event: QueryEvent, fact: Fact, kind: str, member_id: int) -> None:
    query = queries.known(event.query_id)
    url = url_for("desk.query", query_id=query.id)
    public.notify(fact.id, kind, [member_id], query.title, url, event.actor_id)
