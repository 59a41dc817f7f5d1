"""What the desks share: a cache that several runs may use at once, programs that are started and ended."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SOON = 60.0  # seconds that a desk may take to answer for the first time
PATIENCE = 900.0  # seconds that an installation may take
HERE = Path(__file__).parent


class UnavailableError(Exception):
    """This desk cannot be had here; the message says why."""


@dataclass(frozen=True)
class Running:
    """A desk that answers: where, with which keys, and the folder with its data."""

    url: str
    home: Path
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def cache_folder() -> Path:
    """Where installations are kept: `ISTHMUS_TEST_CACHE`, else a folder among the caches of this user."""
    named = os.environ.get("ISTHMUS_TEST_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "isthmus-desks"


def installed(name: str, files: Path, make: Callable[[Path], None]) -> Path:
    """The folder of an installation, made by `make(folder)` the first time, or again when `files` have changed.

    One process at a time makes it; another one waits. A half-made one is thrown away.
    """
    folder = (
        cache_folder()
        / f"{name.replace('==', '-')}-{sys.version_info.major}.{sys.version_info.minor}-{_mark(files):08x}"
    )
    with alone(folder):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            make(folder)
            (folder / "complete").touch()
    return folder


def _mark(files: Path) -> int:
    """A number that changes when what is installed does."""
    return zlib.crc32(b"\0".join(path.read_bytes() for path in sorted(files.iterdir()) if path.is_file()))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time for what is kept in this folder. Raises `UnavailableError` where none can be kept."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(folder.name + ".lock").open("w")
    except OSError as error:
        raise UnavailableError(f"{folder.parent} cannot be written: {error}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def virtualenv(folder: Path, *packages: str) -> Path:
    """A virtualenv of its own with these packages; the folder of its programs."""
    done([sys.executable, "-m", "venv", folder / "venv"], "no virtualenv can be made")
    programs = folder / "venv" / "bin"
    pip: list[str | Path] = [
        programs / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    done([*pip, *packages], f"{packages[0]} cannot be installed")
    return programs


def done(
    command: Sequence[str | Path],
    failing: str,
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: str = "",
) -> str:
    """Run to the end and return what was printed. Raises `UnavailableError` with the last words of a failure."""
    try:
        ended = subprocess.run(  # noqa: S603 - fixed commands of this folder
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{failing}: {error}") from error
    if ended.returncode:
        raise UnavailableError(f"{failing}: {(ended.stderr or ended.stdout).strip()[-400:]}")
    return ended.stdout


def free_port() -> int:
    """A TCP port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A folder for one run."""
    folder = Path(tempfile.mkdtemp(prefix=f"isthmus-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(
    command: Sequence[str | Path], url: str, home: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a server, from when it answers until the end. Raises `UnavailableError` where it does not answer."""
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - fixed commands of this folder
            command,
            cwd=home,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait(url, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SOON
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise UnavailableError(f"{url} does not answer: {log.read_text(errors='replace').strip()[-400:]}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10):  # noqa: S310 - an address of this machine
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
