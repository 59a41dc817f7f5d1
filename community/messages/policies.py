"""Who may write to whom, and how much.

Whether somebody reads a conversation is no question of rights: only those who take part do, whatever their role, and
`queries` reads through their own rows alone.
"""

from dataclasses import dataclass

from flask import current_app

from community.accounts.models import Member
from community.core.policies import Actor
from community.core.settings import Settings
from community.forum import standing

from .models import Participant

MOST_PEOPLE = 20


@dataclass(frozen=True)
class Limits:
    """How many conversations one begins and messages one writes in a day, and with how many others at once."""

    conversations: int
    messages: int
    people: int

    @property
    def several(self) -> bool:
        """Whether conversations of more than two are theirs to make."""
        return self.people > 1


MEMBER = Limits(conversations=20, messages=300, people=MOST_PEOPLE - 1)
NEWCOMER = Limits(conversations=3, messages=30, people=1)


def enabled() -> bool:
    """Whether this installation has messages at all."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    return settings.messages


def limits_of(actor: Actor) -> Limits:
    """What the actor may write in a day; people who are new here less, so that nobody is swamped by strangers."""
    return MEMBER if standing.holds(actor) else NEWCOMER


def is_reachable(member: Member) -> bool:
    """Whether a person could read what is written to them."""
    return member.email_confirmed_at is not None and member.suspended_at is None


def can_write(part: Participant) -> bool:
    """Who takes part writes, until they leave."""
    return part.left_at is None
