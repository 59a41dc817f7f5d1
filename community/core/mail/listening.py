"""A server that a mail server hands its mail to: LMTP, which answers for each recipient, or SMTP, which answers once.

Nothing is acknowledged before its transaction has committed. It relays nothing, ever.
"""

import asyncio
import functools
import logging
import socket
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from community.core.settings import Settings

from .matching import may_be_ours
from .receiving import Answer, Outcome, as_named, receive

log = logging.getLogger(__name__)

THREADS = 4
PATIENCE = 120.0  # seconds that a client may be silent
MOST_RECIPIENTS = 100
LINE = 64 * 1024  # longer than the standard allows, for programs that do not know it
CODES = {Answer.TAKEN: "250 2.0.0", Answer.REFUSED: "550 5.7.1", Answer.LATER: "451 4.3.0"}


class LongLines:
    """Servers take lines that are longer than they should be."""

    line_length_limit = LINE


class LmtpServer(LongLines, LMTP):
    """Speaks LMTP with one client."""


class SmtpServer(LongLines, SMTP):
    """Speaks SMTP with one client."""


@dataclass(frozen=True)
class Place:
    """Where to listen: a host and a port, or a path of a Unix socket."""

    host: str = ""
    port: int = 0
    path: str = ""


def place_from(text: str) -> Place:
    """`127.0.0.1:2424`, `[::1]:2424` or `unix:/run/isthmus/lmtp`. Raises `ValueError` for anything else."""
    if text.startswith("unix:") and len(text) > 5:
        return Place(path=text[5:])
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isdigit() and int(port) < 65536):
        raise ValueError(f"{text!r} is no HOST:PORT and no unix:PATH")
    return Place(host.strip("[]"), int(port))


class Door:
    """What both servers ask before and after each message."""

    def __init__(self, app: Flask, *, each: bool) -> None:
        self._app, self._each = app, each
        self._settings: Settings = app.extensions["isthmus.settings"]
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only what can be for something here."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        with self._app.app_context():
            if not may_be_ours(address, self._settings.mailbox):
                return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """The message is taken over in a thread, and answered for afterwards."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        ask = functools.partial(self._receive, raw, tuple(envelope.rcpt_tos), not envelope.mail_from)
        try:
            outcomes = await asyncio.get_running_loop().run_in_executor(self._pool, ask)
        except Exception:
            log.exception("a message was not taken over")
            outcomes = [Outcome(recipient, Answer.LATER, "try again later") for recipient in envelope.rcpt_tos]
        return "\r\n".join(map(_line, outcomes)) if self._each else _line(_worst(outcomes))

    def _receive(self, raw: bytes, recipients: Sequence[str], from_nobody: bool) -> list[Outcome]:
        """One answer for each recipient as it was named, also where two of them are the same."""
        with self._app.test_request_context(base_url=self._app.config["PUBLIC_URL"]):
            outcomes = receive(raw, recipients, from_nobody=from_nobody)
        known = {outcome.recipient: outcome for outcome in outcomes}
        return [known[as_named(recipient)] for recipient in recipients]

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown()


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    """SMTP has one answer for all: "later" where one recipient needs it, which others bear; refused where all are."""
    for answer in (Answer.LATER, Answer.TAKEN, Answer.REFUSED):
        for outcome in outcomes:
            if outcome.answer is answer:
                return outcome
    return Outcome("", Answer.LATER, "try again later")


def _line(outcome: Outcome) -> str:
    words = "".join(letter for letter in outcome.words if 31 < ord(letter) < 127)[:300]
    return f"{CODES[outcome.answer]} {words or 'OK'}"


class Listener:
    """The servers of one process, in one event loop."""

    def __init__(self, app: Flask, *, lmtp: Sequence[Place] = (), smtp: Sequence[Place] = ()) -> None:
        self._app, self._places = app, [*((place, True) for place in lmtp), *((place, False) for place in smtp)]
        self.addresses: list[str] = []

    async def run(self, stop: asyncio.Event, ready: asyncio.Event | None = None) -> None:
        """Serve until told to stop. Raises `OSError` where a place cannot be listened at."""
        servers, doors = [], []
        try:
            for place, each in self._places:
                door = Door(self._app, each=each)
                doors.append(door)
                servers.append(await self._serve(place, door, each))
            if ready is not None:
                ready.set()
            await stop.wait()
        finally:
            for server in servers:
                server.close()
            for door in doors:
                door.close()
            self._clear_away()

    async def _serve(self, place: Place, door: Door, each: bool) -> asyncio.AbstractServer:
        loop, settings = asyncio.get_running_loop(), self._app.extensions["isthmus.settings"]
        kind = LmtpServer if each else SmtpServer
        speak = functools.partial(
            kind,
            door,
            data_size_limit=settings.mail_limit,
            enable_SMTPUTF8=True,
            hostname=settings.receiving_domain,
            ident="Isthmus",
            timeout=PATIENCE,
            loop=loop,
        )
        if place.path:
            _remove_old_socket(Path(place.path))
            self.addresses.append(place.path)
            return await loop.create_unix_server(speak, place.path)
        server = await loop.create_server(speak, place.host, place.port)
        self.addresses.append("{}:{}".format(*server.sockets[0].getsockname()[:2]))
        return server

    def _clear_away(self) -> None:
        for place, _each in self._places:
            if place.path:
                Path(place.path).unlink(missing_ok=True)


def _remove_old_socket(path: Path) -> None:
    """What a process left behind that was killed. Raises `OSError` while somebody listens there."""
    if not path.exists() or not stat.S_ISSOCK(path.stat().st_mode):
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(f"somebody listens at {path}")
