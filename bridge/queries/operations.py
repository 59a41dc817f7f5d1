"""What the desk does with a query, every step on the record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bridge.events import (
    AuthorReminded,
    InformationGiven,
    InformationRequested,
    QueryAcknowledged,
    QueryAssigned,
    QueryClosed,
    QueryDeclined,
    QueryReclassified,
    QueryReopened,
    QueryReplied,
    QueryResolved,
)
from bridge.triage.priorities import priority_of, targets_of
from community import public
from community.core import events
from community.core.db import db, utcnow
from community.core.markup import render
from community.public import StoredFile

from . import queries
from .models import Query, QueryStep, QueryThread, Status, StepKind, suspicious

# The files of words, for each thread in which they are shown.
Files = Mapping[int, Sequence[StoredFile]]


def acknowledge(query: Query, *, by_id: int, text: str = "", at: datetime | None = None) -> None:
    """Say that the query was read and understood, with words of one's own or without."""
    moment = at or utcnow()
    query.acknowledged_at = query.acknowledged_at or moment
    query.status = Status.IN_PROGRESS
    if text:
        _post(query, by_id, text, moment)
    query.give_news(moment)
    record(query, StepKind.ACKNOWLEDGED, by_id, moment, text=text, public=True)
    events.record(QueryAcknowledged(**_about(query, by_id)), at=moment)
    changed(query, moment)


def classify(query: Query, query_class: str, *, by_id: int, reason: str = "", at: datetime | None = None) -> None:
    """Confirm the class, or give it the right one; a wrong one is counted. Threats are restricted before all else."""
    moment = at or utcnow()
    if suspicious(query_class):
        restrict(query, by_id=by_id)
    before = query.query_class
    query.acknowledged_at = query.acknowledged_at or moment
    if before == query_class:
        record(query, StepKind.CLASSIFIED, by_id, moment, text=reason, to_value=query_class)
    else:
        query.query_class = query_class
        query.retarget(targets_of(query.priority, before), targets_of(query.priority, query_class))
        query.reclassified_count += 1
        record(query, StepKind.RECLASSIFIED, by_id, moment, text=reason, from_value=before, to_value=query_class)
        events.record(QueryReclassified(**_about(query, by_id), from_class=before, to_class=query_class), at=moment)
    changed(query, moment)


def restrict(query: Query, *, by_id: int | None) -> None:
    """Show the query and all threads that ever travelled with it to their authors and the desk only."""
    for link in query.links:
        restrict_thread(link.thread_id, by_id=by_id)
    query.restricted = True


def restrict_thread(thread_id: int, *, by_id: int | None) -> None:
    """Show a thread to its author and the desk only, and with it the queries that it alone became."""
    public.restrict_thread(thread_id, by_id=by_id)
    for query in queries.active_queries_of(thread_id):
        query.restricted = query.restricted or len(query.links) == 1


def show_again(query: Query, reason: str, *, by_id: int, at: datetime | None = None) -> None:
    """Undo what restricted the query and its threads: somebody looked, and it is no threat.

    The other queries of these threads, which were restricted with them, are shown again too. Raises `ValueError` where
    one of those is a threat itself.
    """
    others = {one.id: one for link in query.links for one in queries.active_queries_of(link.thread_id)}
    if any(suspicious(one.query_class) for one in others.values()):
        raise ValueError("another query of these threads is a threat")
    moment = at or utcnow()
    for link in query.links:
        public.unrestrict_thread(link.thread_id, by_id=by_id)
    for one in (query, *others.values()):
        one.restricted = False
    record(query, StepKind.SHOWN_AGAIN, by_id, moment, text=reason)
    changed(query, moment)


def assign(query: Query, assignee_id: int, *, by_id: int, at: datetime | None = None) -> None:
    """Make somebody responsible; work has begun then. Who is responsible already stays so."""
    if query.assignee_id == assignee_id:
        return
    moment = at or utcnow()
    before = query.assignee_id
    query.assignee_id = assignee_id
    query.started_at = query.started_at or moment
    query.acknowledged_at = query.acknowledged_at or moment
    if query.status == Status.NEW:
        query.status = Status.IN_PROGRESS
    record(
        query,
        StepKind.ASSIGNED,
        by_id,
        moment,
        from_value=str(before or ""),
        to_value=str(assignee_id),
    )
    events.record(QueryAssigned(**_about(query, by_id), assignee_id=assignee_id), at=moment)
    changed(query, moment)


def ask(query: Query, text: str, *, by_id: int, at: datetime | None = None, files: Files | None = None) -> list[int]:
    """Ask the author something, in the thread; the clock stands still until the answer. The ids of the posts."""
    moment = at or utcnow()
    posts = _post(query, by_id, text, moment, files)
    query.give_news(moment)
    query.acknowledged_at = query.acknowledged_at or moment
    query.wait(moment)
    record(query, StepKind.ASKED, by_id, moment, text=text, public=True)
    events.record(InformationRequested(**_about(query, by_id)), at=moment)
    changed(query, moment)
    return posts


