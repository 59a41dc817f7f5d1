import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from community.core.search.backend import SearchBackend
from community.core.search.documents import Document, Reader
from community.core.search.postgres_backend import PostgresBackend
from community.core.search.whoosh_backend import WhooshBackend

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
EVERYONE = Reader(frozenset({1, 2, 3}), frozenset({"public", "members", "staff"}))
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def document(number: int, title: str, body: str = "", **changes: object) -> Document:
    """A public thread in space 1, one day younger than its predecessor."""
    values: dict[str, object] = {
        "kind": "thread", "id": number, "thread_id": number, "space_id": 1, "audience": "public", "tags": (),
        "author": "ann", "solved": False, "at": NOON + timedelta(days=number), "weight": 1.0,
    }  # fmt: skip
    return Document(title=title, body=body, **{**values, **changes})  # type: ignore[arg-type]


def _run(*arguments: str, folder: Path, check: bool = True) -> None:
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with (folder.parent / f"{folder.name}.out").open("ab") as out:
        subprocess.run(
            [*user, *arguments],
            cwd=folder.parent,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            check=check,
        )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    if not PROGRAMS.is_dir():
        pytest.skip(f"no PostgreSQL server in {PROGRAMS}")
    base = Path(tempfile.mkdtemp(prefix="search-pg-"))
    base.chmod(0o777)
    folder = base / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={base} -c fsync=off"
    server = [str(PROGRAMS / "pg_ctl"), "-D", str(folder)]
    try:
        kind = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres"]
        _run(str(PROGRAMS / "initdb"), "-D", str(folder), *kind, folder=folder)
        _run(*server, "-l", str(base / "log"), "-o", options, "-w", "start", folder=folder)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(*server, "-m", "immediate", "stop", folder=folder, check=False)
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[Engine]:
    engine = create_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["whoosh", "postgresql"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchBackend]:
    """An empty index of each kind."""
    if request.param == "whoosh":
        whoosh = WhooshBackend(tmp_path / "index")
        whoosh.clear()
        yield whoosh
        whoosh.close()
    else:
        postgresql = PostgresBackend(request.getfixturevalue("postgres"))
        postgresql.clear()
        yield postgresql
