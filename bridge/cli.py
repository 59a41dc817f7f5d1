"""Commands of the bridge."""

import click
from flask import Flask

from bridge import words
from bridge.desks.declarative.commands import desk
from bridge.queries.clock import time_left
from bridge.queries.queries import QueueFilter, queue_page
from bridge.triage.commands import triage
from community.core.cli import with_app
from community.core.db import transaction, utcnow


def register(group: click.Group) -> None:
    """Add the bridge's commands to `isthmus`."""
    group.add_command(list_queries)
    group.add_command(desk)
    group.add_command(triage)


@click.command(name="queries")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many to list.")
@with_app
def list_queries(app: Flask, most: int) -> None:
    """List the queries in work, the next target first."""
    with app.test_request_context(), transaction(read_only=True):
        for query, assignee in queue_page(QueueFilter(), 1, size=most).rows:
            left = time_left(query, utcnow())
            kind = words.understood_as(query.query_class, query.priority)
            click.echo(f"{query.reference}  {left.text} {left.word}  {kind}  {assignee or '-'}  {query.title}")
