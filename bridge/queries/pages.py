"""What pages show of a query outside of the desk, gathered in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from bridge import words
from bridge.handovers.pages import OnItsWay, on_its_way
from bridge.handovers.queries import active_of
from community import public
from community.core.markup import render
from community.core.policies import Actor
from community.public import MemberSnapshot, ThreadSnapshot

from . import policies, queries
from .models import Query, QueryStep, QueryThread, Status, StepKind
from .queries import Card, Shown


def rendered(text: str) -> Markup:
    """Text as it will look once it has gone over."""
    return Markup(render(text).html)  # noqa: S704 - the renderer sanitises


@dataclass(frozen=True)
class Milestone:
    """One of the four steps everybody sees."""

    label: str
    at: datetime | None
    note: str
    done: bool
    current: bool


@dataclass(frozen=True)
class Summary:
    """A query at a glance."""

    reference: str
    status: str
    status_word: str
    headline: str
    understood_as: str
    understood: bool
    next_news_at: datetime | None
    due_at: datetime | None
    assignee: str
    people: int
    milestones: tuple[Milestone, ...]
    mine: bool


def summary(query: Query, assignee: str, *, mine: bool) -> Summary:
    """A query at a glance; `assignee` is the name of whoever is on it, `mine` says that its author looks at it."""
    waits_for_me = mine and query.status == Status.WAITING_USER
    return Summary(
        reference=query.reference,
        status=query.status,
        status_word=_("Waiting for your answer") if waits_for_me else str(words.STATUSES[query.status]),
        headline=headline(query, assignee, mine=mine),
        understood_as=words.understood_as(query.query_class, query.priority),
        understood=query.acknowledged_at is not None,
        next_news_at=_next_news(query),
        due_at=query.resolution_due_at if query.in_work else None,
        assignee=assignee,
        people=query.people_affected,
        milestones=milestones(query, mine=mine),
        mine=mine,
    )


def headline(query: Query, assignee: str, *, mine: bool) -> str:
    """Who is on it, in one line."""
    if query.status == Status.IN_PROGRESS:
        return _("%(name)s is on it", name=assignee) if assignee else _("The service desk is on it")
    return {
        Status.NEW: _("The service desk has it"),
        Status.WAITING_USER: _("The service desk needs a word from you")
        if mine
        else _("The service desk needs a word from the author"),
        Status.RESOLVED: _("The service desk proposes an answer"),
        Status.DECLINED: _("The service desk cannot take this on"),
        Status.CLOSED: _("Answered by the service desk") if query.resolution_text else _("Closed by the service desk"),
    }[Status(query.status)]


def _next_news(query: Query) -> datetime | None:
    if not query.in_work or query.status == Status.WAITING_USER:
        return None
    return query.next_news_at or (None if query.first_news_at else query.first_news_due_at)


def milestones(query: Query, *, mine: bool) -> tuple[Milestone, ...]:
    """Received, understood, worked on, answered; the last that happened is where it stands."""
    answered = query.resolved_at or (query.closed_at if query.finished else None)
    begun = query.started_at or (answered if answered else None)
    moments = [
        (_("Received"), query.received_at, ""),
        (_("Understood"), query.acknowledged_at or begun, ""),
        (_("Being worked on"), begun, _waiting_note(query, mine=mine)),
        (_answer_word(query), answered, _deciding_note(query, mine=mine)),
    ]
    last = max(index for index, (_label, at, _note) in enumerate(moments) if at)
    return tuple(
        Milestone(label, at, note, done=at is not None, current=index == last)
        for index, (label, at, note) in enumerate(moments)
    )


def _waiting_note(query: Query, *, mine: bool) -> str:
    if query.status != Status.WAITING_USER:
        return ""
    return _("waits for you") if mine else _("waits for the author")


def _deciding_note(query: Query, *, mine: bool) -> str:
    if query.status != Status.RESOLVED:
        return ""
    return _("you decide if it helped") if mine else _("the author decides if it helped")


def _answer_word(query: Query) -> str:
    return _("Declined") if query.status == Status.DECLINED else _("Answer")


@dataclass(frozen=True)
class Other:
    """A further query of the thread, in one line."""

    reference: str
    title: str
    status_word: str


def others_view(actor: Actor, card: Card, others: Sequence[tuple[Query, str]]) -> tuple[Other, ...]:
    """The further queries of a thread for whoever reads it; restricted ones for its author and the desk."""
    sees_all = policies.can_work(actor) or (actor.is_member and actor.id == card.link.author_id)
    shown = ((query, title) for query, title in others if sees_all or not query.restricted)
    return tuple(Other(query.reference, title, str(words.STATUSES[query.status])) for query, title in shown)


@dataclass(frozen=True)
class CardView:
    """What a thread's page shows of its query."""

    summary: Summary
    said: Markup | None
    said_by: str
    said_at: datetime | None
    taken_at: datetime
    reason: str
    desk_url_id: int | None
    asks_me: bool
    can_say_no: bool
    way: OnItsWay | None


