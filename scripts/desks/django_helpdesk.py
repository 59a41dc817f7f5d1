"""django-helpdesk from its Python package, in a small Django project with one queue and fields for our references."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .common import HERE, Running, done, free_port, installed, scratch, started, virtualenv

FILES = HERE / "django_helpdesk_files"
PACKAGES = ("django-helpdesk==2.6.1", "Django<6")
SECRETS = {"bridge": "bridge-test-1", "agent": "agent-test-1"}


@contextmanager
def serve() -> Iterator[Running]:
    """A help desk with a database of its own for this run."""
    made = installed(PACKAGES[0], FILES, _install)
    with scratch("django-helpdesk") as home:
        shutil.copy(made / "desk.sqlite3", home)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command: list[str | Path] = [
            made / "venv/bin/python",
            FILES / "manage.py",
            "runserver",
            "--noreload",
            f"127.0.0.1:{port}",
        ]
        with started(command, f"{url}/api/", home, _settings(home)):
            yield Running(url, home, SECRETS)


def _install(folder: Path) -> None:
    python = virtualenv(folder, *PACKAGES) / "python"
    done([python, FILES / "manage.py", "migrate", "-v", "0"], "no database was made", environment=_settings(folder))
    done([python, FILES / "seed.py"], "the database has no accounts", environment=_settings(folder))


def _settings(home: Path) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "desk_settings", "DESK_HOME": os.fspath(home), "PYTHONDONTWRITEBYTECODE": "1"}
