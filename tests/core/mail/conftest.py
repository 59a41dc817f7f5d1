"""A feature that receives mail, a listener of our own and an IMAP server of Debian's."""

import asyncio
import imaplib
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from community.core.mail import matching
from community.core.mail.letters import Letter
from community.core.mail.listening import Listener, Place
from community.core.mail.matching import Arrival
from tests.servers import UnavailableError, free_port, running, scratch_folder, wait_until


@dataclass
class Ears:
    """What the feature `ears` heard, in transactions that committed or not; `trouble` is called before."""

    taken: list[Arrival] = field(default_factory=list)
    noted: list[Arrival] = field(default_factory=list)
    trouble: Callable[[Arrival], None] = lambda _arrival: None

    def take(self, arrival: Arrival) -> None:
        self.trouble(arrival)
        self.taken.append(arrival)

    def note(self, arrival: Arrival) -> None:
        self.trouble(arrival)
        self.noted.append(arrival)


def _by_subject(letter: Letter) -> str | None:
    return "subject" if "[ears]" in letter.subject else None


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    """A feature with addresses `ears+N-…@localhost`, Message-IDs `<ears.N.…>` and the subject mark `[ears]`."""
    heard = Ears()
    feature = matching.Feature(
        name="ears",
        take=heard.take,
        note=heard.note,
        by_address=lambda ids: str(ids[0]) if ids and ids[0] < 100 else None,
        by_reference=lambda key: key if key.isdigit() else None,
        by_subject=_by_subject,
    )
    monkeypatch.setitem(matching.features, "ears", feature)
    return heard


@contextmanager
def listening(app: Flask, *, lmtp: Place | None = None, smtp: Place | None = None) -> Iterator[list[str]]:
    """Our listener in a thread; where it listens, LMTP first."""
    listener = Listener(app, lmtp=[lmtp] if lmtp else [], smtp=[smtp] if smtp else [])
    loop = asyncio.new_event_loop()
    stop, ready = asyncio.Event(), asyncio.Event()
    task = loop.create_task(listener.run(stop, ready))
    thread = threading.Thread(target=lambda: loop.run_until_complete(task))
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(ready.wait(), loop).result(20)
        yield listener.addresses
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


CONFIGURATION = """
base_dir = {0}/run
state_dir = {0}/state
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
log_path = {0}/log
mail_location = maildir:{0}/mail/%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
passdb {{
  driver = static
  args = password=pw
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={0}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {1}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@contextmanager
def imap_server() -> Iterator[int]:
    """A Dovecot of our own: its port. Raises `UnavailableError` where there is none, or we are not root."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or os.geteuid():
        raise UnavailableError("dovecot is not installed, or cannot be started by this account")
    with scratch_folder("imap") as folder:
        port = free_port()
        folder.chmod(0o755)
        mail = folder / "mail"
        mail.mkdir()
        shutil.chown(mail, "nobody", "nogroup")
        (folder / "conf").write_text(CONFIGURATION.format(folder, port))
        process = subprocess.Popen(
            [program, "-F", "-c", folder / "conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with running(process):
            wait_until(lambda: _answers(port), process, "dovecot")
            yield port


def _answers(port: int) -> bool:
    try:
        with imaplib.IMAP4("127.0.0.1", port, timeout=5) as server:
            server.login("probe", "pw")
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def _imap() -> Iterator[int]:
    with imap_server_or_skip() as port:
        yield port


@contextmanager
def imap_server_or_skip() -> Iterator[int]:
    try:
        with imap_server() as port:
            yield port
    except UnavailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def imap(_imap: int, tmp_path: Path) -> Iterator[tuple[imaplib.IMAP4, str]]:
    """A signed-in connection to an empty mailbox of this test's own, and the URL of it."""
    user = f"u{abs(hash(str(tmp_path)))}"
    with imaplib.IMAP4("127.0.0.1", _imap, timeout=20) as server:
        server.login(user, "pw")
        server.create("Done")
        server.create("Failed")
        yield server, f"imap://{user}:pw@127.0.0.1:{_imap}/INBOX"
