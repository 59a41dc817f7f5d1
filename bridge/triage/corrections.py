"""What the desk decided about classes, read from the record of its steps: to learn from, and to be counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from bridge.promotion.history import facts_now
from bridge.promotion.replaying import Facts
from bridge.queries.models import Query, QueryStep, QueryThread, StepKind
from bridge.queries.redaction import redact
from community import public
from community.core.db import db
from community.public import ThreadSnapshot

from .classifying import spoken
from .examples import Example
from .suggesting import Evidence, Reason, suggest

DECIDED = (StepKind.CLASSIFIED, StepKind.RECLASSIFIED)
MOST_LEARNED = 1000
MOST_COUNTED = 1000
COUNTED_FOR = timedelta(days=90)
SHOWN = 15


@dataclass(frozen=True)
class Decision:
    """The class that a query came with and the one that the desk last gave it or confirmed, in the step `id`."""

    id: int
    came_as: str
    right: str
    promoted_by_id: int | None
    thread_id: int
    at: datetime
    linked_at: datetime
    restricted: bool

    @property
    def wrong(self) -> bool:
        """Whether it came with another class."""
        return self.came_as != self.right


class Correction(NamedTuple):
    """A text to learn from, and the step that settled its class."""

    id: int
    example: Example


class Tally(NamedTuple):
    """Of something: how many queries it spoke for, and how many of these had another class."""

    subject: Any
    wrong: int
    total: int


@dataclass(frozen=True)
class Counts:
    """Decisions of the desk since a moment: all, those on a wrong class, and by what or whom the wrong ones came.

    Subjects are a `Reason` without its weight, a member's name ("" for a rule) and the name of a space.
    """

    decided: int
    wrong: int
    reasons: tuple[Tally, ...]
    people: tuple[Tally, ...]
    spaces: tuple[Tally, ...]


def decisions(*, since: datetime | None = None, most: int = MOST_LEARNED) -> list[Decision]:
    """What the desk decided, oldest first, the newest `most` of them, in two statements."""
    last = select(QueryStep.query_id, func.max(QueryStep.id).label("id")).where(QueryStep.kind.in_(DECIDED))
    if since is not None:
        last = last.where(QueryStep.at >= since)
    newest = last.group_by(QueryStep.query_id).order_by(func.max(QueryStep.id).desc()).limit(most).subquery()
    first = (
        select(QueryThread.query_id, func.min(QueryThread.id).label("id"))
        .where(QueryThread.query_id.in_(select(newest.c.query_id)))
        .group_by(QueryThread.query_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            QueryStep.id,
            QueryStep.query_id,
            QueryStep.to_value,
            QueryStep.at,
            Query.promoted_by_id,
            Query.restricted,
            QueryThread.thread_id,
            QueryThread.linked_at,
        )
        .join(newest, newest.c.id == QueryStep.id)
        .join(Query, Query.id == QueryStep.query_id)
        .join(first, first.c.query_id == Query.id)
        .join(QueryThread, QueryThread.id == first.c.id)
        .order_by(QueryStep.id)
    ).all()
    came = _came_as([row.query_id for row in rows])
    return [_decision(row, came.get(row.query_id, row.to_value)) for row in rows]


def _came_as(query_ids: Sequence[int]) -> dict[int, str]:
    """The class that each query came with: what its first correction changed."""
    if not query_ids:
        return {}
    found: dict[int, str] = {}
    rows = db.session.execute(
        select(QueryStep.query_id, QueryStep.from_value)
        .where(QueryStep.query_id.in_(query_ids), QueryStep.kind == StepKind.RECLASSIFIED)
        .order_by(QueryStep.id)
    )
    for query_id, before in rows:
        found.setdefault(query_id, before)
    return found


def _decision(row: Any, came_as: str) -> Decision:
    return Decision(
        id=row.id,
        came_as=came_as,
        right=row.to_value,
        promoted_by_id=row.promoted_by_id,
        thread_id=row.thread_id,
        at=row.at,
        linked_at=row.linked_at,
        restricted=row.restricted,
    )


def corrections() -> list[Correction]:
    """Texts with the class that the desk gave them, oldest decision first; as many statements however many they are.

    The author's words until they went over, redacted like a hand-over. Threads that are restricted or hidden are left
    out, for what is learned from them could show in another place.
    """
    decided = [decision for decision in decisions() if not decision.restricted]
    threads = public.thread_snapshots({decision.thread_id for decision in decided})
    facts = _facts(decided)
    return [
        Correction(decision.id, _example(decision, threads[decision.thread_id], facts[decision.thread_id]))
        for decision in decided
        if decision.thread_id in facts and _open(threads.get(decision.thread_id))
    ]


def _open(thread: ThreadSnapshot | None) -> bool:
    return thread is not None and not thread.restricted and not thread.hidden


def _facts(decided: Iterable[Decision]) -> dict[int, Facts]:
    return {now.facts.thread_id: now.facts for now in facts_now({decision.thread_id for decision in decided})}


def _example(decision: Decision, thread: ThreadSnapshot, facts: Facts) -> Example:
    text = redact(f"{thread.title}\n{_words(decision, facts)}").text
    return Example(text, spoken(text, thread.language), decision.right)


def _words(decision: Decision, facts: Facts) -> str:
    """What the author had written when it went over."""
    return "\n".join(words for at, words in facts.own_words if at <= decision.linked_at)


def counts(since: datetime) -> Counts:
    """Where wrong classes came from, in as many statements however many there are."""
    decided = decisions(since=since, most=MOST_COUNTED)
    threads = public.thread_snapshots({decision.thread_id for decision in decided})
    people = public.members(decision.promoted_by_id for decision in decided if decision.promoted_by_id)
    by_person, by_space = _Tallies(), _Tallies()
    for decision in decided:
        person, thread = people.get(decision.promoted_by_id or 0), threads.get(decision.thread_id)
        by_person.add(person.name if person else "", decision.wrong)
        if thread is not None:
            by_space.add(thread.space.name, decision.wrong)
    return Counts(
        decided=len(decided),
        wrong=sum(decision.wrong for decision in decided),
        reasons=_by_reason(decided),
        people=by_person.worst(),
        spaces=by_space.worst(),
    )


def _by_reason(decided: Sequence[Decision]) -> tuple[Tally, ...]:
    """What the rules found in the words, and how often the desk saw it otherwise."""
    facts, found = _facts(decided), _Tallies()
    for decision in decided:
        known = facts.get(decision.thread_id)
        if known is not None:
            for reason in suggest(_evidence(decision, known)).reasons:
                subject = Reason(0, reason.query_class, reason.why, "" if reason.why == "people" else reason.found)
                found.add(subject, reason.query_class != decision.right)
    return found.worst()


def _evidence(decision: Decision, facts: Facts) -> Evidence:
    people = 1 + sum(at <= decision.linked_at for at in facts.have_too_at)
    return Evidence(facts.title, _words(decision, facts), facts.tags, facts.space, facts.kind, people)


class _Tallies:
    """Counts by subject while they are made."""

    def __init__(self) -> None:
        self._wrong: Counter[Any] = Counter()
        self._total: Counter[Any] = Counter()

    def add(self, subject: Any, wrong: bool) -> None:
        """Count one query."""
        self._total[subject] += 1
        self._wrong[subject] += wrong

    def worst(self) -> tuple[Tally, ...]:
        """Those with wrong ones, most of them first."""
        made = [Tally(subject, wrong, self._total[subject]) for subject, wrong in self._wrong.items() if wrong]
        return tuple(sorted(made, key=lambda tally: (-tally.wrong, tally.total, str(tally.subject)))[:SHOWN])
