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
