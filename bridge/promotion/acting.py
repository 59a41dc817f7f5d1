"""What people do about a thread that rules have an eye on. Each waits for the watch and finds it as it is now."""

from datetime import datetime, timedelta

from bridge.queries import promotion as promotions
from bridge.queries import queries
from bridge.queries.models import Query
from bridge.queries.redaction import redact
from community import public
from community.core import events
from community.core.db import utcnow
from community.public import ThreadSnapshot

from .events import SuggestionDismissed, ThreadClaimed, ThreadHeld, ThreadLetGo, ThreadProposed
from .looking import look_at
from .models import ThreadWatch
from .promoting import choice_for, settle
from .showing import Shown, shown
from .watches import watched


def claim(thread: ThreadSnapshot, *, by_id: int, time: timedelta) -> ThreadWatch:
    """Somebody looks at it: no rule takes it to the desk meanwhile."""
    now, watch = utcnow(), watched(thread.id, thread.space.id)
    watch.claimed_by_id, watch.claimed_until = by_id, now + time
    events.record(ThreadClaimed(actor_id=by_id, thread_id=thread.id, until=_iso(watch.claimed_until)), at=now)
    return _looked_at(watch, now)


def hold(thread: ThreadSnapshot, *, by_id: int, time: timedelta, reason: str) -> ThreadWatch:
    """Say why no rule may take it to the desk for some time."""
    now, watch = utcnow(), watched(thread.id, thread.space.id)
    said = redact(reason).text[:300]
    watch.held_by_id, watch.held_until, watch.held_reason = by_id, now + time, said
    fact = ThreadHeld(actor_id=by_id, thread_id=thread.id, until=_iso(watch.held_until), reason=said)
    events.record(fact, at=now)
    return _looked_at(watch, now)


def propose(thread: ThreadSnapshot, *, by_id: int, query_class: str, reason: str) -> ThreadWatch:
    """Ask the desk to take it, and say as what and why; rules that listen to proposals bring it to the staff's list.

    A later proposal takes the place of an earlier one; a dismissal before it is no answer to it.
    """
    now, watch = utcnow(), watched(thread.id, thread.space.id)
    said = redact(reason).text[:300]
    watch.proposed_by_id, watch.proposed_at = by_id, now
    watch.proposed_class, watch.proposed_reason = query_class, said
    fact = ThreadProposed(actor_id=by_id, thread_id=thread.id, query_class=query_class, reason=said)
    events.record(fact, at=now)
    return _looked_at(watch, now)


def let_go(thread: ThreadSnapshot, *, by_id: int) -> ThreadWatch:
    """Take claims and holds back: the rules go on."""
    now, watch = utcnow(), watched(thread.id, thread.space.id)
    if watch.claimed_until is not None or watch.held_until is not None:
        watch.let_go()
        events.record(ThreadLetGo(actor_id=by_id, thread_id=thread.id), at=now)
        public.touch_thread(thread.id)
    return _looked_at(watch, now)


def promote_now(thread: ThreadSnapshot, *, by_id: int) -> Query:
    """Take it to the desk as the rule understands it; a thread that has an open query stays with it."""
    watch = watched(thread.id, thread.space.id)
    first = first_of(shown(watch.verdicts))
    why = watch.proposed_reason or (first.plain_why if first else "")
    choice = choice_for(thread, first.rule if first else None, why, proposed=watch.proposed_class)
    query = promotions.promote(thread, choice, by_id=by_id)
    settle(watch, query)
    return query


def join(query: Query, thread: ThreadSnapshot, *, by_id: int) -> Query:
    """Let it travel with an open query."""
    watch = watched(thread.id, thread.space.id)
    joined = promotions.join(query, thread, by_id=by_id)
    settle(watch, joined)
    return joined


def dismiss(thread: ThreadSnapshot, *, by_id: int, reason: str) -> None:
    """It stays in the community; rules that spoke are silent until something new comes true."""
    now, watch = utcnow(), watched(thread.id, thread.space.id)
    rules = tuple(each.rule.key for each in shown(watch.verdicts))
    watch.dismissed_by_id, watch.dismissed_at, watch.dismissed_reason = by_id, now, redact(reason).text[:300]
    fact = SuggestionDismissed(actor_id=by_id, thread_id=thread.id, reason=watch.dismissed_reason, rules=rules)
    events.record(fact, at=now)
    _looked_at(watch, now)


def at_desk(thread_id: int) -> bool:
    """Whether the thread travels with an open query."""
    return queries.active_query_of(thread_id) is not None


def first_of(verdicts: tuple[Shown, ...]) -> Shown | None:
    """The verdict that counts: the automatic one that goes first, else the first suggestion."""
    going = [each for each in verdicts if each.automatic and each.due_at is not None]
    return min(going, key=lambda each: each.due_at or each.since, default=next(iter(verdicts), None))


def _looked_at(watch: ThreadWatch, now: datetime) -> ThreadWatch:
    """Let the rules look again, and have the page of the thread show what was done."""
    look_at([watch], now)
    public.touch_thread(watch.thread_id)
    return watch


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
