"""Alembic's environment: the application's own engine and tables, in batch mode for SQLite."""

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from community.core.db import Base, UtcDateTime, db
from community.core.search.postgres_backend import TABLES


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """The search tables are derived data that their backend makes itself; huey keeps its own."""
    return kind != "table" or (name not in TABLES and not (name or "").startswith("huey"))


def _render(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Our time type is a plain time with zone to the database; a migration must not depend on our classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def _run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with db.engine.connect() as connection:
        _migrate(connection)
        connection.commit()


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=_ours,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


assert current_app, "migrations run inside the application"
_run()
