"""The real desks behind files, and the small desk of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.desks.contract import Desk, DeskSettings
from bridge.desks.declarative.description import read_description
from bridge.desks.declarative.desk import connect, connect_shipped
from scripts.desks.common import UnavailableError
from tests.bridge.connectors import benches
from tests.bridge.connectors.benches import Bench, desk_of

from .benches import BENCHES

GUIDE = Path(__file__).parents[3] / "docs" / "connect-a-desk.md"


@pytest.fixture(scope="session", params=BENCHES)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Each desk in turn; skipped with the reason where it cannot be had."""
    opened = BENCHES[request.param]()
    try:
        there = opened.__enter__()
    except UnavailableError as error:
        pytest.skip(f"{request.param}: {error}")
    try:
        yield there
    finally:
        opened.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract test opens its desks through their files."""
    monkeypatch.setattr(benches, "connect", opened)


def opened(settings: DeskSettings) -> Desk:
    """The desk of the guide by the guide, the others by the files that come with the program."""
    if settings.kind != "guide":
        return connect_shipped(settings)
    return connect(read_description(guide_file().replace("size = 50", "size = 3")), settings)  # so that there are pages


def guide_file() -> str:
    """The example of the guide."""
    return GUIDE.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]


@pytest.fixture
def desk(bench: Bench) -> Desk:
    """Our side of the desk."""
    return desk_of(bench)
