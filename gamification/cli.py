"""Commands of recognition."""

import click
from flask import Flask

from community.core.cli import with_app
from community.core.db import transaction
from gamification.rebuilding import rebuild


def register(group: click.Group) -> None:
    """Add `isthmus gamification`."""
    group.add_command(gamification)


@click.group()
def gamification() -> None:
    """Points, levels and badges."""


@gamification.command(name="rebuild")
@with_app
def rebuild_ledger(app: Flask) -> None:
    """Compute ledger, standings and badges again from the facts."""
    with app.test_request_context(), transaction():
        count = rebuild()
    click.echo(f"Standings follow from {count} facts.")
