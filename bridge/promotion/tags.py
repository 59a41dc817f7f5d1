"""Rules keep up with tags: what asks for one that became another word for a main tag asks for that."""

from typing import Any

from sqlalchemy import select

from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.forum.events import TagMerged

from .conditions import Tags
from .models import PromotionRule
from .watches import look_again


@subscribe(TagMerged)
def ask_for_main_tag(event: TagMerged, _fact: Fact) -> None:
    """Rules that name the tag name the main one, and threads that wait are looked at again."""
    now = utcnow()
    for row in db.session.scalars(select(PromotionRule).order_by(PromotionRule.id).with_for_update()).all():
        renamed = _renamed(row.definition, event.tag, event.main)
        if renamed != row.definition:
            row.definition, row.changed_by_id, row.changed_at = renamed, event.actor_id, now
            look_again(row.space_id, now)


def _renamed(definition: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The rule as JSON, with another tag in the place of one; also of a rule that can no longer be read."""
    conditions = definition.get("conditions")
    if not isinstance(conditions, list):
        return definition
    return definition | {"conditions": [_condition(each, old, new) for each in conditions]}


def _condition(condition: Any, old: str, new: str) -> Any:
    if not isinstance(condition, dict) or condition.get("is") != Tags.code:
        return condition
    names = [new if str(name).casefold() == old.casefold() else name for name in condition.get("tags", ())]
    return condition | {"tags": list(dict.fromkeys(names))}
