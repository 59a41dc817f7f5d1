"""`isthmus desk`: a desk file checked, and proved against the live desk."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bridge.desks.contract import DeskError, DeskSettings

from .checking import check
from .description import Description, DeskFileError, read_description
from .proving import Proof, Step

MARKS = {True: "ok    ", False: "FAILED", None: "left  "}


@click.group(name="desk")
def desk() -> None:
    """Connect a service desk by a file that describes it; see docs/connect-a-desk.md."""


@desk.command(name="check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_file(file: Path) -> None:
    """Look for mistakes in FILE without asking a desk. Ends with 1 where there are any."""
    faults = check(_text(file))
    for fault in faults:
        click.echo(f"{file}:{fault.line}: {fault.text}")
    if faults:
        sys.exit(1)
    click.echo(f"{file}: nothing wrong. Try it: isthmus desk prove {file} --url https://…")


@desk.command(name="prove")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", required=True, help="The address of the desk, as you open it in a browser.")
@click.option("--secret", "secrets", multiple=True, metavar="NAME=VALUE", help="A secret; asked for where not given.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="An option of the file.")
@click.option(
    "--status", "statuses", multiple=True, metavar="WORD=OURS", help="A status of your desk, and ours for it."
)
@click.option("--address", default="connection-test@example.org", show_default=True, help="The requester's address.")
@click.option("--private", is_flag=True, help="The desk is in a private network.")
def prove_file(
    file: Path,
    url: str,
    secrets: tuple[str, ...],
    options: tuple[str, ...],
    statuses: tuple[str, ...],
    address: str,
    private: bool,
) -> None:
    """Try everything in FILE against the desk; this makes one query there. Ends with 1 where anything failed."""
    try:
        description = read_description(_text(file))
        given = _secrets(description, _pairs(secrets))
        settings = DeskSettings("proof", "file", url, _pairs(options), given, _pairs(statuses), private)
        failed = _shown(Proof(description, settings, address).steps())
    except (DeskFileError, DeskError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{failed} failed" if failed else "Everything works.")
    if failed:
        sys.exit(1)


def _shown(steps: Iterable[Step]) -> int:
    failed = 0
    for step in steps:
        click.echo(f"{MARKS[step.ok]} {step.name}: {step.words}")
        failed += step.ok is False
    return failed


def _secrets(description: Description, given: dict[str, str]) -> dict[str, str]:
    """Asks for what was not given, so that it stands in no list of past commands. Secrets of pushes are not needed."""
    push = description.part("push").get("secret")
    asked = {
        name: click.prompt(f"{name} ({words})", hide_input=True)
        for name, words in description.secrets.items()
        if name not in given and name != push
    }
    return {**given, **asked}


def _pairs(given: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise click.BadParameter("write NAME=VALUE")
        pairs[name] = value
    return pairs


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not a text in UTF-8") from error
