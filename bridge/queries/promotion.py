"""From thread to query: what would go over, what it looks like, and the decision in one transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bridge.events import QueryReceived, ThreadJoined
from bridge.handovers.operations import hand_over, keep_apart
from bridge.triage.classes import QueryClass
from bridge.triage.priorities import priority_of, targets_of
from bridge.triage.suggesting import Evidence, Reason, Suggestion
from bridge.triage.verdicts import suggestion_of
from bridge.triage.weighing import impact_of, urgency_of
from community import public
from community.core import events
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.public import PostSnapshot, ThreadSnapshot

from . import handover, queries
from .duplicates import most_alike
from .handover import Handover
from .models import Query, QueryThread, StepKind, suspicious
from .operations import changed, count_people, record, restrict_thread
from .policies import can_work
from .redaction import redact

MOST_WAITING = 200


@dataclass(frozen=True)
class Duplicate:
    """An open query that looks like the thread, under a title that the actor may read."""

    query: Query
    title: str
    alike: int


@dataclass(frozen=True)
class Preview:
    """Everything that the person who decides should see first."""

    thread: ThreadSnapshot
    handover: Handover
    suggestion: Suggestion
    impact: int
    urgency: int
    weighed: tuple[Reason, ...]
    duplicates: tuple[Duplicate, ...]

    @property
    def query_class(self) -> str:
        """The class to begin with; what is only a question is asked of the desk as a service request."""
        return self.suggestion.query_class if self.suggestion.is_query else QueryClass.SERVICE_REQUEST


def preview(actor: Actor, thread: ThreadSnapshot) -> Preview:
    """What would go over and how it would be understood. Writes nothing."""
    posts = public.post_snapshots(thread.id)
    people = public.affected_members([thread.id])
    evidence = evidence_of(thread, posts, people)
    suggestion = suggestion_of(evidence)
    impact, why_impact = impact_of(evidence)
    urgency, why_urgency = urgency_of(evidence, suggestion.query_class)
    return Preview(
        thread=thread,
        handover=handover.prepare(thread, posts, people, named_in(thread.id)),
        suggestion=suggestion,
        impact=impact,
        urgency=urgency,
        weighed=why_impact + why_urgency,
        duplicates=duplicates_of(actor, thread.title),
    )


def evidence_of(thread: ThreadSnapshot, posts: Iterable[PostSnapshot], people: Collection[int]) -> Evidence:
    """What triage looks at: the author's own words, not those of people who help."""
    own = [post.body for post in posts if post.author.id == thread.author.id]
    own += [f"{label}: {value}" for label, value in thread.fields]
    words = "\n".join(own)
    return Evidence(
        title=thread.title,
        body=words,
        tags=thread.tags,
        space=thread.space.slug,
        kind=thread.kind,
        people=len(people),
        language=thread.language,
        organisations=organisations_among(people),
        critical=thread.space.service_critical,
    )


def named_in(thread_id: int) -> list[tuple[str, int]]:
    """The versions and sites that people who have it too named, and how many did."""
    found = public.affected_details([thread_id])
    return [*found.versions, *found.sites]


def organisations_among(people: Collection[int]) -> int:
    """How many organisations these members are of."""
    return len({found.id for found in public.organisations_of(people).values()})


def duplicates_of(actor: Actor, title: str, *, besides: int = 0) -> tuple[Duplicate, ...]:
    """Open queries alike that the actor may know of: the desk all, others those with a thread they can read."""
    pairs = queries.open_titles(besides=besides)
    if not can_work(actor):
        readable = public.threads_visible_to(actor, {link.thread_id for query, link in pairs if not query.restricted})
        pairs = [(query, link) for query, link in pairs if link.thread_id in readable]
    found: dict[int, Duplicate] = {}
    for (query, link), alike in most_alike(title, [(pair, pair[1].title) for pair in pairs]):
        found.setdefault(query.id, Duplicate(query, link.title, alike))
    return tuple(found.values())


def threads_alike(actor: Actor, title: str) -> list[tuple[ThreadSnapshot, int]]:
    """Questions without a query that look like it: handle one, answer all."""
    waiting = public.unresolved_threads(actor, limit=MOST_WAITING)
    return most_alike(title, [(thread, thread.title) for thread in waiting])


