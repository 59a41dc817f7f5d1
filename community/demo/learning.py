"""What super users of the demo world learn by check-lists, and what they are thanked for in letters."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.superusers.letters import operations as letters
from community.superusers.letters.operations import Told as LetterTold
from community.superusers.training import defaults, operations
from community.superusers.training.models import Checklist, ChecklistItem, ChecklistTick
from community.superusers.training.waiting import look_at_lists

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _lists(world: World, told: Told) -> None:
    defaults.write(told["language"], by_id=world.members[told["by"]])


def _publish(world: World, told: Told) -> None:
    for audience in told["lists"]:
        operations.publish(_list(audience), by_id=world.members[told["by"]])
    look_at_lists()


def _list(audience: str) -> Checklist:
    return db.session.scalars(select(Checklist).where(Checklist.audience == audience)).one()


def _item(told: Told, number: int) -> ChecklistItem:
    return _list(told["list"]).living[number - 1]


def _tick(world: World, told: Told) -> None:
    for number in told["items"]:
        item = _item(told, number)
        operations.tick(item, world.members[told["by"]], version=item.version)


def _confirm(world: World, told: Told) -> None:
    held = db.session.get_one(ChecklistTick, (_item(told, told["item"]).id, world.members[told["whom"]]))
    operations.confirm(held, by_id=world.members[told["by"]])


def _letter(world: World, told: Told) -> None:
    """A draft; or shown, found right and signed."""
    person, by = (db.session.get_one(Member, world.members[told[key]]) for key in ("whom", "by"))
    ends = world.now.date() - timedelta(days=1)
    begins = ends - timedelta(days=told["days"] - 1)
    words = LetterTold(told.get("to", ""), told["language"], begins, ends, told["words"].strip(), told["figures"])
    made = letters.draft(person, words, by_id=by.id)
    if told.get("signed"):
        letters.show(made, by_id=by.id)
        letters.allow_hours(made, allowed=True)
        letters.agree(made)
        letters.sign(made, member=by, hash_seen=letters.hash_of(made))


STEPS: dict[str, Step] = {
    "check_lists": _lists,
    "publish_lists": _publish,
    "look_at_lists": lambda _world, _told: look_at_lists(),
    "tick": _tick,
    "confirm_tick": _confirm,
    "letter": _letter,
}
