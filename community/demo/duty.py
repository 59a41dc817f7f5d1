"""Turns on duty in the demo world, days to come on which people are away, and whom to check on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.superusers.duty import absences, operations
from community.superusers.duty.operations import Day, Plan
from community.superusers.duty.turns import DAY
from community.superusers.duty.workload import look_after_people

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _roster(world: World, told: Told) -> None:
    """Turns as "0 09:00 13:00 priya adwoa": weekday, hours, who, backup."""
    for line in told["turns"]:
        weekday, begins, ends, member, *backup = line.split()
        first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (begins, ends))
        backup_id = world.members[backup[0]] if backup else None
        plan = Plan(int(weekday), first, last, world.members[member], backup_id)
        operations.plan(world.spaces[told["space"]], plan, zone=told["zone"], by_id=world.members[told["by"]])


def _absence(world: World, told: Told) -> None:
    """Away in so many days from now, for so many days."""
    member = db.session.get_one(Member, world.members[told["by"]])
    first = utcnow().date() + timedelta(days=told["in_days"])
    absences.enter(member, first, first + timedelta(days=told["days"] - 1), shown=True)


def _swap(world: World, told: Told) -> None:
    """Asks somebody to take the turn of a weekday, the week after next."""
    by_id = world.members[told["by"]]
    turns = operations.turns_of(world.spaces[told["space"]], by_id)
    turn = next(each for each in turns if each.weekday == told["weekday"])
    today = utcnow().date()
    on = today + DAY * ((turn.weekday - today.weekday()) % 7 + 7)
    operations.ask(Day(turn, on), world.members[told["asks"]], by_id=by_id, words=told["words"])


def _hours(world: World, told: Told) -> None:
    operations.write_down(world.members[told["by"]], told["minutes"])


STEPS: dict[str, Step] = {
    "roster": _roster,
    "absence": _absence,
    "swap": _swap,
    "hours": _hours,
    "look_after_people": lambda _world, _told: look_after_people(),
}
