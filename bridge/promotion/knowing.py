"""What is known of live threads now, gathered in a fixed number of statements however many they are."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from bridge.queries.models import QueryThread
from bridge.triage.suggesting import Evidence as TriageEvidence
from bridge.triage.verdicts import suggestion_of
from community import public
from community.core.db import db

from .evidence import Evidence
from .history import Now, facts_now
from .models import ThreadWatch
from .replaying import replay


def evidence_of(watches: Iterable[ThreadWatch], now: datetime) -> dict[int, Evidence]:
    """What is known of watched threads, by thread id, in eight statements, a few more where people have turns.

    Hidden threads and news are left out.
    """
    known = {watch.thread_id: watch for watch in watches}
    facts = list(facts_now(known))
    taken = _with_query(known)
    helped = public.on_duty_in(sorted({each.facts.space_id for each in facts}), now)
    return {
        each.facts.thread_id: known[each.facts.thread_id].known_to(
            replace(
                _latest(each),
                has_query=each.facts.thread_id in taken,
                nobody_on_duty=not helped.get(each.facts.space_id),
            )
        )
        for each in facts
    }


def _with_query(thread_ids: Collection[int]) -> set[int]:
    statement = select(QueryThread.thread_id).where(QueryThread.thread_id.in_(thread_ids), QueryThread.active.is_(True))
    return set(db.session.scalars(statement))


def _latest(each: Now) -> Evidence:
    """The end of the thread's story so far, with its state as it is and the class that triage would suggest."""
    evidence = Evidence(each.facts.thread_id, each.facts.space_id, each.facts.created_at)
    for _at, known in replay(each.facts):
        evidence = known
    suggested = suggestion_of(triage_evidence(each)).query_class
    return replace(evidence, state=each.state, suggested_class=suggested)


def triage_evidence(each: Now) -> TriageEvidence:
    """What triage looks at, as for a promotion by people."""
    facts = each.facts
    body = "\n".join(words for _at, words in facts.own_words)
    people = 1 + len(facts.have_too_at)
    return TriageEvidence(facts.title, body, facts.tags, facts.space, facts.kind, people, each.language)
