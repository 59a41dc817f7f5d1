"""What tests of the inner space share."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime

import pytest
from flask import Flask

from community.core import db as clocks
from community.core.db import db
from community.spaces.models import Space
from community.superusers.inner.place import inner_space
from tests.community.notifications.conftest import mailing, receiving  # noqa: F401 - fixtures
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.visit import Visitor

Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`clock(moment)`: from now on it is that moment, in requests too."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(clocks, "_replayed", ContextVar("replayed", default=moment))

    return put


@pytest.fixture
def mia(app: Flask, login_as: LoginAs) -> Visitor:
    """A manager."""
    a_member("mia", role="manager")
    return login_as("mia")


@pytest.fixture
def home(app: Flask) -> Space:
    """A space that everybody reads."""
    return a_space("home", name="Workplace")


@pytest.fixture
def sue(app: Flask, login_as: LoginAs, home: Space) -> Visitor:
    """A super user of the open space."""
    a_member("sue", super_user_in=[home])
    return login_as("sue")


@pytest.fixture
def ann(app: Flask, login_as: LoginAs) -> Visitor:
    """A member who is nothing else."""
    a_member("ann")
    return login_as("ann")


@pytest.fixture
def space(app: Flask, mia: Visitor, sue: Visitor, run_jobs: RunJobs) -> Space:
    """The inner space, made by the button."""
    mia.get("/inner")
    mia.submit("/inner/space")
    run_jobs()
    db.session.expire_all()
    made = inner_space()
    assert made is not None
    return made
