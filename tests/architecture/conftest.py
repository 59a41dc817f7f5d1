"""The application without data, for tests that only look at how it is put together."""

from collections.abc import Iterator

import pytest
from flask import Flask

from community.core.db import db
from tests.conftest import built, settings_for


@pytest.fixture(scope="session")
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """All packages loaded, a database without tables."""
    home = tmp_path_factory.mktemp("plain")
    app = built(settings_for(home, f"sqlite:///{home / 'plain.db'}"), tables=False)
    yield app
    with app.app_context():
        db.engine.dispose()
