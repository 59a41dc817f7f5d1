"""What people of the demo world write to each other, and when they are away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.messages import operations
from community.messages.models import Conversation
from community.notifications.planning import row_of

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _talk(world: World, told: Told) -> None:
    to = [db.session.get_one(Member, world.members[handle]) for handle in told["to"]]
    made = operations.start(
        sender_id=world.members[told["by"]], to=to, subject=told["subject"], body=told["body"].strip()
    )
    world.talks[told["key"]] = made.id
    _read(world, told)


def _say(world: World, told: Told) -> None:
    operations.send(world.talks[told["talk"]], author_id=world.members[told["by"]], body=told["body"].strip())
    _read(world, told)


def _read(world: World, told: Told) -> None:
    talk = db.session.get_one(Conversation, world.talks[told.get("talk") or told["key"]])
    for handle in (told["by"], *told.get("read_by", ())):
        operations.mark_read(talk.id, world.members[handle], talk.last_id)


def _away(world: World, told: Told) -> None:
    row = row_of(world.members[told["by"]])
    row.away_until = (utcnow() + timedelta(days=told["days"])).replace(hour=0, minute=0, second=0, microsecond=0)
    row.away_shown = True


STEPS: dict[str, Step] = {"talk": _talk, "say": _say, "away": _away}
