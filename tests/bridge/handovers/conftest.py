"""A connected desk on paper."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from bridge.desks import connecting
from bridge.handovers.models import DeskRoute, ServiceDesk
from bridge.handovers.sealing import seal
from community.core.db import db, utcnow
from tests.bridge.connectors.conftest import bench as bench
from tests.bridge.handovers.paper import Paper, PaperDesk
from tests.factories import a_member

Later = Callable[[timedelta], None]


@pytest.fixture
def later() -> Iterator[Later]:
    """Let time pass: `later(timedelta(hours=2))`."""
    with time_machine.travel(utcnow(), tick=True) as traveller:
        yield traveller.shift


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paper]:
    """What the desk holds."""
    held = Paper()
    monkeypatch.setitem(connecting.KINDS, "paper", lambda settings: PaperDesk(settings, held))
    yield held


@pytest.fixture
def desk(app: Flask, paper: Paper) -> ServiceDesk:
    """The desk, which gets every query."""
    speaker = a_member("desk-team", role="agent", name="Support team")
    made = ServiceDesk(
        key="paper",
        name="Paper desk",
        kind="paper",
        url="https://desk.example",
        speaker_id=speaker.id,
        sealed=seal({"push": "sign-1"}),
    )
    made.routes = [DeskRoute()]
    db.session.add(made)
    db.session.flush()
    return made
