"""Demo queries, loaded through the product's own operations, each act at its own time in the past."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from bridge.queries import operations, promotion
from bridge.queries.models import Query, Status
from bridge.queries.promotion import Choice
from bridge.triage.classes import QueryClass
from community import public
from community.core.db import at_time
from community.public import ThreadSnapshot

MINUTE = timedelta(minutes=1)
TAKEN_FIRST_FOR = QueryClass.SERVICE_REQUEST

Step = Callable[[Query, str, str, int], object]

STEPS: dict[str, Step] = {
    "acknowledge": lambda query, text, _right, by_id: operations.acknowledge(query, by_id=by_id, text=text),
    "internal_note": lambda query, text, _right, by_id: operations.note(query, text, by_id=by_id),
    "public_reply": lambda query, text, _right, by_id: operations.reply(query, text, by_id=by_id),
    "ask": lambda query, text, _right, by_id: operations.ask(query, text, by_id=by_id),
    "resolve": lambda query, text, _right, by_id: operations.resolve(query, text, by_id=by_id),
    "decline": lambda query, text, _right, by_id: operations.decline(query, text, by_id=by_id),
    "reclassify": lambda query, text, right, by_id: operations.classify(query, right, by_id=by_id, reason=text),
}


def seed(rows: Mapping[str, int], now: datetime) -> int:
    """Load the demo queries for these threads, by key; how many there are. A query without its threads is left out."""
    with files("bridge.demo").joinpath("queries.toml").open("rb") as source:
        told = [query for query in tomllib.load(source)["query"] if all(key in rows for key in query["threads"])]
    for query in told:
        _load(query, [rows[key] for key in query["threads"]], now)
    return len(told)


def _load(told: dict[str, Any], thread_ids: list[int], now: datetime) -> None:
    received = now - timedelta(hours=told["hours_ago"])
    with at_time(received):
        query = _promote(told, thread_ids)
    last = received
    for step in told.get("step", ()):
        last = now - timedelta(hours=step["hours_ago"])
        with at_time(last):
            STEPS[step["kind"]](query, step["text"].strip(), told["class"], _member(step["author"]))
        if step["kind"] == "acknowledge":
            _assign(query, told, last + MINUTE)
    if told["status"] == Status.RESOLVED and any(_thread(thread_id).solution_id for thread_id in thread_ids):
        with at_time(last + MINUTE):
            operations.close(query, by_id=_member(told["assignee"]))
    if "next_news_in_hours" in told:
        with at_time(last + MINUTE):
            when = now + timedelta(hours=told["next_news_in_hours"])
            operations.promise_news(query, when, by_id=_member(told["assignee"]))


def _promote(told: dict[str, Any], thread_ids: list[int]) -> Query:
    by_id = _member(told["promoted_by"])
    reclassified = any(step["kind"] == "reclassify" for step in told.get("step", ()))
    choice = Choice(
        query_class=TAKEN_FIRST_FOR if reclassified else told["class"],
        impact=told["impact"],
        urgency=told["urgency"],
        reason=told.get("reason", ""),
    )
    threads = [_thread(thread_id) for thread_id in thread_ids]
    query = promotion.promote(threads[0], choice, by_id=by_id)
    for thread in threads[1:]:
        promotion.join(query, thread, by_id=by_id)
    return query


def _assign(query: Query, told: dict[str, Any], at: datetime) -> None:
    with at_time(at):
        operations.assign(query, _member(told["assignee"]), by_id=_member(told["assignee"]))
        operations.mark_major(query, major=bool(told.get("major", False)), by_id=_member(told["assignee"]))


def _thread(thread_id: int) -> ThreadSnapshot:
    found = public.thread_snapshot(thread_id)
    if found is None:
        raise LookupError(f"thread {thread_id} is not there")
    return found


def _member(handle: str) -> int:
    found = public.member_id_of(handle)
    if found is None:
        raise LookupError(f"there is no member {handle}")
    return found
