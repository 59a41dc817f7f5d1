"""Migrations, for commands alone: a process that serves pages never loads Alembic."""

from pathlib import Path

import flask_migrate
from flask import Flask
from flask_migrate import Migrate

from .db import db

FOLDER = str(Path(__file__).parent / "migrations")
_migrate = Migrate(render_as_batch=True, compare_type=True, directory=FOLDER)


def init_app(app: Flask) -> None:
    """Let Flask's `db` commands and the functions below find the database of the application."""
    _migrate.init_app(app, db)


def upgrade(app: Flask) -> None:
    """Bring the database to this version's schema."""
    with app.app_context():
        init_app(app)
        flask_migrate.upgrade(directory=FOLDER)


def downgrade(app: Flask, revision: str) -> None:
    """Take the database back to a revision, "base" for an empty one."""
    with app.app_context():
        init_app(app)
        flask_migrate.downgrade(directory=FOLDER, revision=revision)
