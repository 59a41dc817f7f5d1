"""`isthmus import`: bringing a community in from another place."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import IntegrityError

from community.core.cli import with_app
from community.core.db import transaction

from .accounts import NotAListError, attach_addresses, sources
from .stackexchange import MalformedDumpError, NotADumpError, import_stackexchange

MEANWHILE = (
    "Somebody else, perhaps another import, wrote the same rows meanwhile. "
    "What was imported before is kept; run the command again."
)

Report = Callable[[str, int, int], None]


@click.group("import")
def import_group() -> None:
    """Bring in a community from another place."""


@import_group.command("stackexchange")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--space", metavar="NAME", help="The space to fill; made where there is none. Default: the folder's name."
)
@with_app
def stackexchange(_app: Flask, folder: Path, space: str | None) -> None:
    """Import a Stack Exchange data dump: FOLDER holds Users.xml, Posts.xml and the other files.

    May be stopped at any time: the same command continues. Members brought in have no password.
    """
    try:
        with progress() as report:
            summary = import_stackexchange(folder, space=space, report=report)
    except (MalformedDumpError, NotADumpError) as error:
        raise click.ClickException(str(error)) from None
    except IntegrityError as error:
        raise click.ClickException(MEANWHILE) from error
    for line in summary.lines():
        click.echo(line)


@import_group.command("accounts")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", metavar="NAME", help="The import that the ids belong to, where there were several.")
@with_app
def accounts(_app: Flask, file: Path, source: str | None) -> None:
    """Give imported members an address, so that they can claim their accounts.

    FILE is a CSV file whose first line names the columns: email, and id (the old one) or name (as displayed). Nothing
    is mailed: who has such an address asks for a new password. The same command may be run again.
    """
    try:
        outcome = attach_addresses(file, source=_known_source(source))
    except NotAListError as error:
        raise click.ClickException(str(error)) from None
    except IntegrityError as error:
        raise click.ClickException(MEANWHILE) from error
    for line, reason in outcome.unusable:
        click.echo(f"line {line}: {reason}")
    click.echo(
        f"{outcome.attached:,} addresses attached, {outcome.present:,} were there before, "
        f"{len(outcome.unusable):,} lines not used"
    )
    if outcome.unusable:
        sys.exit(1)


def _known_source(source: str | None) -> str | None:
    """The full name of an import, which may be given without its kind. Exits with one line for an unknown one."""
    with transaction(read_only=True):
        known = sources()
    found = next((name for name in known if source in (name, name.partition(":")[2])), None)
    if source is not None and found is None:
        raise click.ClickException(f"no import is called {source}; there are: {', '.join(known) or 'none'}")
    return found if source is not None else None


@contextmanager
def progress() -> Iterator[Report]:
    """Give a reporter of (step, done, total): a bar for each step on a terminal, else a line at its end."""
    if not sys.stdout.isatty():
        yield _line
        return
    columns = (TextColumn("{task.description:<18}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, TimeElapsedColumn(), console=Console()) as bars:
        tasks: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step)
            bars.update(tasks[step], completed=done, total=max(total, 1) if done < total else max(done, 1))

        yield report


def _line(step: str, done: int, total: int) -> None:
    if done == total:
        click.echo(f"{step}: done")
