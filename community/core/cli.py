"""The kernel's commands, and what the packages need to write theirs."""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import click
from flask import Flask
from rich.console import Console
from rich.progress import Progress
from waitress import serve as serve_with_threads

from . import events, indexing, migrating, slots, web, worker
from .app import create_app, start_background
from .assets import resources
from .db import transaction
from .logs import keep_secrets_out
from .settings import SettingsError, settings_from_environment

P = ParamSpec("P")
R = TypeVar("R")
console = Console()
JOBS: Any = {"default": 6, "show_default": True, "type": click.IntRange(1, 32)}


def application() -> Flask:
    """The application the environment describes. Exits with one line when a setting cannot be used."""
    try:
        app = create_app(settings_from_environment())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    migrating.init_app(app)
    return app


def with_app(command: Callable[Concatenate[Flask, P], R]) -> Callable[P, R]:
    """Give a command the application, inside its context."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        app = application()
        with app.app_context():
            return command(app, *args, **kwargs)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Isthmus: a user community with a bridge to the service desk."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run the worker in this process too.")
@click.option("--jobs", **JOBS, help="How many jobs that worker does at once.")
def run(host: str, port: int, threads: int, worker: bool, jobs: int) -> None:
    """Serve the community, with a worker beside the web server in one process."""
    log_to_terminal()
    app = application()
    start_background(app)
    stop = _start_worker(app, jobs) if worker else None
    console.print(f"Isthmus answers at [bold]http://{host}:{port}[/bold]  (stop with Ctrl+C)")
    try:
        serve_with_threads(app, host=host, port=port, threads=threads, ident=None)
    finally:
        if stop is not None:
            stop()


def log_to_terminal() -> None:
    """What happens, mail that has nowhere to go too, goes to the terminal; chatty libraries only when they complain."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name, level in (("huey", logging.WARNING), ("waitress.queue", logging.ERROR)):
        logging.getLogger(name).setLevel(level)
    keep_secrets_out()


def _start_worker(app: Flask, jobs: int) -> Callable[[], None]:
    return worker.run_in_thread(app, threads=jobs)


@main.command(name="worker")
@click.option("--jobs", "--threads", **JOBS, help="How many jobs it does at once.")
def run_worker(jobs: int) -> None:
    """Do the jobs, as a process of its own; run as many as are needed."""
    log_to_terminal()
    worker.run_forever(application(), threads=jobs)


@main.command()
@with_app
def migrate(app: Flask) -> None:
    """Bring the database to this version's schema."""
    migrating.upgrade(app)
    with transaction(read_only=True):
        indexing.prepare()
    console.print("The database is up to date.")


@main.command()
@with_app
def reindex(app: Flask) -> None:
    """Build the search index again from the database."""
    with Progress(console=console, disable=not console.is_terminal) as progress, transaction(read_only=True):
        tasks: dict[str, object] = {}
        counts: dict[str, int] = {}
        for kind, done in indexing.rebuild():
            task = tasks.setdefault(kind, progress.add_task(kind, total=None))
            progress.update(task, completed=done)  # type: ignore[arg-type]
            counts[kind] = done
    for kind, done in counts.items():
        console.print(f"{kind}: {done}")


@main.command()
@with_app
def doctor(app: Flask) -> None:
    """Check each configured part; one line each, exit code 1 when one does not work."""
    mail = app.extensions["isthmus.mailer"]
    parts = {**web.checks, "mail": mail.check, "templates": _check_resources}
    for more in web.far_checks:
        parts |= more()
    failed = 0
    for name, check in parts.items():
        failed += _report(name, check)
    if failed:
        sys.exit(1)


def _report(name: str, check: Callable[[], None]) -> int:
    try:
        check()
    except Exception as error:
        console.print(f"[red]fails[/red]  {name}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
        return 1
    console.print(f"[green]works[/green]  {name}")
    return 0


def _check_resources() -> None:
    for name in ("templates", "static"):
        if not resources(name).is_dir():
            raise FileNotFoundError(f"the folder {name} is missing")


@main.command()
@with_app
def routes(app: Flask) -> None:
    """List each address with its methods and who may use it."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        who = access.permission.name if access and access.permission else (access.kind if access else "UNDECLARED")
        click.echo(f"{methods:12} {rule.rule:60} {who}")


@main.command(name="events")
@with_app
def list_events(app: Flask) -> None:
    """List who listens to what, and what fills which slot."""
    for name, handlers in events.subscribers().items():
        click.echo(name)
        for handler in handlers:
            click.echo(f"    {handler}")
    for name, count in slots.filled().items():
        click.echo(f"slot {name}: {count}")
