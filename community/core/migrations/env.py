"""Alembic's environment: the application's own engine and tables, in batch mode for SQLite."""

from alembic import context
from flask import current_app

from community.core.db import Base, db
from community.core.search.postgres_backend import TABLES


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """The search tables are derived data that their backend makes itself; huey keeps its own."""
    return kind != "table" or (name not in TABLES and not (name or "").startswith("huey"))


def _run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with db.engine.connect() as connection:
        _migrate(connection)


def _migrate(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=_ours,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


assert current_app, "migrations run inside the application"
_run()