def stand_still(query: Query, *, by_id: int, at: datetime | None = None) -> None:
    """The desk waits for the author, and said so without words."""
    moment = at or utcnow()
    query.wait(moment)
    record(query, StepKind.ASKED, by_id, moment, public=True)
    events.record(InformationRequested(**_about(query, by_id)), at=moment)
    changed(query, moment)


def remind(query: Query, *, at: datetime | None = None) -> None:
    """The author is asked once more, in whatever way they chose to hear of reminders."""
    moment = at or utcnow()
    record(query, StepKind.REMINDED, None, moment, public=True)
    events.record(AuthorReminded(**_about(query, None)), at=moment)


def stop_waiting(query: Query, text: str, *, by_id: int, at: datetime | None = None) -> None:
    """Nobody answered: say so in the threads and close the query."""
    moment = at or utcnow()
    _post(query, by_id, text, moment)
    close(query, by_id=None, at=moment)


def go_on(query: Query, *, by_id: int, at: datetime | None = None) -> None:
    """The desk no longer waits for the author."""
    moment = at or utcnow()
    query.go_on(moment)
    record(query, StepKind.WORKED_ON, by_id, moment, public=True)
    changed(query, moment)


def hear(query: Query, *, by_id: int, at: datetime | None = None) -> None:
    """The author answered: go on."""
    moment = at or utcnow()
    query.go_on(moment)
    record(query, StepKind.ANSWERED, by_id, moment, public=True)
    events.record(InformationGiven(**_about(query, by_id)), at=moment)
    changed(query, moment)


def reply(query: Query, text: str, *, by_id: int, at: datetime | None = None, files: Files | None = None) -> list[int]:
    """Give news in every thread that travels with the query, under the agent's name. The ids of the posts."""
    moment = at or utcnow()
    posts = _post(query, by_id, text, moment, files)
    query.give_news(moment)
    if query.status == Status.NEW:
        query.status = Status.IN_PROGRESS
        query.acknowledged_at = query.acknowledged_at or moment
    record(query, StepKind.REPLIED, by_id, moment, text=text, public=True)
    events.record(QueryReplied(**_about(query, by_id)), at=moment)
    changed(query, moment)
    return posts


def note(query: Query, text: str, *, by_id: int, at: datetime | None = None) -> None:
    """Write something that never leaves the desk."""
    record(query, StepKind.NOTED, by_id, at or utcnow(), text=text)


def promise_news(query: Query, when: datetime, *, by_id: int, at: datetime | None = None) -> None:
    """Tell people when they will hear again."""
    moment = at or utcnow()
    query.next_news_at = when
    record(query, StepKind.NEWS_PROMISED, by_id, moment, to_value=when.isoformat(timespec="minutes"))
    changed(query, moment)


def weigh(query: Query, impact: int, urgency: int, *, by_id: int, at: datetime | None = None) -> None:
    """Change impact and urgency; priority and targets follow."""
    moment = at or utcnow()
    before, times = f"{query.impact} x {query.urgency}", targets_of(query.priority, query.query_class)
    query.impact, query.urgency = impact, urgency
    query.priority = priority_of(impact, urgency)
    query.retarget(times, targets_of(query.priority, query.query_class))
    record(query, StepKind.WEIGHED, by_id, moment, from_value=before, to_value=f"{impact} x {urgency}")
    changed(query, moment)


def mark_major(query: Query, *, major: bool, by_id: int, at: datetime | None = None) -> None:
    """Show the query to everybody as something that is not working right now, or no longer."""
    moment = at or utcnow()
    if query.major == major:
        return
    query.major = major
    record(query, StepKind.MAJOR if major else StepKind.NOT_MAJOR, by_id, moment)
    changed(query, moment)


def resolve(
    query: Query,
    text: str,
    *,
    by_id: int,
    at: datetime | None = None,
    said_in: Collection[int] = (),
    files: Files | None = None,
) -> list[int]:
    """Propose the answer in every thread that travels with the query; their authors decide. The ids of the posts.

    Where it was said before, the posts `said_in` become the proposed answer and nothing is said twice.
    """
    moment = at or utcnow()
    said = public.thread_ids_of_posts(said_in)
    for link in _active(query):
        if link.thread_id in said:
            link.answer_post_id = said[link.thread_id] if link.topic else public.propose(said[link.thread_id])
        else:
            link.answer_post_id = public.reply_from_desk(
                link.thread_id,
                author_id=by_id,
                body=text,
                proposed=not link.topic,
                at=moment,
                files=(files or {}).get(link.thread_id, ()),
            )
        _show_state(link, public.State.RESOLVED)
    query.give_news(moment)
    query.end_waiting(moment)
    query.status, query.resolved_at, query.resolution_text = Status.RESOLVED, moment, text
    query.acknowledged_at = query.acknowledged_at or moment
    query.started_at = query.started_at or moment
    record(query, StepKind.RESOLVED, by_id, moment, text=text, public=True)
    events.record(QueryResolved(**_about(query, by_id)), at=moment)
    changed(query, moment)
    return [link.answer_post_id for link in _active(query) if link.answer_post_id is not None]