@dataclass(frozen=True)
class Choice:
    """What the person decided. `topic` and `title` are set where it is about something else in the thread."""

    query_class: str
    impact: int
    urgency: int
    reason: str = ""
    suggested_class: str = ""
    topic: str = ""
    title: str = ""


def promote(thread: ThreadSnapshot, choice: Choice, *, by_id: int | None, at: datetime | None = None) -> Query:
    """Make a query of the thread; a thread that has an open one stays with it, however often this is sent.

    Under a topic it becomes a further one, which is likewise made once. A threat is restricted before anything else.
    """
    moment = at or utcnow()
    public.lock_thread(thread.id)
    if suspicious(choice.query_class):
        restrict_thread(thread.id, by_id=by_id)
        leave_other_desks([thread.id], by_id=by_id)
    present = _present(thread.id, choice.topic)
    if present is not None:
        return present
    query = _new_query(thread, choice, by_id, moment)
    db.session.add(query)
    db.session.flush()
    _link(query, thread, choice.reason, by_id, moment, topic=choice.topic)
    hand_over(query, by_id=by_id)
    record(query, StepKind.RECEIVED, by_id, moment, public=True, to_value=choice.query_class)
    events.record(
        QueryReceived(actor_id=by_id, query_id=query.id, thread_ids=(thread.id,), query_class=choice.query_class),
        at=moment,
    )
    changed(query, moment)
    return query


def leave_other_desks(thread_ids: Iterable[int], *, by_id: int | None) -> None:
    """What became restricted leaves the desks that may not know of it."""
    by = public.actor_for(by_id) if by_id is not None else Actor()
    for thread_id in thread_ids:
        for query in queries.active_queries_of(thread_id):
            keep_apart(query, by=by)


def _present(thread_id: int, topic: str) -> Query | None:
    return queries.query_about(thread_id, topic) if topic else queries.active_query_of(thread_id)


def _new_query(thread: ThreadSnapshot, choice: Choice, by_id: int | None, at: datetime) -> Query:
    priority = priority_of(choice.impact, choice.urgency)
    times = targets_of(priority, choice.query_class)
    return Query(
        title=choice.title or thread.title,
        query_class=choice.query_class,
        suggested_class=choice.suggested_class,
        impact=choice.impact,
        urgency=choice.urgency,
        priority=priority,
        service=thread.space.service,
        promoted_by_id=by_id,
        restricted=suspicious(choice.query_class) or thread.restricted,
        received_at=at,
        due_from=at,
        first_news_due_at=at + times.first_news,
        resolution_due_at=at + times.resolution,
    )


def join(
    query: Query, thread: ThreadSnapshot, *, by_id: int | None, reason: str = "", at: datetime | None = None
) -> Query:
    """Let one more thread travel with an open query; where it has one already, it stays there."""
    moment = at or utcnow()
    public.lock_thread(thread.id)
    present = queries.active_query_of(thread.id)
    if present is not None:
        return present
    if query.restricted:
        restrict_thread(thread.id, by_id=by_id)
        leave_other_desks([thread.id], by_id=by_id)
    _link(query, thread, reason, by_id, moment)
    record(query, StepKind.JOINED, by_id, moment, text=redact(reason).text, to_value=thread.title[:80])
    events.record(
        ThreadJoined(
            actor_id=by_id,
            query_id=query.id,
            thread_ids=tuple(query.active_thread_ids),
            thread_id=thread.id,
        ),
        at=moment,
    )
    changed(query, moment)
    return query


def _link(
    query: Query, thread: ThreadSnapshot, reason: str, by_id: int | None, at: datetime, *, topic: str = ""
) -> None:
    posts = public.post_snapshots(thread.id)
    people = public.affected_members([thread.id])
    query.links.append(
        QueryThread(
            thread_id=thread.id,
            topic=topic,
            author_id=thread.author.id,
            title=query.title if topic else thread.title,
            linked_by_id=by_id,
            linked_at=at,
            reason=redact(reason).text,
            handover=_words(query, handover.prepare(thread, posts, people, named_in(thread.id)), reason, topic),
        )
    )
    db.session.flush()
    count_people(query)
    if not topic:
        public.set_desk_state(thread.id, public.State.WITH_DESK)


def _words(query: Query, over: Handover, reason: str, topic: str) -> str:
    """What goes over; of something else in the thread first what it is, and the thread after it."""
    return f"# {redact(query.title).text}\n\n{redact(reason).text}\n\n---\n\n{over.text}" if topic else over.text
