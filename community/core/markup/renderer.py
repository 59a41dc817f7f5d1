"""Rendering a text without trusting it: one child process, killed when it takes too long."""

import atexit
import html
import json
import logging
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .language import Language, detect_language
from .text import clean_text, mention_candidates

RENDERER_VERSION = 4  # raise it whenever the same text would come out different
TIME_LIMIT = 2.0  # seconds for one text
START_LIMIT = 30.0  # seconds until a new child has loaded its libraries
MAX_CHARACTERS = 200_000  # a longer text is shown plain without trying

_HEADER = struct.Struct(">I")
_BOOTSTRAP = """
import importlib, importlib.util, sys
spec = importlib.util.spec_from_file_location("markup", sys.argv[1] + "/__init__.py")
sys.modules["markup"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["markup"])
importlib.import_module("markup.child").main()
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A text as it is stored beside its source."""

    html: str
    plain: str
    version: int
    timed_out: bool
    mentions: tuple[str, ...]
    language: Language


class _Gone(Exception):  # noqa: N818 - says what happened
    """The child process ended or was killed before it answered."""


class Renderer:
    """A renderer process, started when first needed and shared by the threads of this process."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def render(self, text: str, known_handles: Iterable[str] = (), known_groups: Iterable[str] = ()) -> Rendered:
        """Render `text`; never raises for its sake: what cannot be rendered in time is shown plain."""
        text = clean_text(text)
        if len(text) > MAX_CHARACTERS:
            return _plain(text)
        handles = sorted(mention_candidates(text) & frozenset(known_handles))
        groups = sorted(mention_candidates(text) & frozenset(known_groups))
        answer = self._ask({"text": text, "handles": handles, "groups": groups})
        if "html" not in answer:
            _log.warning("a text of %d characters is shown plain: %s", len(text), answer["error"])
            return _plain(text)
        language = detect_language(answer["prose"] or answer["plain"])
        mentions = tuple(answer["mentions"])
        return Rendered(answer["html"], answer["plain"], RENDERER_VERSION, False, mentions, language)

    def close(self) -> None:
        """End the child process; the next text starts another."""
        with self._lock:
            self._stop()

    def _ask(self, request: dict[str, object]) -> dict[str, Any]:
        with self._lock:
            child = self._running()
            try:
                return _exchange(child, request, self.time_limit)
            except _Gone as error:
                self._stop()
                return {"error": str(error)}

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._stop()
        self._child = _start()
        try:
            _exchange(self._child, None, START_LIMIT)
        except _Gone as error:
            self._stop()
            raise RuntimeError("the renderer process did not start") from error
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            _close_pipes(child)

    def _forget(self) -> None:
        # After a fork the child process is still the parent's: drop our ends of its pipes and start afresh.
        child, self._child = self._child, None
        self._lock = threading.Lock()
        if child is not None:
            child.returncode = 0  # keeps Popen from waiting for a process that is not ours
            _close_pipes(child)


def _start() -> subprocess.Popen[bytes]:
    environment = {
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONDONTWRITEBYTECODE": "1",
        **{name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
    }
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own folder
        [sys.executable, "-P", "-c", _BOOTSTRAP, str(Path(__file__).parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env=environment,
    )


def _exchange(child: subprocess.Popen[bytes], request: object, limit: float) -> dict[str, Any]:
    """Send `request` (None: only listen) and read one answer, killing `child` after `limit` seconds."""
    expired = threading.Event()

    def kill() -> None:
        expired.set()
        child.kill()

    timer = threading.Timer(limit, kill)
    timer.daemon = True
    timer.start()
    try:
        answer = _talk(child, request)
    except OSError as error:
        raise _Gone("the renderer process ended") from error
    except _Gone:
        raise _Gone("out of time" if expired.is_set() else "the renderer process ended") from None
    finally:
        timer.cancel()
        timer.join()
    if expired.is_set():
        raise _Gone("out of time")
    return answer


def _talk(child: subprocess.Popen[bytes], request: object) -> dict[str, Any]:
    if child.stdin is None or child.stdout is None:
        raise _Gone
    if request is not None:
        data = json.dumps(request).encode()
        _write(child.stdin, _HEADER.pack(len(data)) + data)
    size = _HEADER.unpack(_read(child.stdout, _HEADER.size))[0]
    answer: dict[str, Any] = json.loads(_read(child.stdout, size))
    return answer


def _write(pipe: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) :]


def _read(pipe: IO[bytes], size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = pipe.read(size)
        if not part:
            raise _Gone
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _close_pipes(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def _plain(text: str) -> Rendered:
    page = f'<pre class="plain">{html.escape(text)}</pre>'
    return Rendered(page, text, RENDERER_VERSION, True, (), detect_language(text))


_renderer = Renderer()
atexit.register(_renderer.close)


def render(
    text: str, known_handles: Iterable[str] = frozenset(), known_groups: Iterable[str] = frozenset()
) -> Rendered:
    """Render Markdown to safe HTML. Mentions are linked when in `known_handles` or `known_groups` (lower case).

    Takes at most `TIME_LIMIT` seconds and the start of a process; a text that would take longer, or is longer
    than `MAX_CHARACTERS`, comes back as plain text with `timed_out` set. Raises `RuntimeError` only when this
    machine cannot start the renderer process at all.
    """
    return _renderer.render(text, known_handles, known_groups)


def render_many(texts: Iterable[str], known_handles: Iterable[str] = frozenset()) -> list[Rendered]:
    """Render `texts` in their order, for importers; each has the limits of `render`."""
    handles = frozenset(known_handles)
    return [render(text, handles) for text in texts]
