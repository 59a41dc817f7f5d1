"""What the desk sees, gathered in a fixed number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from bridge import words
from bridge.handovers.pages import Elsewhere, elsewhere
from bridge.handovers.policies import can_do_here
from bridge.queries import handover, promotion, queries
from bridge.queries.clock import TimeLeft, time_left
from bridge.queries.models import Query, QueryStep
from bridge.queries.promotion import Duplicate
from bridge.queries.queries import QueueFilter
from bridge.triage.classes import IMPACTS, URGENCIES
from bridge.triage.priorities import matrix, targets_of
from bridge.triage.verdicts import suggestion_of
from bridge.triage.weighing import impact_of
from community import public
from community.core.db import utcnow
from community.core.forms import PageForm
from community.core.paging import Page
from community.core.policies import Actor
from community.public import MemberSnapshot, PostSnapshot, ThreadSnapshot

from . import forms
from .verbs import VERBS, Verb

QUEUE_BESIDE = 12
POSTS_SHOWN = 8
CLASS_STEPS = frozenset({"received", "classified", "reclassified"})


@dataclass(frozen=True)
class QueueRow:
    """A query as the queue shows it."""

    id: int
    url: str
    title: str
    detail: tuple[str, ...]
    left: TimeLeft


def queue_row(query: Query, assignee: str, now: datetime) -> QueueRow:
    """A line of the queue: the clock, the title, the class, who is on it."""
    people = query.people_affected
    affected = words.people(people) if people > 1 else ""
    return QueueRow(
        id=query.id,
        url=url_for("desk.query", query_id=query.id),
        title=query.title,
        detail=(words.understood_as(query.query_class, query.priority), assignee, affected),
        left=time_left(query, now),
    )


def queue_rows(narrowed: QueueFilter, number: int, *, size: int = queries.QUERIES_A_PAGE) -> Page[QueueRow]:
    """One page of the queue."""
    now = utcnow()
    return queries.queue_page(narrowed, number, size=size).map(lambda pair: queue_row(*pair, now))


@dataclass(frozen=True)
class RecordLine:
    """A step as the desk reads it, internal ones too."""

    label: str
    at: datetime
    by: MemberSnapshot | None
    html: Markup | None
    detail: str
    public: bool


@dataclass(frozen=True)
class Triage:
    """What the rules say of the query now."""

    verdict: str
    verdict_key: str
    sureness: int
    reasons: list[tuple[str, str]]
    impact: int


@dataclass(frozen=True)
class DeskPage:
    """One query with its thread beside it."""

    query: Query
    left: TimeLeft
    assignee: MemberSnapshot | None
    threads: tuple[ThreadSnapshot, ...]
    posts: tuple[PostSnapshot, ...]
    more_posts: int
    tried: tuple[str, ...]
    triage: Triage | None
    matrix: list[tuple[object, list[tuple[object, bool]]]]
    news_within: str
    resolved_within: str
    duplicates: tuple[Duplicate, ...]
    alike_threads: list[tuple[ThreadSnapshot, int]]
    record: list[RecordLine]
    queue: Page[QueueRow]
    allowed: frozenset[str]
    forms: dict[str, PageForm]
    there: Elsewhere


def desk_page(actor: Actor, query: Query, failed: PageForm | None = None) -> DeskPage:
    """Everything on the page of a query; `failed` is the form that was sent and is shown with what was typed."""
    readable = public.threads_visible_to(actor, [link.thread_id for link in query.links])
    threads = tuple(readable[link.thread_id] for link in query.links if link.thread_id in readable)
    posts = public.post_snapshots(threads[0].id) if threads else ()
    steps = queries.steps_of(query.id, public_only=False)
    people = public.members(_people_in(query, steps))
    times = targets_of(query.priority, query.query_class)
    there = elsewhere(query, failed)
    own = [post for post in posts if threads and post.author.id == threads[0].author.id]
    return DeskPage(
        query=query,
        left=time_left(query, utcnow()),
        assignee=people.get(query.assignee_id or 0),
        threads=threads,
        posts=posts[:POSTS_SHOWN],
        more_posts=max(0, len(posts) - POSTS_SHOWN),
        tried=handover.tried(own),
        triage=_triage(query, threads, posts),
        matrix=_matrix(query),
        news_within=words.span(times.first_news),
        resolved_within=words.span(times.resolution),
        duplicates=promotion.duplicates_of(actor, query.title, besides=query.id),
        alike_threads=promotion.threads_alike(actor, query.title),
        record=[_line(step, people) for step in reversed(steps)],
        queue=queue_rows(QueueFilter(), 1, size=QUEUE_BESIDE),
        allowed=frozenset(verb.noun for verb in VERBS if _offers(verb, query, there)),
        forms=_forms(query, failed),
        there=there,
    )


def _offers(verb: Verb, query: Query, there: Elsewhere) -> bool:
    return verb.allowed(query) and can_do_here(verb.noun, there.present)


def _people_in(query: Query, steps: Iterable[QueryStep]) -> set[int]:
    named = {int(step.to_value) for step in steps if step.kind == "assigned" and step.to_value}
    return {id_ for id_ in (query.assignee_id, *(step.actor_id for step in steps)) if id_} | named


def _triage(query: Query, threads: tuple[ThreadSnapshot, ...], posts: tuple[PostSnapshot, ...]) -> Triage | None:
    if not threads:
        return None
    people = public.affected_members([thread.id for thread in threads])
    evidence = promotion.evidence_of(threads[0], posts, people)
    suggestion = suggestion_of(evidence)
    return Triage(
        verdict=str(words.VERDICTS[suggestion.query_class]),
        verdict_key=suggestion.query_class,
        sureness=round(100 * suggestion.sureness),
        reasons=words.reason_lines(suggestion.reasons),
        impact=impact_of(evidence)[0],
    )


def _matrix(query: Query) -> list[tuple[object, list[tuple[object, bool]]]]:
    cells = matrix()
    return [
        (
            words.IMPACT_HEADS[impact],
            [
                (words.PRIORITIES[cells[impact, urgency]], (impact, urgency) == (query.impact, query.urgency))
                for urgency in URGENCIES
            ],
        )
        for impact in sorted(IMPACTS, reverse=True)
    ]


def _line(step: QueryStep, people: dict[int, MemberSnapshot]) -> RecordLine:
    return RecordLine(
        label=str(words.STEPS[step.kind]),
        at=step.at,
        by=people.get(step.actor_id or 0),
        html=Markup(step.html) if step.text else None,  # noqa: S704 - sanitised when it was written
        detail=_detail(step, people),
        public=step.public,
    )


def _detail(step: QueryStep, people: dict[int, MemberSnapshot]) -> str:
    if step.kind == "assigned":
        person = people.get(int(step.to_value))
        return person.name if person else ""
    if step.kind in CLASS_STEPS:
        return " → ".join(str(words.CLASSES[v]) for v in (step.from_value, step.to_value) if v in words.CLASSES)
    if step.kind == "weighed":
        return f"{step.from_value} → {step.to_value}"
    return step.to_value if step.kind == "joined" else ""


def _forms(query: Query, failed: PageForm | None) -> dict[str, PageForm]:
    """Each form of the page as it begins, but for the one that was sent."""
    made: dict[str, PageForm] = {
        "say": forms.SayForm(formdata=None),
        "note": forms.NoteForm(formdata=None),
        "class": forms.ClassForm(formdata=None, query_class=query.query_class),
        "weigh": forms.WeighForm(formdata=None, impact=query.impact, urgency=query.urgency),
        "assign": forms.AssignForm(formdata=None, assignee=query.assignee_id),
        "news": forms.NewsForm(formdata=None),
        "major": forms.MajorForm(formdata=None, major=query.major),
        "join": forms.JoinForm(formdata=None),
        "reopen": forms.ReopenForm(formdata=None),
        "show-again": forms.ShowAgainForm(formdata=None),
    }
    sent = {verb.part for verb in VERBS if failed is not None and type(failed) is verb.form}
    return made | {part: failed for part in sent if failed is not None}
