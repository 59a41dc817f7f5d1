"""Secrets in addresses: not in what the web server writes, and left out by the recipes for proxies."""

import logging
import re
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError

import pytest
from flask import Flask
from waitress.server import create_server

from community.accounts.models import new_token
from community.core.logs import SERVERS, keep_secrets_out

DOCS = Path(__file__).parents[2] / "docs" / "configuration.md"


@pytest.fixture
def broken_server() -> Iterator[Callable[[str], str]]:
    """Asks a real server whose program fails before it could say anything itself."""

    def fails(_environ: dict[str, Any], _start: object) -> Iterable[bytes]:
        raise ZeroDivisionError

    server: Any = create_server(fails, host="127.0.0.1", port=0)

    def serve() -> None:
        with suppress(OSError):  # closing the socket is how the loop is told to end
            server.run()

    running = Thread(target=serve, daemon=True)
    running.start()

    def ask(path: str) -> str:
        with pytest.raises(HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}{path}")
        return path

    yield ask
    server.close()
    running.join(10)


def test_the_server_names_addresses_without_their_secrets(
    broken_server: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    keep_secrets_out()
    keep_secrets_out()
    token = new_token()
    broken_server(f"/feeds/own/{token}/calendar.ics")
    broken_server("/threads/17")
    assert token not in caplog.text
    assert "/feeds/own/.../calendar.ics" in caplog.text
    assert "/threads/17" in caplog.text
    for name in SERVERS:
        logging.getLogger(name).info("GET %s", f"/feeds/own/{token}/duty.ics")
        assert len(logging.getLogger(name).filters) == 1


def patterns() -> list[str]:
    """What the recipes for nginx, Caddy and Apache look for."""
    return re.findall(r"\^(?:\(\?<kind>)?/\(([a-z/|]+)\)", DOCS.read_text("utf-8"))


def test_the_recipes_for_proxies_know_every_secret_address(app: Flask) -> None:
    secret = [rule.rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert secret
    assert len(patterns()) == 3
    for pattern in patterns():
        known = re.compile(f"^/(?:{pattern})/<string:token>")
        assert [rule for rule in secret if not known.match(rule)] == []
