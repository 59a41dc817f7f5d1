from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from community.core.db import db
from community.importing.stackexchange import Summary, import_stackexchange
from tests.community.importing.stackexchange_app import make_app

Import = Callable[..., Summary]


@pytest.fixture
def import_app(tmp_path: Path) -> Iterator[Flask]:
    """An application with nothing but the tables, in a database of its own."""
    app = make_app(tmp_path / "forum.db")
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def bring_in(import_app: Flask) -> Import:
    """Run an import and return its summary."""

    def run(folder: Path, space: str | None = None) -> Summary:
        return import_stackexchange(folder, space=space, report=lambda _step, _done, _total: None)

    return run
