"""Changing rules and hours: each change holds from the next look on, at every thread that waits."""

import hashlib
import json
import secrets

from sqlalchemy import select

from community.core.db import db, utcnow

from .book import EVERYWHERE, Book, row_of
from .calendars import Calendar
from .models import PromotionRule, WorkingCalendar
from .rule_data import rule_data
from .rules import Placed, Rule, Source
from .watches import look_again

LAST = 100


def rules_at(book: Book, space_id: int) -> tuple[Placed, ...]:
    """The rules of a place with where each comes from; those of the installation come from themselves."""
    if space_id == EVERYWHERE:
        return tuple(Placed(rule, Source.OWN) for rule in book.rules.defaults)
    return book.rules.placed_in(space_id)


def placed(book: Book, key: str, space_id: int) -> Placed | None:
    """One rule of a place."""
    return next((each for each in rules_at(book, space_id) if each.rule.key == key), None)


def put(rule: Rule, space_id: int, *, by_id: int | None) -> None:
    """Let the rule hold in a place, 0 for everywhere."""
    now, row = utcnow(), row_of(rule.key, space_id, lock=True)
    if row is None:
        row = PromotionRule(space_id=space_id or None, position=LAST)
        db.session.add(row)
    row.define(rule, by_id=by_id, at=now)
    db.session.flush()
    look_again(space_id, now)


def reset(key: str, space_id: int) -> None:
    """Drop what the place says of its own: the rule is as everywhere, as usual, or gone."""
    row = row_of(key, space_id, lock=True)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        look_again(space_id, utcnow())


def new_key() -> str:
    """A key that no rule has."""
    return f"r-{secrets.token_hex(4)}"


def digest(rule: Rule) -> str:
    """What a rule asks for and does, but for whether it is on and acts on its own: the same for the same rule."""
    said = {k: v for k, v in rule_data(rule).items() if k not in ("effect", "enabled", "name")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:20]


def hours_of(space_id: int) -> Calendar | None:
    """The calendar that a place has of its own."""
    row = db.session.scalar(select(WorkingCalendar).where(WorkingCalendar.space_id == space_id))
    return row.calendar if row else None


def put_hours(calendar: Calendar, space_id: int, *, by_id: int | None) -> None:
    """Let these be the hours of a place, 0 for everywhere."""
    now = utcnow()
    row = db.session.get(WorkingCalendar, space_id, with_for_update=True)
    if row is None:
        row = WorkingCalendar(space_id=space_id)
        db.session.add(row)
    row.define(calendar, by_id=by_id, at=now)
    db.session.flush()
    look_again(space_id, now)


def reset_hours(space_id: int) -> None:
    """The place works when everybody does, or when it usually is."""
    row = db.session.get(WorkingCalendar, space_id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        look_again(space_id, utcnow())
