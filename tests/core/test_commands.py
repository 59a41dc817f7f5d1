"""The commands inside this process: what they do to the application they are given."""

from collections.abc import Callable
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from bridge.cli import list_queries
from community.accounts.cli import create_user
from community.accounts.operations import by_email
from community.core import cli, web, worker
from community.core.db import db
from gamification.cli import rebuild_ledger
from tests.conftest import MakeApp, RunJobs
from tests.factories import a_thread
from tests.factories.bridge import a_query

Do = Callable[..., Result]


@pytest.fixture
def do(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Do:
    """Run a command with the tested application."""
    monkeypatch.setattr(cli, "application", lambda: app)

    def run(command: click.Command, *arguments: str) -> Result:
        db.session.commit()
        return CliRunner().invoke(command, arguments, catch_exceptions=False)

    return run


def test_the_doctor_checks_each_part(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    done = do(cli.main, "doctor")
    assert (done.exit_code, "fails" in done.output) == (0, False)

    def broken() -> None:
        raise OSError("no such disk\nand more")

    monkeypatch.setitem(web.checks, "storage", broken)
    monkeypatch.setattr(cli, "resources", lambda name: SimpleNamespace(is_dir=lambda: False))
    done = do(cli.main, "doctor")
    assert done.exit_code == 1
    assert "fails  storage: no such disk\n" in done.output
    assert "fails  templates: the folder templates is missing" in done.output
    assert "works  database" in done.output


def test_the_index_is_built_again(do: Do, run_jobs: RunJobs) -> None:
    a_thread()
    run_jobs()
    assert "thread: 1" in do(cli.main, "reindex").output


def test_routes_and_events_are_listed(do: Do) -> None:
    assert "/threads/<int:thread_id>" in do(cli.main, "routes").output
    told = do(cli.main, "events").output
    assert "forum.reply.posted\n    " in told
    assert "slot thread.card: " in told


def test_serving_starts_the_worker_and_stops_it(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    monkeypatch.setattr(cli, "start_background", lambda app: happened.append("background"))
    monkeypatch.setattr(cli, "serve_with_threads", lambda app, **options: happened.append(f"serve {options['port']}"))
    monkeypatch.setattr(cli, "log_to_terminal", lambda: None)
    monkeypatch.setattr(worker, "run_in_thread", lambda app, *, threads: lambda: happened.append(f"stop {threads}"))
    assert do(cli.main, "run", "--port", "8123", "--jobs", "2").exit_code == 0
    assert do(cli.main, "run", "--no-worker").exit_code == 0
    assert happened == ["background", "serve 8123", "stop 2", "background", "serve 8000"]


def test_the_worker_runs_alone(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(cli, "log_to_terminal", lambda: None)
    monkeypatch.setattr(worker, "run_forever", lambda app, *, threads: asked.append(threads))
    do(cli.main, "worker", "--jobs", "3")
    do(cli.main, "worker", "--threads", "5")
    do(cli.main, "worker")
    assert asked == [3, 5, 6]


def test_what_happens_goes_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(cli.logging, "basicConfig", lambda **options: told.append(options["level"]))
    cli.log_to_terminal()
    assert told == [cli.logging.INFO]


def test_migrating_makes_the_tables(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = make_app(tables=False)
    monkeypatch.setattr(cli, "application", lambda: empty)
    monkeypatch.setattr("logging.config.fileConfig", lambda *args, **options: None)
    done = CliRunner().invoke(cli.main, ["migrate"], catch_exceptions=False)
    assert "The database is up to date." in done.output


def test_a_setting_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("ISTHMUS_HOME", str(tmp_path))
    monkeypatch.setenv("ISTHMUS_ENV", "production")
    monkeypatch.setenv("ISTHMUS_SECRET_KEY", "weak")
    with pytest.raises(click.ClickException, match="ISTHMUS_SECRET_KEY"):
        cli.application()


def test_packages_bring_commands_of_their_own(do: Do) -> None:
    query = a_query()
    assert query.reference in do(list_queries).output
    assert "Standings follow from" in do(rebuild_ledger).output
    wanted = ("--email", "op@example.org", "--password", "a quiet harbour town", "--role", "admin")
    assert "can sign in as admin" in do(create_user, *wanted).output
    db.session.expire_all()
    assert by_email("op@example.org").role == "admin"  # type: ignore[union-attr]
