"""Demo queries, loaded through the product's own operations, each act at its own time in the past."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bridge.demo import letters, ruling
from bridge.demo.reading import Thread, Told, member, opened, read
from bridge.handovers import operations as handovers
from bridge.handovers.queries import desk_by_key
from bridge.queries import operations, promotion
from bridge.queries.models import Query, Status
from bridge.queries.promotion import Choice
from community import public
from community.core.db import at_time, db

MINUTE = timedelta(minutes=1)

Step = Callable[[Query, Told, str], object]


def _by(step: Told) -> int:
    return member(step["author"])


def _text(step: Told) -> str:
    return str(step["text"].strip())


STEPS: dict[str, Step] = {
    "acknowledge": lambda query, step, _right: operations.acknowledge(query, by_id=_by(step), text=_text(step)),
    "internal_note": lambda query, step, _right: operations.note(query, _text(step), by_id=_by(step)),
    "public_reply": lambda query, step, _right: operations.reply(query, _text(step), by_id=_by(step)),
    "ask": lambda query, step, _right: operations.ask(query, _text(step), by_id=_by(step)),
    "resolve": lambda query, step, _right: operations.resolve(query, _text(step), by_id=_by(step)),
    "decline": lambda query, step, _right: operations.decline(query, _text(step), by_id=_by(step)),
    "classify": lambda query, step, right: operations.classify(query, right, by_id=_by(step), reason=_text(step)),
    "hand_over": lambda query, step, _right: handovers.hand_over(
        query, desk=desk_by_key(step["desk"]), by_id=_by(step)
    ),
    "send": lambda query, _step, _right: letters.send(query.id),
    "letter": lambda query, step, _right: letters.arrive(query.id, step["author"], step["number"], _text(step)),
    "release": lambda query, step, _right: letters.release(query.id, by_id=_by(step)),
}


def seed(rows: Mapping[str, int], now: datetime) -> int:
    """Load the demo's rules, desks and queries for these threads, by key; how many queries there are.

    What is told of threads that are not there is left out. Sending and receiving letters commits what was loaded.
    """
    if not rows:
        return 0
    threads = opened(rows)
    ruling.set_up(threads.values(), now)
    count = _load_all(read("queries.toml"), rows, now)
    told = read("desks.toml")
    letters.connect(told, threads.values(), now)
    count += _load_all(told, rows, now)
    ruling.replay(threads, now)
    return count


def _load_all(told: Told, rows: Mapping[str, int], now: datetime) -> int:
    there = [query for query in told["query"] if all(key in rows for key in query["threads"])]
    for query in there:
        _load(query, [rows[key] for key in query["threads"]], now)
    return len(there)


def _load(told: Told, thread_ids: list[int], now: datetime) -> None:
    received = now - timedelta(hours=told["hours_ago"])
    with at_time(received):
        query_id = _promote(told, thread_ids).id
    last = received
    for step in told.get("step", ()):
        last = now - timedelta(hours=step["hours_ago"])
        with at_time(last):
            STEPS[step["kind"]](_query(query_id), step, told["class"])
        if step["kind"] == "acknowledge":
            _assign(_query(query_id), told, last + MINUTE)
    with at_time(last + MINUTE):
        _finish(_query(query_id), told, thread_ids, now)


def _finish(query: Query, told: Told, thread_ids: list[int], now: datetime) -> None:
    if told["status"] == Status.RESOLVED and any(_thread(thread_id).solution_id for thread_id in thread_ids):
        operations.close(query, by_id=member(told["assignee"]))
    if "next_news_in_hours" in told:
        when = now + timedelta(hours=told["next_news_in_hours"])
        operations.promise_news(query, when, by_id=member(told["assignee"]))


def _promote(told: Told, thread_ids: list[int]) -> Query:
    by_id = member(told["promoted_by"])
    choice = Choice(
        query_class=told.get("came_as", told["class"]),
        impact=told["impact"],
        urgency=told["urgency"],
        reason=told.get("reason", ""),
    )
    threads = [_thread(thread_id) for thread_id in thread_ids]
    query = promotion.promote(threads[0], choice, by_id=by_id)
    for thread in threads[1:]:
        promotion.join(query, thread, by_id=by_id)
    return query


def _assign(query: Query, told: Told, at: datetime) -> None:
    with at_time(at):
        operations.assign(query, member(told["assignee"]), by_id=member(told["assignee"]))
        operations.mark_major(query, major=bool(told.get("major", False)), by_id=member(told["assignee"]))


def _query(query_id: int) -> Query:
    return db.session.get_one(Query, query_id)


def _thread(thread_id: int) -> Thread:
    found = public.thread_snapshot(thread_id)
    if found is None:
        raise LookupError(f"thread {thread_id} is not there")
    return found
