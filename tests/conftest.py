"""What all tests share: servers, the application on each database, visitors, jobs, counted statements."""

import contextvars
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest
from argon2 import PasswordHasher
from flask import Flask, url_for
from sqlalchemy import Engine, event, inspect, select

from community.accounts import operations
from community.accounts.models import Member
from community.core import indexing
from community.core.app import PACKAGES, create_app
from community.core.db import db, transaction
from community.core.jobs import Delivery, run_all
from community.core.settings import Settings
from community.forum.reading import marks as reading
from community.forum.reading import viewing
from community.forum.searching import log as searching_log
from tests.servers import Mailbox, UnavailableError, create_database, mail_server, postgresql, redis_server
from tests.visit import SeparateClient, Visitor, save

PASSWORD = "correct horse battery"
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ", "SHOW ")

Server = TypeVar("Server")
LoginAs = Callable[..., Visitor]
CountStatements = Callable[[], AbstractContextManager[list[str]]]


class RunJobs(Protocol):
    """Run everything that is due; the number that was tried."""

    def __call__(self, *, failing: bool = False) -> int:
        """With `failing`, deliveries may fail; otherwise a failure is the test's."""


class MakeApp(Protocol):
    """Make another application with an empty database of its own."""

    def __call__(self, *, tables: bool = True, **settings: object) -> Flask:
        """Settings go over the usual ones; `tables=False` leaves the database without any."""


# --- which packages and databases ---


def _why_absent(package: str) -> str:
    try:
        if not hasattr(import_module(package), "init_app"):
            import_module(f"{package}.setup")
    except ImportError as error:
        return str(error)
    return ""


# The lower packages serve without the upper ones, and so do their tests; tests/architecture wants all four.
ABSENT = {name: why for name in PACKAGES if (why := _why_absent(name))}
PRESENT = tuple(name for name in PACKAGES if name not in ABSENT)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql", "both"),
        default="both",
        help="the database that tests of the application run on",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "databases(*names): run on these databases only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    wanted = metafunc.config.getoption("--database")
    names = ["sqlite", "postgresql"] if wanted == "both" else [wanted]
    mark = metafunc.definition.get_closest_marker("databases")
    if mark:
        names = [name for name in names if name in mark.args]
    metafunc.parametrize("database", names, indirect=True, scope="session")


# --- servers ---


@contextmanager
def _or_skip(server: AbstractContextManager[Server]) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            running = stack.enter_context(server)
        except UnavailableError as reason:
            pytest.skip(str(reason))
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server of this worker's own."""
    with _or_skip(postgresql()) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """URL of an empty PostgreSQL database."""
    return create_database(postgres_server, "isthmus_empty")


@pytest.fixture(scope="session")
def _redis() -> Iterator[str]:
    with _or_skip(redis_server()) as url:
        yield url


@pytest.fixture
def redis_url(_redis: str) -> str:
    """URL of an empty Redis."""
    import redis

    with redis.Redis.from_url(_redis) as client:
        client.flushall()
    return _redis


@pytest.fixture(scope="session")
def _mailbox() -> Iterator[Mailbox]:
    with _or_skip(mail_server()) as mailbox:
        yield mailbox


@pytest.fixture
def smtp(_mailbox: Mailbox) -> Mailbox:
    """A real mail server that has received nothing yet."""
    _mailbox.clear()
    return _mailbox


# --- the application ---


def settings_for(home: Path, database_url: str, **others: object) -> Settings:
    """The settings of an application under test."""
    usual: dict[str, Any] = {
        "secret_key": "for tests only, not a secret at all",
        "public_url": "http://localhost",
        "search_url": "" if database_url.startswith("sqlite") else "postgresql:",
        "testing": True,
        # Tests write one post after the other; those about limits set them.
        "posting_limits": False,
    }
    return Settings(home=home, database_url=database_url, **usual | others)


def built(settings: Settings, *, tables: bool = True) -> Flask:
    """An application whose clients are separate, with its tables."""
    app = create_app(settings, packages=PRESENT)
    app.test_client_class = SeparateClient
    if tables:
        with app.app_context():
            db.create_all()
            with transaction(read_only=True):
                indexing.prepare()
    return app


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of this worker's database; each test of the application runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'isthmus.db'}"
    server: str = request.getfixturevalue("postgres_server")
    return create_database(server, "isthmus")


