"""A search index that is missing, broken or of another version."""

import shutil
from pathlib import Path

from flask import Flask

from tests.conftest import MakeApp
from tests.factories import a_thread
from tests.visit import Visitor


def test_without_an_index_search_says_so_and_all_else_goes_on(make_app: MakeApp) -> None:
    app = make_app(search_url="")
    with app.app_context():
        path = f"/threads/{a_thread().id}"
        visitor = Visitor(app)
        visitor.get("/search?q=vpn")
        shutil.rmtree(_home(app) / "index")
        visitor.get("/search?q=vpn", status=503)
        assert "Search is being prepared" in visitor.text
        visitor.get(path)


def _home(app: Flask) -> Path:
    home: Path = app.extensions["isthmus.settings"].home
    return home
