"""People who write to each other."""

from dataclasses import dataclass

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.messages import operations
from community.messages.models import Conversation
from tests.factories import a_member


@dataclass(frozen=True)
class Talk:
    """Ann wrote to Bob and Cleo; Dan and the admin have no part in it."""

    id: int
    ann: Member
    bob: Member
    cleo: Member
    dan: Member

    @property
    def path(self) -> str:
        return f"/messages/{self.id}"

    @property
    def conversation(self) -> Conversation:
        return db.session.get_one(Conversation, self.id)

    def say(self, who: Member, body: str) -> int:
        return operations.send(self.id, author_id=who.id, body=body).id


@pytest.fixture
def talk(app: Flask) -> Talk:
    """A conversation of three."""
    ann, bob, cleo, dan = (
        a_member(handle, name=name)
        for handle, name in (("ann", "Ann Ek"), ("bob", "Bob Lind"), ("cleo", "Cleo Ray"), ("dan", "Dan Moe"))
    )
    a_member("boss", role="admin", name="Boss Admin")
    made = operations.start(
        sender_id=ann.id, to=[bob, cleo], subject="The osprey budget", body="Is the **cormorant** figure right?"
    )
    db.session.commit()
    return Talk(made.id, ann, bob, cleo, dan)
