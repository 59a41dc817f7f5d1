"""Advertising in the demo world, and what a spam service said about it: recorded, for no service is asked here."""

from collections.abc import Callable
from typing import Any

from community.core.db import db
from community.forum import operations as forum
from community.forum.models import Thread
from community.moderation.spam import checking
from community.moderation.spam.contract import SpamVerdict
from community.moderation.spam.models import SpamConnection
from community.moderation.spam.service import settings

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _reply(world: World, told: Told) -> None:
    """Somebody advertises, and the service is sure enough for the reply to be hidden until a person decides."""
    thread = db.session.get_one(Thread, world.threads[told["thread"]])
    post = forum.reply(thread, author_id=world.members[told["by"]], body=told["body"])
    if settings() is None:
        db.session.add(SpamConnection(id=1, on=False))
        db.session.flush()
    checking.keep("post", post.id, SpamVerdict(told["score"], told["reason"]))


STEPS: dict[str, Step] = {"spam_reply": _reply}
