from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from community.core.db import db
from community.importing.stackexchange import Summary, import_stackexchange
from tests.conftest import empty, emptying

Import = Callable[..., Summary]


@pytest.fixture
def bring_in(app: Flask) -> Import:
    """Run an import and return its summary."""

    def run(folder: Path, space: str | None = None) -> Summary:
        db.session.rollback()
        return import_stackexchange(folder, space=space, report=lambda _step, _done, _total: None)

    return run


@pytest.fixture
def start_again(app: Flask) -> Callable[[], None]:
    """Empty the application's database."""

    def run() -> None:
        db.session.remove()
        empty(app, emptying(db.engine))

    return run
