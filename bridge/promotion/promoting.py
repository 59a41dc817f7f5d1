"""Promotion by rules: one thread, one look, one query, however often it is asked for."""

from dataclasses import replace
from datetime import datetime

from bridge.queries.models import Query
from bridge.queries.promotion import Choice, organisations_among, promote
from bridge.triage.verdicts import suggestion_of
from bridge.triage.weighing import impact_of, urgency_of
from community import public
from community.core import events, i18n
from community.core.db import utcnow
from community.core.jobs import job
from community.public import ThreadSnapshot

from . import waiting, watches
from .book import Book, open_book, row_of
from .evaluating import Verdict, look
from .events import RulePromoted
from .evidence import Evidence
from .explaining import listed, reason_words
from .history import facts_now
from .knowing import evidence_of, triage_evidence
from .models import ThreadWatch
from .rules import Rule
from .showing import PLAIN_REASONS, class_of, unnamed


@job
def promote_if_due(thread_id: int) -> None:
    """Take a thread to the desk if a rule still asks for it, now that nobody else can decide on it."""
    now, watch = utcnow(), watches.watch_of(thread_id, lock=True)
    thread = public.thread_snapshot(thread_id)
    if watch is None or thread is None:
        return
    public.lock_thread(thread_id)
    evidence = evidence_of([watch], now).get(thread_id)
    if evidence is None:
        return
    book = open_book()
    verdict = _going(book, evidence, now)
    if verdict is not None:
        _promote(watch, thread, verdict, book.made_in(verdict.rule.key, thread.space.id), now)


def _going(book: Book, evidence: Evidence, now: datetime) -> Verdict | None:
    """The first rule that asks for it, its cap counted while nobody else promotes by it."""
    calendar = book.calendar_in(evidence.space_id)
    midnight = calendar.midnight(calendar.local_day(now))
    for rule in book.rules_in(evidence.space_id):
        if not rule.automatic:
            continue
        place = book.made_in(rule.key, evidence.space_id)
        row_of(rule.key, place, lock=True)
        count = watches.promoted_since(midnight, [(rule.key, place)])[rule.key, place]
        found = look((rule,), evidence, now, calendar, {rule.key: count}).verdicts
        if found and found[0].goes(now):
            return found[0]
    return None


def _promote(watch: ThreadWatch, thread: ThreadSnapshot, verdict: Verdict, place: int, now: datetime) -> None:
    i18n.speak(thread.language)
    choice = choice_for(thread, verdict.rule, reason_of(verdict), proposed=watch.proposed_class)
    query = promote(thread, choice, by_id=None)
    watch.promoted_rule, watch.promoted_space_id, watch.promoted_at = verdict.rule.key, place, now
    watch.promoted_query_id = query.id
    settle(watch, query)
    fact = RulePromoted(thread_id=thread.id, rule=verdict.rule.key, query_id=query.id, space_id=place)
    events.record(fact, at=now)


def reason_of(verdict: Verdict) -> str:
    """Why, as every reader of the thread may know it."""
    plain = listed(reason_words(reason) for reason in verdict.reasons if reason.code in PLAIN_REASONS)
    return plain or unnamed()


def choice_for(thread: ThreadSnapshot, rule: Rule | None, reason: str, *, proposed: str = "") -> Choice:
    """What is decided without a person: impact, urgency and class by triage, unless rule or proposal give it."""
    evidence = replace(
        triage_evidence(next(iter(facts_now([thread.id])))),
        organisations=organisations_among(public.affected_members([thread.id])),
        critical=thread.space.service_critical,
    )
    suggested = str(suggestion_of(evidence).query_class)
    chosen = class_of(rule or Rule("", "", ()), proposed or suggested)
    return Choice(
        query_class=chosen,
        impact=impact_of(evidence)[0],
        urgency=urgency_of(evidence, chosen)[0],
        reason=reason,
        suggested_class=suggested,
    )


def settle(watch: ThreadWatch, query: Query | None) -> None:
    """The thread is on its way, or stays: nothing more is to be said of it."""
    watch.notice({})
    watch.verdicts, watch.suggested_by = [], ""
    watch.due_at = watch.suggested_at = watch.next_look_at = None
    waiting.follow(watch)
    if query is not None:
        watch.let_go()
        watch.answer_proposal()
    public.touch_thread(watch.thread_id)
