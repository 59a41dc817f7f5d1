"""The rules and calendars that hold, read from the database; what nobody changed is as in code."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from community.core.db import db

from .calendars import WORKING_WEEK, Calendar
from .models import PromotionRule, WorkingCalendar
from .problems import InvalidError
from .rules import USUAL_RULES, Rule, RuleBook

log = logging.getLogger(__name__)

EVERYWHERE = 0


@dataclass(frozen=True)
class Book:
    """All rules and calendars. `made_in` names the spaces that have a rule of their own, by key."""

    rules: RuleBook
    calendars: Mapping[int, Calendar]

    def rules_in(self, space_id: int) -> tuple[Rule, ...]:
        """The rules that are switched on in a space."""
        return self.rules.rules_in(space_id)

    def calendar_in(self, space_id: int) -> Calendar:
        """The working hours of a space: its own, else those of the installation."""
        return self.calendars.get(space_id) or self.calendars.get(EVERYWHERE, WORKING_WEEK)

    def made_in(self, key: str, space_id: int) -> int:
        """Where the rule that holds in a space was made: the space, or 0 for everywhere."""
        own = any(rule.key == key for rule in self.rules.spaces.get(space_id, ()))
        return space_id if own else EVERYWHERE


def open_book() -> Book:
    """Everything that holds now, in two statements; a rule that can no longer be read does not hold."""
    rows = db.session.scalars(select(PromotionRule).order_by(PromotionRule.position, PromotionRule.id))
    everywhere: dict[str, Rule] = {rule.key: rule for rule in USUAL_RULES}
    spaces: dict[int, list[Rule]] = defaultdict(list)
    for row in rows:
        rule = _read(row)
        if rule is None:
            continue
        if row.space_id is None:
            everywhere[row.key] = rule
        else:
            spaces[row.space_id].append(rule)
    calendars = {row.space_id: row.calendar for row in db.session.scalars(select(WorkingCalendar))}
    own = {space_id: tuple(rules) for space_id, rules in spaces.items()}
    return Book(RuleBook(tuple(everywhere.values()), own), calendars)


def _read(row: PromotionRule) -> Rule | None:
    try:
        return row.rule
    except InvalidError as error:
        log.error("promotion rule %s cannot be read: %s", row.key, error)
        return None


def row_of(key: str, space_id: int, *, lock: bool = False) -> PromotionRule | None:
    """The row of a rule in its place (0: everywhere); none where it is as in code, or not there at all."""
    place = PromotionRule.space_id.is_(None) if space_id == EVERYWHERE else PromotionRule.space_id == space_id
    statement = select(PromotionRule).where(PromotionRule.key == key, place)
    return db.session.scalar(statement.with_for_update() if lock else statement)
