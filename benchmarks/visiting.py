"""Members who are signed in, and the requests that are measured, as bytes for a server and as calls in this process."""

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from .generator import NUMBER
from .loading import PASSWORD, address_of

TOKEN = re.compile(r'name="csrf[-_]token"[^>]*?(?:content|value)="([^"]+)"')
WORDS = (
    "The printer at the window stops again after every second page, and the queue does not say why. Here is what I "
    "tried: restart, another cable, the driver of last month, another account on the same laptop. With the old "
    "driver it prints but turns every picture black, with the new one it waits for a certificate that nobody knows. "
    "A colleague on the other floor has the same model and sees it too since Monday. Which of the two settings "
    "should I change first, and where do I find the log that you need? Number "
)


@dataclass(frozen=True)
class SignedIn:
    """A member's cookie, and the token that goes with forms."""

    cookie: str
    token: str


def sign_in(app: Flask, member: int) -> SignedIn:
    """Sign a member in through the form, as a browser would. Raises `AssertionError` when refused."""
    client = app.test_client()
    address = {"REMOTE_ADDR": f"10.8.0.{member % 250 + 1}"}
    token = TOKEN.search(client.get("/sign-in", environ_base=address).text)
    assert token, "the sign-in page has no token"
    data = {"csrf_token": token[1], "email": address_of(member), "password": PASSWORD}
    answer = client.post("/sign-in", data=data, environ_base=address)
    assert answer.status_code == 302, f"{address_of(member)} could not sign in: {answer.status}"
    token = TOKEN.search(client.get("/", environ_base=address).text)
    assert token, "a member's page has no token"
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return SignedIn(f"{cookie.key}={cookie.value}", token[1])


@dataclass(frozen=True)
class Visit:
    """One request: an address, whoever asks, and a form where one is sent. `NUMBER` in them makes each one new."""

    path: str
    by: SignedIn | None = None
    form: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> str:
        """The form as it is sent."""
        return urlencode(self.form, safe="@") if self.form else ""

    def raw(self) -> str:
        """The request as it goes over the wire."""
        lines = [
            f"{'POST' if self.form else 'GET'} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language: en-GB,en;q=0.7",
            "Accept-Encoding: gzip, deflate, br",
            "Connection: close",
        ]
        if self.by:
            lines.append(f"Cookie: {self.by.cookie}")
        if self.form:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(self.body)}"]
        return "\r\n".join(lines) + "\r\n\r\n" + self.body

    def environ(self, number: int) -> dict[str, Any]:
        """The same as a WSGI server hands it over."""
        mark, written = NUMBER.decode(), f"{number:07}"
        headers = Headers({"Accept-Language": "en-GB,en;q=0.7", "Accept-Encoding": "gzip, deflate, br"})
        if self.by:
            headers["Cookie"] = self.by.cookie
        builder = EnvironBuilder(
            path=self.path.replace(mark, written),
            base_url="http://127.0.0.1",
            method="POST" if self.form else "GET",
            headers=headers,
            input_stream=io.BytesIO(self.body.replace(mark, written).encode()) if self.form else None,
            content_type="application/x-www-form-urlencoded" if self.form else None,
            content_length=len(self.body) if self.form else None,
            environ_base={"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"},
        )
        return builder.get_environ()


@dataclass(frozen=True)
class Target:
    """Something that is measured: its visits are made in turn, and each must be answered with `status`."""

    key: str
    label: str
    visits: tuple[Visit, ...]
    status: int = 200


def search(words: str) -> Visit:
    """Ask for words that were not asked for before."""
    return Visit(f"/search?q={quote(words)}")


def replies(members: Iterable[SignedIn], threads: Iterable[int]) -> tuple[Visit, ...]:
    """Each member replies to a thread of their own, with words that are new each time."""
    mark = NUMBER.decode()
    return tuple(
        Visit(f"/threads/{thread}/replies", by, (("csrf_token", by.token), ("body", WORDS + mark)))
        for by, thread in zip(members, threads, strict=False)
    )


def call(app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Answer one request in this process as a WSGI server would: status, headers, body."""
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        started.extend((status, headers))
        return io.BytesIO().write

    chunks = app(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    return int(started[0][:3]), dict(started[1]), body