@pytest.fixture(scope="session")
def elsewhere(database: str, pytestconfig: pytest.Config) -> bool:
    """Whether the pages of this database are the ones that are reviewed with the other."""
    return pytestconfig.getoption("--database") == "both" and not database.startswith("sqlite")


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    """Passwords of tests are worth no effort: their hashes take a thousandth of the time."""
    operations.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def _application(
    database: str, elsewhere: bool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str]]:
    """The one application of a worker and database, and the script that empties it."""
    app = built(settings_for(tmp_path_factory.mktemp("home"), database))
    app.extensions["tests.reviewed_elsewhere"] = elsewhere
    with app.app_context():
        script = emptying(db.engine)
    yield app, script
    _dispose(app)


@pytest.fixture
def app(_application: tuple[Flask, str]) -> Iterator[Flask]:
    """The application, empty. Its context is open while the test runs, so that `db.session` works there."""
    app, script = _application
    empty(app, script)
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture
def make_app(database: str, elsewhere: bool, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeApp]:
    """Make applications with other settings, each on an empty database of the same kind."""
    made: list[Flask] = []

    def make(*, tables: bool = True, **settings: object) -> Flask:
        home = tmp_path / f"home{len(made)}"
        home.mkdir()
        url = settings.pop("database_url", "") or f"sqlite:///{home / 'isthmus.db'}"
        if database.startswith("postgresql") and url.startswith("sqlite"):
            url = create_database(request.getfixturevalue("postgres_server"), f"isthmus_made_{len(made)}")
        app = built(settings_for(home, url, **settings), tables=tables)
        app.extensions["tests.reviewed_elsewhere"] = elsewhere
        made.append(app)
        return app

    yield make
    for app in made:
        _dispose(app)


def emptying(engine: Engine) -> str:
    """SQL that deletes every row of every table without minding their order."""
    tables = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
    deletes = "".join(f'DELETE FROM "{name}";' for name in tables)
    if engine.dialect.name == "sqlite":
        return f"PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE; {deletes} COMMIT; PRAGMA foreign_keys=ON;"
    return f"BEGIN; SET LOCAL session_replication_role=replica; {deletes} COMMIT;"


def empty(app: Flask, script: str) -> None:
    """Bring an application back to its first day: no rows, no files, nothing cached or indexed."""
    with app.app_context():
        connection = db.engine.raw_connection()
        try:
            if db.engine.dialect.name == "sqlite":
                connection.driver_connection.executescript(script)
            else:
                connection.driver_connection.execute(script)
        finally:
            connection.close()
        index = app.extensions["isthmus.search"]
        if index.count():
            index.clear()
        app.extensions["isthmus.cache"].clear()
        # What is counted in memory until it is written would count for rows of the next test that have the same keys.
        for noted in (reading._shown, reading._here, viewing._views, searching_log._waiting):
            noted.clear()
        settings: Settings = app.extensions["isthmus.settings"]
        shutil.rmtree(settings.home / "files", ignore_errors=True)


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


# --- what tests do with it ---


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


def address_of(handle: str) -> str:
    """The mail address that a member signs in with. Fails when there is no such member."""
    found = db.session.scalar(select(Member.email).where(Member.handle == handle))
    assert found is not None, f"no member has the handle {handle!r}"
    return found


@pytest.fixture
def login_as(app: Flask) -> LoginAs:
    """Sign in through the form, as a person would: `login_as("ann")` gives her `Visitor`."""

    def sign_in(handle: str, *, password: str = PASSWORD, language: str = "en") -> Visitor:
        person = Visitor(app, language=language)
        with app.test_request_context():
            page = url_for("accounts.sign_in")
        token = person.pass_through("GET", page).csrf_token
        data = {"csrf_token": token, "email": address_of(handle), "password": password}
        person.pass_through("POST", page, data=data)
        assert 300 <= person.status < 400, f"{handle} could not sign in: {person.text[:800]}"
        while person.location:
            person.pass_through("GET", person.location)
        return person

    return sign_in


@pytest.fixture
def run_jobs(app: Flask) -> RunJobs:
    """Run everything that is due until nothing is."""

    def run(*, failing: bool = False) -> int:
        save()
        tried = contextvars.Context().run(run_all, app)
        if not failing:
            failed = db.session.execute(select(Delivery.handler, Delivery.error).where(Delivery.error != "")).all()
            assert not failed, "deliveries failed:\n" + "\n".join(f"  {name}: {error}" for name, error in failed)
        save()
        return tried

    return run


@pytest.fixture
def count_statements() -> CountStatements:
    """Collect the SQL that a block sends, without the words that only begin and end transactions."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.lstrip().upper().startswith(CONTROL):
                sent.append(statement)

        save()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting
