"""Asking other servers: only the host that was named, at the address that was checked, within limits."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from community.core.outgoing import Outgoing, RefusedAddressError, UnreachableError, form_body, json_body, resolve


@dataclass
class Seen:
    """A server and what it was asked."""

    url: str = ""
    asked: list[tuple[str, str, str, bytes]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says."""

    seen: Seen

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.asked.append((self.command, self.path, self.headers["Host"], body))
        {"/away": self._away, "/huge": self._huge, "/cut": self._cut}.get(self.path, self._usual)()

    do_POST = do_GET  # noqa: N815 - the name that the library calls

    def _answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _away(self) -> None:
        self._answer(302, Location="/elsewhere")

    def _huge(self) -> None:
        self._answer(200)
        for _number in range(200):
            self.wfile.write(b"x" * 64 * 1024)

    def _cut(self) -> None:
        self._answer(200, Content_Length="100")
        self.wfile.write(b"half")

    def _usual(self) -> None:
        self._answer(418, X_Said="yes")
        self.wfile.write(b'{"name": "\xe6\x9d\x8e"}')

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Seen]:
    """A server on this machine."""
    seen = Seen()
    listening = ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (Handler,), {"seen": seen}))
    listening.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that hangs up is expected
    seen.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield seen
    listening.shutdown()
    listening.server_close()
    thread.join()


def names(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let the name server give these addresses, one for each time it is asked; what it was asked."""
    asked: list[str] = []
    waiting = list(answers)

    real = socket.getaddrinfo

    def answer(host: str, port: int, *given: object, **options: object) -> list[object]:
        if host[0].isdigit():
            return list(real(host, port, *given, **options))  # type: ignore[arg-type] # as they came
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (waiting.pop(0), port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_an_answer_comes_as_it_is(server: Seen) -> None:
    answer = Outgoing(server.url + "/base", allow_private=True).request(
        "POST", "tickets", params={"q": "a b&c", "n": "1"}, body=json_body({"title": "李"})
    )
    assert (answer.status, answer.headers["x-said"], answer.json()) == (418, "yes", {"name": "李"})
    assert server.asked == [
        ("POST", "/base/tickets?q=a+b%26c&n=1", server.url.removeprefix("http://"), '{"title": "李"}'.encode())
    ]


def test_forms_are_sent_as_forms(server: Seen) -> None:
    Outgoing(server.url, allow_private=True).request("POST", "/", body=form_body({"a": "1 & 2"}))
    assert server.asked[0][3] == b"a=1+%26+2"


def test_redirects_are_not_followed(server: Seen) -> None:
    assert Outgoing(server.url, allow_private=True).request("GET", "/away").status == 302
    assert [path for _method, path, _host, _body in server.asked] == ["/away"]


@pytest.mark.parametrize("path", ["/huge", "/cut"])
def test_answers_without_end_or_cut_short_are_none(server: Seen, path: str) -> None:
    with pytest.raises(UnreachableError):
        Outgoing(server.url, allow_private=True).request("GET", path)


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(UnreachableError):
        Outgoing("http://127.0.0.1:9", allow_private=True).request("GET", "/")
    with pytest.raises(UnreachableError):
        Outgoing("https://nowhere.invalid").request("GET", "/")


@pytest.mark.parametrize(
    "base",
    [
        "ftp://desk.example",
        "desk.example",
        "http://desk.example",
        "https://me:secret@desk.example",
        "https:///path",
        "",
    ],
)
def test_bases_that_are_not_taken(base: str) -> None:
    with pytest.raises(RefusedAddressError):
        Outgoing(base)


def test_whole_addresses_of_other_hosts_are_refused(server: Seen) -> None:
    desk = Outgoing(server.url, allow_private=True)
    assert desk.request("GET", server.url + "/next").status == 418
    for other in ("http://desk.example/next", "https://127.0.0.1/next", "//desk.example/next"):
        with pytest.raises(RefusedAddressError):
            desk.request("GET", other)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "017700000001", "::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "10.1.2.3",
     "192.168.0.1", "172.16.5.4", "169.254.169.254", "fe80::1", "fd00::1", "0.0.0.0", "100.64.0.1", "2002:7f00:1::",
     "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_private_networks_are_refused_however_they_are_written(host: str) -> None:
    with pytest.raises(RefusedAddressError):
        resolve(host, 443, allow_private=False)


@pytest.mark.parametrize("host", ["169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "::ffff:169.254.169.254"])
def test_where_no_server_is_nobody_goes_even_in_private_networks(host: str) -> None:
    with pytest.raises(RefusedAddressError):
        resolve(host, 443, allow_private=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "::1"])
def test_private_networks_are_open_where_the_administrator_says_so(host: str) -> None:
    assert resolve(host, 443, allow_private=True) == host


def test_a_name_that_changes_its_mind_leads_nowhere_else(server: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name is asked once for each request, and the address that was checked is connected to."""
    port = server.url.rsplit(":", 1)[1]
    asked = names(monkeypatch, "127.0.0.1", "93.184.216.34", "10.0.0.1")
    desk = Outgoing(f"http://desk.example:{port}", allow_private=True)
    assert desk.request("GET", "/").status == 418
    assert (asked, server.asked[0][2]) == (["desk.example"], f"desk.example:{port}")
    public = Outgoing("https://desk.example")
    monkeypatch.setattr(urllib3.HTTPSConnectionPool, "urlopen", lambda pool, *_a, **_o: _fail(pool.host))
    with pytest.raises(LookupError, match=r"93\.184\.216\.34"):
        public.request("GET", "/")
    with pytest.raises(RefusedAddressError):
        public.request("GET", "/")


def _fail(host: str) -> None:
    raise LookupError(host)
