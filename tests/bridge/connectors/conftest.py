"""Real desks, started once for all tests that ask them."""

from collections.abc import Iterator

import pytest

from bridge.desks.contract import Desk
from scripts.desks.common import UnavailableError

from .benches import BENCHES, Bench, desk_of


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


@pytest.fixture
def desk(bench: Bench) -> Desk:
    """Our connector to the desk."""
    return desk_of(bench)
