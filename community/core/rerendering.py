"""Texts that an older renderer made, made again: in batches, each a transaction of its own.

What was done stays done, so a run that was interrupted goes on where it was when it is started again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from rich.progress import Progress

from .cli import console, with_app
from .db import transaction

BATCH = 100


@dataclass(frozen=True)
class Texts:
    """A kind of text. `renew(after, limit)` makes at most `limit` old ones with larger ids again.

    It answers the last id and how many there were, or None where none is left.
    """

    waiting: Callable[[], int]
    renew: Callable[[int, int], tuple[int, int] | None]


sources: dict[str, Texts] = {}


def waiting() -> dict[str, int]:
    """How many texts of each kind an older renderer made."""
    return {name: texts.waiting() for name, texts in sources.items()}


def rerender(name: str, batch: int = BATCH) -> Iterator[int]:
    """Make the texts of one kind again; yields how many each batch held, after its commit."""
    after = 0
    while True:
        with transaction():
            done = sources[name].renew(after, batch)
        if done is None:
            return
        after, count = done
        yield count


@click.command(name="rerender")
@click.option("--batch", default=BATCH, show_default=True, type=click.IntRange(1, 1000), help="Texts at once.")
@with_app
def rerender_command(_app: object, batch: int) -> None:
    """Format texts again that an older version formatted. May be interrupted, and then started again."""
    with transaction(read_only=True):
        totals = waiting()
    with Progress(console=console, disable=not console.is_terminal) as progress:
        for name, total in totals.items():
            task, done = progress.add_task(name, total=total), 0
            for count in rerender(name, batch):
                done += count
                progress.update(task, completed=done)
            console.print(f"{name}: {done}")
