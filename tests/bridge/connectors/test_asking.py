"""What answers mean that no desk gives on request: errors, patience, nonsense. And texts of desks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bridge.desks.connectors import connect, texts
from bridge.desks.connectors.asking import HIDDEN, Line, wait_of
from bridge.desks.contract import (
    DeskBusyError,
    DeskError,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskUnreachableError,
    NotAtDeskError,
)


@contextmanager
def answering(status: int, body: bytes = b"", **headers: str) -> Iterator[Line]:
    """A line to a desk that always answers the same."""

    class Same(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Same)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    settings = DeskSettings("x", "x", url, secrets={"token": "opensesame"}, allow_private=True)
    try:
        yield Line(settings, {"Authorization": "token opensesame"})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, DeskRefusedError),
        (400, DeskRefusedError),
        (401, DeskKeyError),
        (403, DeskRefusedError),
        (404, NotAtDeskError),
        (408, DeskUnreachableError),
        (410, NotAtDeskError),
        (412, DeskBusyError),
        (429, DeskBusyError),
        (500, DeskUnreachableError),
        (502, DeskUnreachableError),
        (503, DeskBusyError),
    ],
)
def test_what_an_answer_means(status: int, kind: type[DeskError]) -> None:
    with answering(status, b"The key opensesame does not fit") as line, pytest.raises(DeskError) as raised:
        line.json("GET", "/")
    assert type(raised.value) is kind
    assert f"The key {HIDDEN} does not fit" in str(raised.value)


def test_a_page_is_no_answer() -> None:
    with answering(200, b"<html>Please sign in</html>") as line, pytest.raises(DeskUnreachableError, match="sign in"):
        line.json("GET", "/")


def test_no_other_host_is_asked() -> None:
    with answering(200, b"{}") as line, pytest.raises(DeskRefusedError):
        line.json("GET", "http://elsewhere.example/rest/data/issue/@poe/x")


def test_patience() -> None:
    with answering(429, Retry_After="90") as line, pytest.raises(DeskBusyError) as raised:
        line.json("GET", "/")
    assert raised.value.wait == timedelta(seconds=90)
    at = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    assert timedelta(minutes=9) < wait_of({"retry-after": at}) <= timedelta(minutes=10)
    assert wait_of({"retry-after": "-5"}) == timedelta(0)
    assert wait_of({"retry-after": "1e300"}) == wait_of({}) == wait_of({"retry-after": "soon"})
    assert wait_of({"retry-after": "9999999"}) == timedelta(days=1)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Install <b>5.2</b></p><p>Restart &amp; wait</p>", "Install **5.2**\n\nRestart & wait"),
        ("<script>steal()</script><style>p{}</style>Fine", "Fine"),
        ('<a href="https://desk.example/kb">Read</a>', "[Read](https://desk.example/kb)"),
        ('<a href="javascript:steal()">Read</a>', "Read"),
        ("<ul><li>one</li><li>two</li></ul>", "* one\n* two"),
    ],
)
def test_html_of_desks_becomes_markdown(html: str, expected: str) -> None:
    assert texts.from_html(html) == expected


def test_times_have_their_zone() -> None:
    assert (
        texts.utc("2026-11-22T13:23:08+05:30") == texts.utc("2026-11-22T07:53:08Z") == texts.utc("2026-11-22T07:53:08")
    )
    with pytest.raises(DeskUnreachableError):
        texts.utc("yesterday")


def test_settings_that_are_no_use() -> None:
    for kind, url, options in (
        ("nothing", "https://desk.example", {}),
        ("rt", "ftp://desk.example", {}),
        ("roundup", "http://desk.example", {}),
        ("django_helpdesk", "https://desk.example", {"queue": "first"}),
    ):
        with pytest.raises(DeskRefusedError):
            connect(DeskSettings("x", kind, url, options))
