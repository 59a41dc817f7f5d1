"""Commands for mail that comes in."""

import asyncio
import signal
import sys

import click
from flask import Flask

from .cli import log_to_terminal, with_app
from .db import transaction
from .mail import keeping, mailbox
from .mail.listening import Listener, Place, place_from
from .mail.matching import features
from .mail.receiving import Answer, Outcome, receive
from .settings import Settings

# What mail servers expect of a program that they hand a message to (sysexits.h).
GIVE_BACK, COME_AGAIN = 65, 75


@click.group(name="mail")
def mail_group() -> None:
    """Receive mail: answers of service desks, and whatever else has an address here."""


def _places(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> list[Place]:
    try:
        return [place_from(text) for text in given]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@mail_group.command(name="listen")
@click.option("--lmtp", multiple=True, metavar="HOST:PORT|unix:PATH", callback=_places, help="Listen for LMTP here.")
@click.option("--smtp", multiple=True, metavar="HOST:PORT|unix:PATH", callback=_places, help="Listen for SMTP here.")
@with_app
def listen(app: Flask, lmtp: list[Place], smtp: list[Place]) -> None:
    """Take mail from a mail server, until stopped. LMTP answers for each recipient and is the better choice."""
    if not lmtp and not smtp:
        raise click.UsageError("Say where to listen: --lmtp HOST:PORT, --lmtp unix:PATH or --smtp HOST:PORT")
    log_to_terminal()
    try:
        asyncio.run(_serve(Listener(app, lmtp=lmtp, smtp=smtp)))
    except OSError as error:
        raise click.ClickException(str(error)) from error


async def _serve(listener: Listener) -> None:
    stop, ready = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    running = asyncio.create_task(listener.run(stop, ready))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
    if ready.is_set():
        click.echo(f"Isthmus takes mail at {', '.join(listener.addresses)}")
    waiting.cancel()
    await running


@mail_group.command(name="fetch")
@with_app
def fetch(app: Flask) -> None:
    """Read the mailbox of IMAP_URL once; the worker does so each minute."""
    settings: Settings = app.extensions["isthmus.settings"]
    if not settings.imap_url:
        raise click.ClickException("IMAP_URL is not set")
    try:
        with app.test_request_context(base_url=settings.public_url):
            count = mailbox.read_new(mailbox.account_from(settings.imap_url), largest=settings.mail_limit)
    except mailbox.MailboxError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} read")


@mail_group.command(name="check")
@with_app
def check(app: Flask) -> None:
    """Say which addresses mail is taken for, and whether the mailbox of IMAP_URL can be read."""
    settings: Settings = app.extensions["isthmus.settings"]
    purposes = ", ".join(f"{name}+...@{settings.receiving_domain}" for name in sorted(features)) or "nothing"
    click.echo(f"Mail is taken for {purposes}")
    if settings.imap_url:
        try:
            mailbox.check(mailbox.account_from(settings.imap_url))
        except mailbox.MailboxError as error:
            raise click.ClickException(str(error)) from error
        click.echo("The mailbox can be read")


@mail_group.command(name="read")
@click.argument("recipients", nargs=-1)
@with_app
def read(app: Flask, recipients: tuple[str, ...]) -> None:
    """Take one message from the standard input, for a mail server that pipes; 75 asks it to come again."""
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
        outcomes = receive(sys.stdin.buffer.read(), recipients)
    for outcome in outcomes:
        _tell(outcome)
    answers = {outcome.answer for outcome in outcomes}
    if Answer.LATER in answers:
        sys.exit(COME_AGAIN)
    if answers == {Answer.REFUSED}:
        sys.exit(GIVE_BACK)


@mail_group.command(name="list")
@click.option("--failed", is_flag=True, help="Only what was not taken over.")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many to list.")
@with_app
def list_mail(app: Flask, failed: bool, most: int) -> None:
    """List what came in, newest first."""
    with transaction(read_only=True):
        for row in keeping.recent(failed=failed, limit=most):
            when = row.received_at.isoformat(timespec="seconds")
            click.echo(f"{row.id}  {when}  {row.state}  {row.matched_to or '-'}  {row.sender}  {row.subject}")
            if row.error:
                click.echo(f"    {row.error.splitlines()[0]}")


@mail_group.command(name="retry")
@click.argument("mail_id", type=int)
@with_app
def retry(app: Flask, mail_id: int) -> None:
    """Take over again what failed."""
    try:
        with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
            outcome = keeping.try_again(mail_id)
    except LookupError as error:
        raise click.ClickException(str(error)) from error
    _tell(outcome)
    if outcome.answer is not Answer.TAKEN:
        sys.exit(1)


def _tell(outcome: Outcome) -> None:
    click.echo(f"{outcome.recipient or '-'}: {outcome.answer} {outcome.words}".rstrip())