def card_view(actor: Actor, card: Card) -> CardView:
    """The card for whoever looks at the thread."""
    query, link, word = card.query, card.link, card.word
    mine = actor.is_member and actor.id == link.author_id
    if word is not None and word.kind == StepKind.RESOLVED:
        word = None  # the thread shows it as its answer
    at_desk = policies.can_work(actor)
    way = on_its_way(query, active_of(query.id), staff=at_desk)
    return CardView(
        summary=_with_way(summary(query, card.assignee, mine=mine), way),
        said=Markup(word.html) if word else None,  # noqa: S704 - sanitised when it was written
        said_by=card.speaker,
        said_at=word.at if word else None,
        taken_at=link.linked_at,
        reason=link.reason,
        desk_url_id=query.id if at_desk else None,
        asks_me=mine and query.status == Status.WAITING_USER,
        can_say_no=mine and query.status == Status.RESOLVED,
        way=way,
    )


def _with_way(plain: Summary, way: OnItsWay | None) -> Summary:
    """The summary, which does not say that a desk has what has not arrived there."""
    return replace(plain, headline=way.headline) if way is not None and way.headline else plain


@dataclass(frozen=True)
class StepView:
    """A public step as people read it."""

    label: str
    at: datetime
    by: MemberSnapshot | None
    html: Markup | None


@dataclass(frozen=True)
class AuthorPage:
    """The query as its author sees it."""

    title: str
    summary: Summary
    threads: tuple[ThreadSnapshot, ...]
    reasons: tuple[str, ...]
    steps: tuple[StepView, ...]
    restricted: bool
    desk_url_id: int | None
    can_add: bool
    can_say_no: bool
    asks_me: bool


def author_page(actor: Actor, shown: Shown) -> AuthorPage:
    """Everything for the page of a query that the actor may see."""
    query, threads = shown.query, shown.threads
    steps = queries.steps_of(query.id, public_only=True)
    people = public.members({id_ for id_ in (query.assignee_id, *(step.actor_id for step in steps)) if id_})
    assignee = people[query.assignee_id].name if query.assignee_id in people else ""
    own = next((thread for thread in threads if thread.author.id == actor.id), None)
    at_desk = policies.can_work(actor)
    named = people if at_desk else _met(people, query.links, threads)
    way = on_its_way(query, active_of(query.id), staff=at_desk)
    return AuthorPage(
        title=_title(query, threads, at_desk=at_desk),
        summary=_with_way(summary(query, assignee, mine=own is not None), way),
        threads=threads,
        reasons=_reasons(query.links, threads),
        steps=tuple(_step(step, named, actor, mine=own is not None) for step in steps),
        restricted=query.restricted,
        desk_url_id=query.id if at_desk else None,
        can_add=any(public.can_reply(actor, thread.id) for thread in threads[:1]),
        can_say_no=own is not None and policies.can_say_no(actor, query, own),
        asks_me=own is not None and query.status == Status.WAITING_USER,
    )


def _title(query: Query, threads: Sequence[ThreadSnapshot], *, at_desk: bool) -> str:
    """Outside of the desk the title of a thread that the reader knows, never of one that they may not read."""
    if at_desk or not threads:
        return query.title
    own = (link.title for link in query.links if link.topic and link.thread_id == threads[0].id)
    return next(own, threads[0].title)


def _reasons(links: Sequence[QueryThread], threads: Sequence[ThreadSnapshot]) -> tuple[str, ...]:
    readable = {thread.id for thread in threads}
    return tuple(link.reason for link in links if link.reason and link.thread_id in readable)


def _met(
    people: Mapping[int, MemberSnapshot], links: Sequence[QueryThread], threads: Sequence[ThreadSnapshot]
) -> dict[int, MemberSnapshot]:
    """The people whom a reader of these threads may know to have to do with the query: not those of other threads."""
    readable = {thread.id for thread in threads}
    here = {id_ for link in links if link.thread_id in readable for id_ in (link.author_id, link.linked_by_id)}
    return {id_: person for id_, person in people.items() if person.role_kind == "staff" or id_ in here}


def _step(step: QueryStep, people: dict[int, MemberSnapshot], actor: Actor, *, mine: bool) -> StepView:
    own = mine if step.kind == StepKind.ASKED else actor.is_member and step.actor_id == actor.id
    labels = words.STEPS | words.OWN_STEPS if own else words.STEPS
    return StepView(
        label=str(labels[step.kind]),
        at=step.at,
        by=people.get(step.actor_id or 0),
        html=Markup(step.html) if step.text else None,  # noqa: S704 - sanitised when it was written
    )
