"""A space, somebody who helps in it, and the people who run the programme."""

from dataclasses import dataclass

import pytest
from flask import Flask

from community.accounts.models import Member
from community.spaces.models import Space
from tests.factories import a_member, a_space


@dataclass
class Programme:
    """Who there is."""

    home: Space
    ann: Member
    mia: Member
    regulars: list[Member]


@pytest.fixture
def programme(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """Ann helps in the space home, Mia is a manager, and four people have been here for long."""
    home, ann = a_space("home", name="Home"), a_member("ann")
    mia = a_member("mia", role="manager")
    regulars = [a_member(handle) for handle in ("rob", "rosa", "ravi", "ruth")]
    known = {member.id for member in [*regulars, ann]}
    monkeypatch.setitem(app.extensions, "isthmus.standing", known.__contains__)
    return Programme(home, ann, mia, regulars)
