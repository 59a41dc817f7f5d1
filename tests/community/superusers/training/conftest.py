"""A programme with a list for its super users."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.notifications.models import Notification
from community.spaces.models import Space
from community.superusers.training import operations
from community.superusers.training.models import Checklist, ChecklistItem
from community.superusers.training.operations import Written
from tests.factories import a_member, a_space

MINE = "/my/check-lists"


@dataclass
class Learning:
    """Mia runs the programme; Sue and Sam are super users, Ann is nothing, Ada is an agent."""

    home: Space
    sue: Member
    sam: Member
    found: Checklist
    first: ChecklistItem
    shown: ChecklistItem
    extra: ChecklistItem


@pytest.fixture
def learning(app: Flask) -> Learning:
    """One list that is published, with something plain, something to be shown, and something optional."""
    home = a_space("home", name="Home")
    a_member("mia", role="manager")
    a_member("ada", role="agent")
    a_member("ann")
    sue, sam = (a_member(handle, super_user_in=[home]) for handle in ("sue", "sam"))
    found = operations.make("Canary list", "super_user", "en", by_id=None)
    first = operations.add_item(found, Written("Canary charter", "Read **all** of it", "/spaces/home"), by_id=None)
    shown = operations.add_item(found, Written("Canary case", shown=True), by_id=None)
    extra = operations.add_item(found, Written("Canary extra", required=False), by_id=None)
    operations.publish(found, by_id=None)
    db.session.commit()
    return Learning(home, sue, sam, found, first, shown, extra)


def told(handle: str, kind: str = "training") -> list[str]:
    """What somebody was told of this kind."""
    rows = select(Notification.title).join(Member, Member.id == Notification.member_id)
    wanted = rows.where(Member.handle == handle, Notification.kind == kind).order_by(Notification.id)
    return list(db.session.scalars(wanted))