def decline(query: Query, reason: str, *, by_id: int, at: datetime | None = None, files: Files | None = None) -> None:
    """Say why the desk cannot take it on; the threads are free to look for help elsewhere."""
    moment = at or utcnow()
    _post(query, by_id, reason, moment, files)
    query.give_news(moment)
    query.end_waiting(moment)
    query.status, query.decline_reason = Status.DECLINED, reason
    query.closed_at = moment
    record(query, StepKind.DECLINED, by_id, moment, text=reason, public=True)
    events.record(QueryDeclined(**_about(query, by_id)), at=moment)
    for link in _active(query):
        _show_state(link, public.State.DECLINED)
        link.active = False
    changed(query, moment)


def close(query: Query, *, by_id: int | None, at: datetime | None = None) -> None:
    """Nothing more is expected of anybody: the answer was accepted, or has stood long enough."""
    moment = at or utcnow()
    record(query, StepKind.CLOSED, by_id, moment, from_value=query.status)
    events.record(QueryClosed(**_about(query, by_id)), at=moment)
    for link in _active(query):
        _show_state(link, public.State.RESOLVED if link.answer_post_id else None)
        link.active = False
    query.end_waiting(moment)
    query.status, query.closed_at, query.major = Status.CLOSED, moment, False
    changed(query, moment)


def note_peer_answer(query: Query, *, by_id: int, at: datetime | None = None) -> None:
    """Tell the desk that the community's own answer was accepted, so that it can close the query."""
    query.peer_answer = True
    record(query, StepKind.PEER_ANSWER, by_id, at or utcnow(), public=True)


def reopen(query: Query, *, by_id: int, reason: str = "", at: datetime | None = None) -> None:
    """Work on it again, from now on with fresh targets; threads that found another query meanwhile stay there."""
    moment = at or utcnow()
    before = query.status
    taken = _taken_elsewhere(query)
    times = targets_of(query.priority, query.query_class)
    query.resolution_due_at = moment + times.resolution
    query.first_news_at, query.first_news_due_at = None, moment + times.first_news
    query.status, query.resolved_at, query.closed_at = Status.IN_PROGRESS, None, None
    query.peer_answer, query.next_news_at = False, None
    query.reopen_count += 1
    for link in query.links:
        link.active = bool(link.topic) or link.thread_id not in taken
        if link.active:
            _take_up_again(link)
    record(query, StepKind.REOPENED, by_id, moment, from_value=before, public=True)
    if reason:
        note(query, reason, by_id=by_id, at=moment)
    events.record(QueryReopened(**_about(query, by_id)), at=moment)
    changed(query, moment)


def _take_up_again(link: QueryThread) -> None:
    if link.answer_post_id is not None:
        public.withdraw_proposal(link.answer_post_id)
        link.answer_post_id = None
    _show_state(link, public.State.WITH_DESK)


def _show_state(link: QueryThread, state: public.State | None) -> None:
    """The thread's own word follows the query that it became, not what else was found in it."""
    if not link.topic:
        public.set_desk_state(link.thread_id, state)


def _taken_elsewhere(query: Query) -> set[int]:
    ids = [link.thread_id for link in query.links]
    others = select(QueryThread.thread_id).where(
        QueryThread.thread_id.in_(ids),
        QueryThread.active.is_(True),
        QueryThread.query_id != query.id,
        QueryThread.topic == "",
    )
    return set(db.session.scalars(others))


def count_people(query: Query) -> None:
    """Count again who is affected; of something else in a thread, only whoever wrote it is known to be."""
    people = public.affected_members([link.thread_id for link in query.links if not link.topic])
    query.people_affected = len(people | {link.author_id for link in query.links})


def record(
    query: Query,
    kind: StepKind,
    by_id: int | None,
    at: datetime,
    *,
    text: str = "",
    public: bool = False,
    from_value: str = "",
    to_value: str = "",
) -> None:
    """Put a step on the record."""
    db.session.add(
        QueryStep(
            query_id=query.id,
            kind=kind.value,
            actor_id=by_id,
            at=at,
            text=text,
            html=render(text).html if text else "",
            public=public,
            from_value=from_value,
            to_value=to_value,
        )
    )


def changed(query: Query, at: datetime) -> None:
    """Settle the targets and say that the pages of the threads show something else now."""
    query.settle(at)
    for link in query.links:
        public.touch_thread(link.thread_id)


def _post(query: Query, by_id: int, text: str, at: datetime, files: Files | None = None) -> list[int]:
    return [
        public.reply_from_desk(
            link.thread_id, author_id=by_id, body=text, at=at, files=(files or {}).get(link.thread_id, ())
        )
        for link in _active(query)
    ]


def _active(query: Query) -> Iterable[QueryThread]:
    return [link for link in query.links if link.active]


def _about(query: Query, by_id: int | None) -> dict[str, Any]:
    return {"actor_id": by_id, "query_id": query.id, "thread_ids": tuple(query.active_thread_ids)}
