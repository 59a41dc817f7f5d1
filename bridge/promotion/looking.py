"""Looks at threads: what the rules say now, what people are told of it, and what goes to the desk."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from community import public
from community.core import events
from community.core.db import utcnow
from community.core.jobs import enqueue, every, job

from . import waiting, watches
from .book import Book, open_book
from .calendars import Calendar
from .evaluating import Look, Verdict, look
from .events import CountdownBegun, RuleSuggested
from .evidence import Evidence
from .knowing import evidence_of
from .models import ThreadWatch
from .promoting import promote_if_due
from .rules import Effect, Rule
from .showing import kept, shown

# Where a promotion that was due has not come about, it is asked for again.
ASK_AGAIN = timedelta(minutes=10)


@every(minutes=1)
def look_at_due() -> None:
    """Look at the threads whose time has come; the rest of a long list follows at once."""
    now = utcnow()
    found = watches.due(now)
    look_at(found, now)
    if len(found) == watches.MOST_AT_ONCE:
        enqueue(look_on)


@job
def look_on() -> None:
    """The next part of a long list."""
    look_at_due()


@every(minutes=10)
def adopt_threads() -> None:
    """Watch threads that came without a fact."""
    watches.adopt(utcnow())


def look_at(found: list[ThreadWatch], now: datetime) -> None:
    """Let the rules look at these watched threads, which this transaction has locked."""
    if not found:
        return
    book, known = open_book(), evidence_of(found, now)
    for watch in found:
        if watch.thread_id in known:
            # Threads move from space to space.
            watch.space_id = known[watch.thread_id].space_id
    counts = _counts(book, found, now)
    for watch in found:
        before, evidence = _face(watch), known.get(watch.thread_id)
        seen = Look() if evidence is None else _look(book, counts, evidence, now)
        if evidence is None or not evidence.waits:
            watch.let_go()
        watch.forget_past(now)
        _keep(watch, seen, watch.proposed_class or (evidence.suggested_class if evidence else ""), now)
        if _face(watch) != before:
            public.touch_thread(watch.thread_id)


def look_at_thread(thread_id: int, *, space_id: int) -> None:
    """Let the rules look at one thread now."""
    look_at([watches.watched(thread_id, space_id)], utcnow())


_Counts = dict[int, dict[str, int]]


def _counts(book: Book, found: Iterable[ThreadWatch], now: datetime) -> _Counts:
    """By space: how many threads each automatic rule took to the desk today; one statement for each calendar."""
    by_calendar: dict[Calendar, set[int]] = {}
    for watch in found:
        by_calendar.setdefault(book.calendar_in(watch.space_id), set()).add(watch.space_id)
    counted: _Counts = {}
    for calendar, space_ids in by_calendar.items():
        places = {space_id: _automatic_places(book, space_id) for space_id in space_ids}
        wanted = {place for rules in places.values() for place in rules.values()}
        since = calendar.midnight(calendar.local_day(now))
        numbers = watches.promoted_since(since, wanted)
        for space_id, rules in places.items():
            counted[space_id] = {key: numbers[place] for key, place in rules.items()}
    return counted


def _automatic_places(book: Book, space_id: int) -> dict[str, tuple[str, int]]:
    rules = (rule for rule in book.rules_in(space_id) if rule.automatic)
    return {rule.key: (rule.key, book.made_in(rule.key, space_id)) for rule in rules}


def _look(book: Book, counts: _Counts, evidence: Evidence, now: datetime) -> Look:
    rules: tuple[Rule, ...] = book.rules_in(evidence.space_id)
    calendar = book.calendar_in(evidence.space_id)
    return look(rules, evidence, now, calendar, counts.get(evidence.space_id, {}))


def _keep(watch: ThreadWatch, seen: Look, suggested_class: str, now: datetime) -> None:
    """Keep what the look found, record what is new, and ask for the promotions that are due."""
    automatic = [verdict for verdict in seen.verdicts if verdict.effect == Effect.AUTOMATIC]
    told = dict(watch.noticed_at)
    _record_news(watch, seen.verdicts, told)
    watch.notice({verdict.rule.key: told.get(verdict.rule.key, now) for verdict in automatic})
    watch.verdicts = [kept(verdict, suggested_class) for verdict in seen.verdicts]
    watch.due_at = min((v.due_at for v in automatic if v.due_at is not None), default=None)
    watch.suggested_by = f" {' '.join(v.rule.key for v in seen.verdicts)} " if seen.verdicts else ""
    was_suggested = watch.suggested_at is not None
    watch.suggested_at = (watch.suggested_at or now) if seen.verdicts else None
    if was_suggested != (watch.suggested_at is not None):
        waiting.follow(watch)
    ends = (seen.next_look_at, watch.claimed_until, watch.held_until)
    watch.next_look_at = min((end for end in ends if end is not None), default=None)
    if any(verdict.goes(now) for verdict in automatic):
        watch.next_look_at = now + ASK_AGAIN
        enqueue(promote_if_due, thread_id=watch.thread_id)


def _record_news(watch: ThreadWatch, verdicts: Iterable[Verdict], told: dict[str, datetime]) -> None:
    suggested = {each.rule.key for each in shown(watch.verdicts) if not each.automatic}
    for verdict in verdicts:
        key = verdict.rule.key
        if verdict.effect == Effect.AUTOMATIC and key not in told:
            events.record(CountdownBegun(thread_id=watch.thread_id, rule=key))
        elif verdict.effect == Effect.SUGGEST and key not in suggested:
            events.record(RuleSuggested(thread_id=watch.thread_id, rule=key))


def _face(watch: ThreadWatch) -> Any:
    """What the page of the thread is made from."""
    rows = [(each["rule"]["key"], each["due_at"], each["reasons"]) for each in watch.verdicts]
    return rows, watch.claimed_until, watch.held_until, watch.proposed_at
