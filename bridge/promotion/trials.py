"""A rule tried on what happened: in the request for a small community, as a job that shows its progress for a large."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import column, func, select, table

from community import public
from community.core.db import UtcDateTime, db, transaction, utcnow
from community.core.jobs import enqueue, outside_job
from community.core.policies import Actor
from community.public import ThreadSnapshot

from .book import EVERYWHERE, Book, open_book
from .dry_run import DryRun, Finding, Numbers, dry_run, numbers
from .explaining import DELAYS, listed, promised, reason_words
from .history import facts_of
from .models import PromotionTrial
from .replaying import Facts
from .rule_data import rule_data, rule_from
from .rules import Effect, Rule
from .showing import reasons_data, reasons_from

PERIODS = (30, 90)
# Threads from so long before may still have waited when the period began.
BEFORE = timedelta(days=60)
MOST_IN_A_REQUEST = 1500
MOST_SHOWN = 200
STEP = 500
USUAL_CAP = 10

_thread = table("thread", column("id"), column("space_id"), column("created_at", UtcDateTime()))


@dataclass(frozen=True)
class TrialRow:
    """A thread that would have gone at a moment; without the thread where the reader may not know it."""

    thread: ThreadSnapshot | None
    at: datetime
    why: str
    solved_at: datetime | None
    promoted_at: datetime | None
    delays: str


@dataclass(frozen=True)
class TrialView:
    """What a trial found, in sentences and threads."""

    sentences: list[str]
    rows: list[TrialRow]
    total: int


def threads_in(space_id: int, days: int) -> int:
    """How many threads a trial looks at."""
    wanted = [_thread.c.created_at >= utcnow() - timedelta(days=days) - BEFORE]
    if space_id != EVERYWHERE:
        wanted.append(_thread.c.space_id == space_id)
    return db.session.scalar(select(func.count()).select_from(_thread).where(*wanted)) or 0


def try_now(rule: Rule, space_id: int, days: int) -> dict[str, Any]:
    """Try it at once; what was found as JSON."""
    now = utcnow()
    facts = facts_of(now - timedelta(days=days) - BEFORE, now, None if space_id == EVERYWHERE else [space_id])
    return _result(_run(open_book(), facts, rule, space_id, days, now))


def ask_for(rule: Rule, space_id: int, days: int, *, by_id: int) -> PromotionTrial:
    """Have it tried in the background."""
    total = threads_in(space_id, days)
    made = PromotionTrial(
        space_id=space_id, key=rule.key, definition=rule_data(rule), days=days, total=total, asked_by_id=by_id
    )
    db.session.add(made)
    db.session.flush()
    enqueue(run_trial, trial_id=made.id)
    return made


@outside_job
def run_trial(trial_id: int) -> None:
    """Try a rule, noting how far it is; nothing of the database is held meanwhile, and twice does no harm."""
    now = utcnow()
    with transaction(read_only=True):
        found = db.session.get(PromotionTrial, trial_id)
        if found is None or found.finished_at is not None:
            return
        rule, space_id, days, book = rule_from(found.definition), found.space_id, found.days, open_book()
        spaces = None if space_id == EVERYWHERE else [space_id]
        facts = list(facts_of(now - timedelta(days=days) - BEFORE, now, spaces))
    result = _result(_run(book, _telling(facts, trial_id), rule, space_id, days, now))
    with transaction():
        done = db.session.get_one(PromotionTrial, trial_id)
        done.result, done.done, done.total, done.finished_at = result, len(facts), len(facts), utcnow()


def _telling(facts: Sequence[Facts], trial_id: int) -> Iterator[Facts]:
    for number, each in enumerate(facts):
        if number % STEP == 0:
            with transaction():
                trial = db.session.get_one(PromotionTrial, trial_id)
                trial.done, trial.total = number, len(facts)
        yield each


def _run(book: Book, facts: Iterable[Facts], rule: Rule, space_id: int, days: int, now: datetime) -> DryRun:
    since = now - timedelta(days=days)
    return dry_run(facts, _where(book, acting(rule), space_id), book.calendar_in, since=since, until=now)


def acting(rule: Rule) -> Rule:
    """The rule as it would act on its own."""
    return replace(rule, effect=Effect.AUTOMATIC, enabled=True, cap=rule.cap or USUAL_CAP)


def _where(book: Book, rule: Rule, space_id: int) -> Callable[[int], Sequence[Rule]]:
    """The rule where it holds: in its space, or in every space that has no rule of its own in its place."""

    def rules_in(place: int) -> Sequence[Rule]:
        holds = place == space_id if space_id != EVERYWHERE else book.made_in(rule.key, place) == EVERYWHERE
        return (rule,) if holds else ()

    return rules_in


def _result(run: DryRun) -> dict[str, Any]:
    found = numbers(run.promotions)
    return {
        "numbers": [found.total, found.solved_soon, found.promoted_by_people, len(run.held_back)],
        "rows": [_row(finding) for finding in run.promotions[-MOST_SHOWN:]],
    }


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "thread_id": finding.facts.thread_id,
        "at": finding.at.isoformat(),
        "reasons": reasons_data(finding.reasons),
        "solved_at": finding.solved_at.isoformat() if finding.solved_at else None,
        "promoted_at": finding.promoted_at.isoformat() if finding.promoted_at else None,
        "delays": list(finding.delays),
    }


def view_of(result: dict[str, Any], actor: Actor) -> TrialView:
    """What was found, the latest first, with the threads that the actor may read."""
    total, solved, by_people, held = result["numbers"]
    readable = public.threads_visible_to(actor, [row["thread_id"] for row in result["rows"]])
    rows = [_shown(row, readable.get(row["thread_id"])) for row in reversed(result["rows"])]
    return TrialView(promised(Numbers(total, solved, by_people), held), rows, total)


def _shown(row: dict[str, Any], thread: ThreadSnapshot | None) -> TrialRow:
    return TrialRow(
        thread=thread,
        at=datetime.fromisoformat(row["at"]),
        why=listed(reason_words(reason) for reason in reasons_from(row["reasons"])) if thread else "",
        solved_at=_moment(row["solved_at"]),
        promoted_at=_moment(row["promoted_at"]),
        delays=listed(DELAYS[delay] for delay in row["delays"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
