"""The database: one declarative base, one transaction per request or job, UTC times."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, TypeDecorator, event, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def utcnow() -> datetime:
    """The present moment, aware, in UTC; the moment being replayed inside `at_time`."""
    return _replayed.get() or datetime.now(UTC)


@contextlib.contextmanager
def at_time(moment: datetime) -> Iterator[None]:
    """Replay the past through the product's own operations: inside, `utcnow` is `moment`."""
    token = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(token)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time in either database; a naive one is refused, for it has lost its meaning."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; SQLite keeps no zone, so it is dropped there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All our tables. Times are UTC, names of constraints are fixed so that migrations can find them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}


db = SQLAlchemy(metadata=Base.metadata)

_writing: ContextVar[bool] = ContextVar("writing", default=True)
_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)
_stays: ContextVar[bool] = ContextVar("stays", default=False)


def init_app(app: Flask, url: str) -> None:
    """Bind the database to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)


def _engine_options(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 30, "check_same_thread": False}}
    return {"pool_recycle": 300, "pool_size": 5, "max_overflow": 10}


def _prepare(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A reader that later wants to write would meet SQLITE_BUSY at once; a writer says so at the start.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextlib.contextmanager
def transaction(*, read_only: bool = False) -> Iterator[None]:
    """One unit of work: commits when the block returns, rolls back when it raises.

    A read-only one is always rolled back, so that nothing read by it can write by accident.
    What was asked for with `after_commit` runs once the commit has succeeded.
    """
    token = _writing.set(not read_only)
    hooks = _after_commit.set([])
    stays = _stays.set(False)
    try:
        yield
        if not read_only:  # removing the session below rolls a read-only one back
            db.session.commit()
        waiting = _after_commit.get() or []
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.remove()
        _writing.reset(token)
        _after_commit.reset(hooks)
        _stays.reset(stays)
    for hook in waiting:
        hook()


def after_commit(hook: Callable[[], None]) -> None:
    """Run `hook` once the present transaction has committed, never if it rolls back. Repeats are dropped."""
    waiting = _after_commit.get()
    if waiting is not None and hook not in waiting:
        waiting.append(hook)


def insert_once(table: type[DeclarativeBase], **values: object) -> bool:
    """Insert unless the key is there already; the database decides, so parallel requests cannot both win."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return db.session.scalar(statement.returning(literal(1))) is not None


def is_taken(error: IntegrityError) -> bool:
    """Whether a unique key refused what somebody else took, in the same moment perhaps."""
    name = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
    return name in ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


def by_thousands(ids: Iterable[int], statement: Callable[[list[int]], Executable]) -> dict[int, Any]:
    """The two columns of a statement about some of the ids as a mapping, however many ids there are."""
    ordered = sorted(ids)
    parts = (ordered[start : start + 1000] for start in range(0, len(ordered), 1000))
    return {row[0]: row[1] for part in parts for row in db.session.execute(statement(part))}


def glance(statement: Executable, values: dict[str, Any]) -> Sequence[Any] | None:
    """The first row of a statement that needs no transaction around it: one trip to the database, not three."""
    with db.engine.connect() as connection:
        return connection.execution_options(isolation_level="AUTOCOMMIT").execute(statement, values).first()


def let_stay() -> None:
    """What the present request writes stays even if it is refused, such as the letter that goes with the refusal."""
    _stays.set(True)


def undo_refused() -> None:
    """What a refused request did before it was refused is undone, so that nothing stays half done."""
    if not _stays.get():
        undo()


def undo() -> None:
    """Roll back what the present transaction did so far, and forget what was to follow its commit."""
    db.session.rollback()
    waiting = _after_commit.get()
    if waiting is not None:
        waiting.clear()
