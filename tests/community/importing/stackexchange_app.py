"""The smallest application that an import runs in; also a program that runs one, to be killed by a test."""

import sys
from pathlib import Path

from flask import Flask

import community.accounts.models
import community.core.events
import community.core.indexing
import community.forum.models
import community.importing.models
import community.organisations.models
import community.spaces.models  # noqa: F401
from community.core import db as kernel
from community.core.db import db
from community.importing.stackexchange import import_stackexchange, writing


def make_app(path: Path) -> Flask:
    """An application on a SQLite file."""
    app = Flask("import")
    kernel.init_app(app, f"sqlite:///{path}")
    return app


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Import a dump in batches of so many rows, saying how far it is."""
    database, folder = Path(sys.argv[1]), Path(sys.argv[2])
    writing.BATCH = int(sys.argv[3])
    with make_app(database).app_context():
        db.create_all()
        summary = import_stackexchange(
            folder, space=None, report=lambda step, done, total: _say(f"{step} {done} {total}")
        )
        _say("\n".join(summary.lines()))


if __name__ == "__main__":
    main()
