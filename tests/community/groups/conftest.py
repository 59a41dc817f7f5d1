"""What tests of groups share."""

from typing import Any

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.groups import operations
from community.groups.models import Group, GroupMember, MemberState
from community.groups.operations import GroupDetails
from tests.conftest import LoginAs
from tests.factories import a_member
from tests.visit import Visitor


def a_group(slug: str = "network", *people: Member, owner: Member | None = None, **how: Any) -> Group:
    """A group with these people in it."""
    how.setdefault("name", slug.replace("-", " ").title())
    made = operations.create(slug, GroupDetails(**how), by_id=None)
    for person in (*people, *([owner] if owner else [])):
        operations.enter(made, person.id, MemberState.MEMBER, by_id=None)
    if owner:
        held = operations.membership(made.id, owner.id)
        assert held is not None
        operations.set_owner(made, held, owner=True, by_id=None)
    db.session.flush()
    return made


def state_of(group: Group, person: Member) -> str:
    """Where somebody is on the way into a group; "" for nowhere."""
    held = db.session.get(GroupMember, (group.id, person.id), populate_existing=True)
    return held.state if held else ""


def take_out(group: Group, person: Member) -> None:
    """End somebody's membership."""
    held = operations.membership(group.id, person.id)
    assert held is not None
    operations.leave(group, held, by_id=None)
    db.session.commit()


@pytest.fixture
def mia(app: Flask, login_as: LoginAs) -> Visitor:
    """A manager."""
    a_member("mia", role="manager")
    return login_as("mia")
