"""The migrations make exactly the tables of the models, on both databases, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from community.core import migrating
from community.core.db import Base, db
from tests.conftest import MakeApp


def differences(app: Flask) -> list[str]:
    """What a new migration would have to change."""
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def tables(app: Flask) -> set[str]:
    """Tables of the application's database."""
    with app.app_context():
        return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_migrations_make_the_tables_of_the_models(make_app: MakeApp) -> None:
    app = make_app(tables=False)
    migrating.upgrade(app)
    found = differences(app)
    assert not found, "models and migrations differ:\n" + "\n".join(found)


def test_migrations_can_be_taken_back_and_done_again(make_app: MakeApp) -> None:
    app = make_app(tables=False)
    migrating.upgrade(app)
    migrating.downgrade(app, "base")
    assert tables(app) == set()
    migrating.upgrade(app)
    assert tables(app) >= set(Base.metadata.tables)
