"""What processes that are forked from one share, and what each of them starts for itself."""

import gc
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.test import Client

from community.core.db import db
from community.core.forking import OncePerProcess, ready_to_fork


def answer(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [])
    return [b"here"]


def test_each_process_starts_once(tmp_path: Path) -> None:
    log = tmp_path / "started"

    def note() -> None:
        with log.open("a") as file:
            file.write(f"{os.getpid()}\n")

    client = Client(OncePerProcess(answer, note))
    assert not log.exists()
    assert [client.get("/").text for _ in range(3)] == ["here"] * 3
    child = os.fork()
    if not child:
        client.get("/")
        client.get("/")
        os._exit(0)
    os.waitpid(child, 0)
    assert log.read_text().split() == [str(os.getpid()), str(child)]


def test_no_connection_is_handed_on(app: Flask) -> None:
    db.session.execute(text("SELECT 1"))
    db.session.remove()
    ready_to_fork(app)
    gc.unfreeze()
    assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
