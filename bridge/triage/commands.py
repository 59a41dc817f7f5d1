"""`isthmus triage`: learn from the desk's decisions now."""

import click
from flask import Flask

from community.core.cli import with_app
from community.core.storage import StorageError

from .reporting import Report
from .training import LearningError, learn


@click.group(name="triage")
def triage() -> None:
    """How posts are classified; see docs/triage.md."""


@triage.command(name="learn")
@with_app
def learn_now(app: Flask) -> None:
    """Learn from the desk's decisions, as happens once a week; keep what was learned unless it is worse."""
    try:
        report = learn()
    except (LearningError, StorageError) as error:
        raise click.ClickException(str(error)) from error
    for line in lines(report):
        click.echo(line)


def lines(report: Report) -> list[str]:
    """A report in plain lines."""
    held_out = report.held_invented + report.held_own
    told = [
        f"Learned from {report.invented} invented posts and {report.own} decisions of the desk.",
        f"F1 on {held_out} held-out posts: {report.score:.3f}, before {report.before:.3f}.",
        "Kept." if report.kept else "Not kept: it is worse than what stands.",
    ]
    for name, found in report.languages.items():
        may = "acts" if found.may_act else "does not act"
        told.append(f"{name}: {may}, {found.right} of {found.acted} were right")
    return told
