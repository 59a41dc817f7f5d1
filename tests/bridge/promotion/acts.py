"""What tests of promotion share: rules that are switched on, and time that passes."""

import contextvars
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import select

from bridge.promotion.book import EVERYWHERE, row_of
from bridge.promotion.calendars import ALWAYS, Calendar
from bridge.promotion.conditions import HaveToo, Unanswered
from bridge.promotion.looking import look_at_due
from bridge.promotion.models import PromotionRule, ThreadWatch, WorkingCalendar
from bridge.promotion.rules import USUAL_RULES, Effect, Rule
from bridge.promotion.watches import watch_of
from community.core.db import at_time, db, utcnow
from community.core.jobs import Delivery, enqueue, run_all
from community.forum import operations as forum
from community.forum.models import Thread
from tests.conftest import save
from tests.factories import a_member

# A Wednesday morning; the working week has begun.
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_rule(rule: Rule, space_id: int | None = None) -> PromotionRule:
    """The rule as it holds from now on."""
    row = row_of(rule.key, space_id or EVERYWHERE) or PromotionRule(space_id=space_id, position=99)
    row.define(rule, by_id=None, at=utcnow())
    db.session.add(row)
    db.session.flush()
    return row


def automatic(key: str = "shared", *, cap: int = 10, wait: timedelta = 3 * HOUR, count: int = 1) -> Rule:
    """A rule that promotes what so many people have."""
    return Rule(key, f"Rule {key}", (HaveToo(count),), Effect.AUTOMATIC, "incident", False, cap, wait)


def only(rule: Rule) -> PromotionRule:
    """This rule alone holds everywhere."""
    for usual in USUAL_RULES:
        a_rule(replace(usual, enabled=False))
    return a_rule(rule)


def suggesting(hours: float = 8) -> Rule:
    """A rule that suggests what nobody answered."""
    return Rule("waits", "Waits too long", (Unanswered(hours),))


def hours(calendar: Calendar = ALWAYS) -> None:
    """Working hours of the installation."""
    row = WorkingCalendar(space_id=0)
    row.define(calendar, by_id=None, at=utcnow())
    db.session.add(row)
    db.session.flush()


def shared(thread: Thread, people: int = 1) -> Thread:
    """So many people have it too."""
    for _one in range(people):
        forum.have_too(thread, member_id=a_member().id)
    return thread


def jobs_at(moment: datetime, *, failing: bool = False) -> None:
    """Run what is due at this moment, until nothing is; none of it may fail unless that is wanted."""
    save()
    contextvars.Context().run(_run_at, current_app._get_current_object(), moment)  # type: ignore[attr-defined]
    failed = list(db.session.execute(select(Delivery.handler, Delivery.error).where(Delivery.error != "")))
    assert bool(failed) == failing, failed
    save()


def _run_at(app: Flask, moment: datetime) -> None:
    with at_time(moment):
        run_all(app)


def pass_time(moment: datetime, *, failing: bool = False) -> None:
    """Let it be this moment, with the turn of the timetable that comes then."""
    with at_time(moment):
        enqueue(look_at_due)
    jobs_at(moment, failing=failing)


def watch(thread: Thread) -> ThreadWatch:
    """The watch of a thread."""
    found = watch_of(thread.id)
    assert found is not None
    db.session.refresh(found)
    return found
