"""Reading a mailbox over IMAP: each message is handed in, and only marked once the transaction that took it is done.

Nothing is remembered between two visits: what is new is what does not carry our mark in the mailbox itself, so numbers
that the server gave out before (and may give out anew, which a changed UIDVALIDITY tells) are never used again.
"""

import contextlib
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from community.core.jobs import enqueue, every, outside_job
from community.core.settings import Settings

from .receiving import Answer, receive

log = logging.getLogger(__name__)

TIMEOUT = 30.0
MARK = "$IsthmusTaken"
MOST_AT_ONCE = 200
MOST_ATTEMPTS = 5
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"\bUID (\d+)")
TROUBLE = (OSError, imaplib.IMAP4.error)


class MailboxError(Exception):
    """The mailbox cannot be read; one line for the operator."""


@dataclass(frozen=True)
class Account:
    """Where the mailbox is. Without `done` and `failed` messages stay where they are, marked."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    secure: bool
    starttls: bool
    done: str = ""
    failed: str = ""


def account_from(url: str) -> Account:
    """What `IMAP_URL` says."""
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    secure = parts.scheme == "imaps"
    return Account(
        host=parts.hostname or "localhost",
        port=parts.port or (993 if secure else 143),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
        secure=secure,
        starttls=asked.get("starttls") == "1",
        done=asked.get("done", ""),
        failed=asked.get("failed", ""),
    )


@every(minutes=1)
def look() -> None:
    """Have the mailbox read, where there is one."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    if settings.imap_url:
        enqueue(fetch)


@outside_job
def fetch() -> None:
    """Read what is new in the mailbox. Raises `MailboxError`."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    read_new(account_from(settings.imap_url), largest=settings.mail_limit)


def read_new(account: Account, *, largest: int) -> int:
    """Take over what is new, at most `MOST_AT_ONCE` messages; how many were handed in. Raises `MailboxError`."""
    try:
        with _opened(account) as box:
            uids = box.new()
            for uid in uids:
                _take(box, uid, largest)
            return len(uids)
    except TROUBLE as error:
        raise MailboxError(f"{account.host}: {error}"[:500]) from error


def check(account: Account) -> None:
    """Sign in and open the folder. Raises `MailboxError` with the reason where that cannot be done."""
    try:
        with _opened(account) as box:
            box.new()
    except TROUBLE as error:
        raise MailboxError(f"{account.host}: {error}"[:500]) from error


def _take(box: "Box", uid: bytes, largest: int) -> None:
    size = box.size(uid)
    if size is None:
        return
    if size > largest:
        log.warning("a message of %s bytes stays in the mailbox unread", size)
        box.put_away(uid, failed=True)
        return
    raw = box.read(uid)
    if raw is None:
        return
    outcomes = receive(raw)
    waiting = [outcome for outcome in outcomes if outcome.answer is Answer.LATER]
    if any(outcome.attempts < MOST_ATTEMPTS for outcome in waiting):
        return
    box.put_away(uid, failed=bool(waiting) or all(outcome.answer is Answer.REFUSED for outcome in outcomes))


@contextlib.contextmanager
def _opened(account: Account) -> Iterator["Box"]:
    context = ssl.create_default_context()
    if account.secure:
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=TIMEOUT)
    else:
        server = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT)
    with server:
        if account.starttls:
            server.starttls(context)
        server.login(account.user, account.password)
        yield Box(server, account)


class Box:
    """An opened folder. Its numbers hold for this connection only."""

    def __init__(self, server: imaplib.IMAP4, account: Account) -> None:
        self._server, self._account = server, account
        _ok(server.select(_quoted(account.folder)))
        answered: list[Any] = server.response("PERMANENTFLAGS")[1]
        flags = b" ".join(part for part in answered if isinstance(part, bytes))
        self._keywords = b"\\*" in flags or MARK.encode() in flags
        # Asked anew: servers can do more for somebody who has signed in.
        able = b" ".join(part for part in _ok(server.capability()) if isinstance(part, bytes)).upper().split()
        self._moves, self._expunges = b"MOVE" in able, b"UIDPLUS" in able

    def new(self) -> list[bytes]:
        """The numbers of messages without our mark, oldest first; where marks cannot be kept, unread ones."""
        wanted = f"UNKEYWORD {MARK}" if self._keywords else "UNSEEN"
        found = _ok(self._server.uid("SEARCH", f"UNDELETED {wanted}"))
        return b" ".join(part for part in found if isinstance(part, bytes)).split()[:MOST_AT_ONCE]

    def size(self, uid: bytes) -> int | None:
        """How many bytes a message has; None where it has gone meanwhile."""
        for part in self._fetched(uid, "(RFC822.SIZE)"):
            found = _SIZE.search(part if isinstance(part, bytes) else part[0])
            if found:
                return int(found[1])
        return None

    def read(self, uid: bytes) -> bytes | None:
        """A message, without marking it as read; None where it has gone meanwhile."""
        for part in self._fetched(uid, "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return part[1]
        return None

    def put_away(self, uid: bytes, *, failed: bool) -> None:
        """Mark a message, and move it where a folder is named for what was taken, or for what was not."""
        marks = [mark for mark in ("\\Seen" if not failed or not self._keywords else "", MARK) if mark]
        if not self._keywords:
            marks = ["\\Seen"]
        _ok(self._server.uid("STORE", uid.decode(), "+FLAGS.SILENT", f"({' '.join(marks)})"))
        folder = self._account.failed if failed else self._account.done
        if folder:
            self._move(uid.decode(), _quoted(folder))

    def _move(self, uid: str, folder: str) -> None:
        if self._moves:
            _ok(self._server.uid("MOVE", uid, folder))
            return
        _ok(self._server.uid("COPY", uid, folder))
        _ok(self._server.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)"))
        if self._expunges:
            _ok(self._server.uid("EXPUNGE", uid))

    def _fetched(self, uid: bytes, what: str) -> list[bytes | tuple[bytes, bytes]]:
        """The answers about this message alone: servers may tell of others in between."""
        found = _ok(self._server.uid("FETCH", uid.decode(), what))
        wanted = []
        for part in found:
            head = part[0] if isinstance(part, tuple) else part
            number = _UID.search(head) if isinstance(head, bytes) else None
            if isinstance(part, bytes | tuple) and (number is None or number[1] == uid):
                wanted.append(part)
        return wanted


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"the server says {data!r}"[:300])
    return data


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
