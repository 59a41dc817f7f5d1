"""The demo's working hours and promotion rules, and what they and people made of some threads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.promotion import acting, ruling
from bridge.promotion.book import EVERYWHERE
from bridge.promotion.calendar_data import calendar_from
from bridge.promotion.looking import look_at_thread
from bridge.promotion.rule_data import rule_from
from community.core.db import at_time

from .reading import Thread, Told, member, read, spaces_of

SET_UP_BY = "admin"
OUR_OWN = frozenset({"space", "days_ago", "off_in"})


def set_up(threads: Iterable[Thread], now: datetime) -> None:
    """Let the demo's hours and rules hold, in those spaces that are there."""
    told, places = read("rules.toml"), {"": EVERYWHERE, **spaces_of(threads)}
    by_id = member(SET_UP_BY)
    for calendar in _held_in(told["calendar"], places):
        with at_time(_days_before(now, calendar)):
            ruling.put_hours(calendar_from(_plain(calendar)), places[calendar.get("space", "")], by_id=by_id)
    for each in _held_in(told["rule"], places):
        rule = rule_from(_plain(each))
        with at_time(_days_before(now, each)):
            ruling.put(rule, places[each.get("space", "")], by_id=by_id)
            for slug in set(each.get("off_in", ())) & set(places):
                ruling.put(replace(rule, enabled=False), places[slug], by_id=by_id)


def replay(threads: Mapping[str, Thread], now: datetime) -> None:
    """Let the rules look at threads, and people step in, each at its own time."""
    for told in read("watched.toml")["act"]:
        if told["thread"] in threads:
            with at_time(now - timedelta(hours=told["hours_ago"])):
                _act(told, threads[told["thread"]])


def _act(told: Told, thread: Thread) -> None:
    if told["kind"] == "look":
        look_at_thread(thread.id, space_id=thread.space.id)
        return
    by_id = member(told["author"])
    if told["kind"] == "claim":
        acting.claim(thread, by_id=by_id, time=_time(told))
    elif told["kind"] == "hold":
        acting.hold(thread, by_id=by_id, time=_time(told), reason=told["reason"])
    elif told["kind"] == "dismiss":
        acting.dismiss(thread, by_id=by_id, reason=told["reason"])
    else:
        acting.propose(thread, by_id=by_id, query_class=told["class"], reason=told["reason"])


def _time(told: Told) -> timedelta:
    return timedelta(hours=told["hours"])


def _days_before(now: datetime, told: Told) -> datetime:
    return now - timedelta(days=told["days_ago"])


def _held_in(told: Iterable[Told], places: Mapping[str, int]) -> list[Told]:
    return [each for each in told if each.get("space", "") in places]


def _plain(told: Told) -> Told:
    return {name: value for name, value in told.items() if name not in OUR_OWN}
