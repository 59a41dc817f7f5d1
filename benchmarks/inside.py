"""What a page costs within one process: CPU, SQL statements, weight."""

import cProfile
import gzip
import io
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Engine, event

from community.core.assets import Assets

from .visiting import Target, call

REPEATS = 200
WARM = 5
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ", "SHOW ")


@dataclass(frozen=True)
class Cost:
    """CPU ms of one page, the statements it sends, and its HTML's bytes, plain and compressed."""

    cpu: float
    statements: int
    plain: int
    packed: int


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL that a block sends, without what only begins and ends transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(CONTROL):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Inside:
    """Makes visits in this process; each gets a number of its own, so that none repeats another."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._number = 1_000_000

    def cost(self, target: Target, repeats: int = REPEATS) -> Cost:
        """Measure a page; the first visits, which warm up, are left out."""
        for _ in range(max(WARM, len(target.visits)) if repeats > WARM else WARM):
            self.visit(target)
        with counted() as sent:
            headers, body = self.visit(target)
        plain = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
        environs = [self._environ(target) for _ in range(repeats)]
        begun = time.process_time()
        for environ in environs:
            call(self._app.wsgi_app, environ)
        spent = (time.process_time() - begun) * 1000 / repeats
        return Cost(spent, len(sent), len(plain), len(gzip.compress(plain, 6)))

    def statements(self, target: Target) -> list[str]:
        """The statements of one visit."""
        self.visit(target)
        with counted() as sent:
            self.visit(target)
        return sent

    def profile(self, target: Target, repeats: int = REPEATS, lines: int = 45) -> str:
        """Where the time of a page goes: own time and time with what is called."""
        self.cost(target, WARM)
        environs = [self._environ(target) for _ in range(repeats)]
        profile = cProfile.Profile(time.process_time)  # what waits for the database costs others nothing
        profile.enable()
        for environ in environs:
            call(self._app.wsgi_app, environ)
        profile.disable()
        text = io.StringIO()
        stats = pstats.Stats(profile, stream=text)
        stats.sort_stats("cumulative").print_stats(lines)
        stats.sort_stats("tottime").print_stats(lines)
        return text.getvalue()

    def visit(self, target: Target) -> tuple[dict[str, str], bytes]:
        """One visit. Raises `AssertionError` when it is not answered as the target says."""
        status, headers, body = call(self._app.wsgi_app, self._environ(target))
        assert status == target.status, f"{target.label}: answered {status} in place of {target.status}"
        return headers, body

    def _environ(self, target: Target) -> dict[str, object]:
        self._number += 1
        return target.visits[self._number % len(target.visits)].environ(self._number)


def weight_of_assets(app: Flask) -> dict[str, int]:
    """Compressed bytes of the stylesheet, of all scripts, and of the icons."""
    held: Assets = app.extensions["isthmus.assets"]
    return {
        "css": len(held.files["isthmus.css"].packed),
        "js": sum(len(asset.packed) for name, asset in held.files.items() if name.endswith(".js")),
        "icons": len(held.files["img/icons.svg"].packed),
    }
