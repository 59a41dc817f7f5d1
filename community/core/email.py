"""Mail: rendered from a folder of templates each, sent from jobs only."""

import contextlib
import logging
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, make_msgid, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app, render_template

from .jobs import enqueue, outside_job
from .plaintext import plain_text
from .settings import Settings

log = logging.getLogger(__name__)
TIMEOUT = 20
LONGEST_SUBJECT = 180
TROUBLE = (OSError, smtplib.SMTPException)


@dataclass(frozen=True)
class Words:
    """What a letter says: plain text and HTML, both from the same template."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Mail:
    """One letter to one person. `return_path` is where mail servers report to; without one, the sender's address.

    `calendar` is an iCalendar object with a METHOD that a calendar program of the receiver acts upon.
    """

    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    return_path: str | None = None
    calendar: str = ""


class Mailer(Protocol):
    """Takes letters away."""

    def send(self, mail: Mail) -> None:
        """Hand the letter over. Raises `OSError` or `smtplib.SMTPException` when it was not taken."""

    def check(self) -> None:
        """Raise with a one-line reason when letters could not be taken."""


class ConsoleMailer:
    """Writes letters to the log, for a machine without a mail server."""

    def send(self, mail: Mail) -> None:
        """Log the letter's plain text."""
        log.info("mail to %s: %s\n%s", mail.to, mail.subject, mail.text)

    def check(self) -> None:
        """The log always takes letters."""


class SmtpMailer:
    """Speaks SMTP: `smtp://user:password@host:port`, `smtps://` for TLS from the start, `?starttls=1` to ask for it."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Deliver to the configured server."""
        with self._connected() as server:
            server.send_message(_message(mail, self._sender), from_addr=mail.return_path)

    def check(self) -> None:
        """Connect, sign in and say goodbye."""
        with self._connected() as server:
            server.noop()

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        host, port = self._url.hostname or "localhost", self._url.port or 25
        kind = smtplib.SMTP_SSL if self._url.scheme == "smtps" else smtplib.SMTP
        with kind(host, port, timeout=TIMEOUT) as server:
            if "starttls=1" in self._url.query:
                server.starttls(context=ssl.create_default_context())
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            yield server


def init_app(app: Flask, settings: Settings) -> None:
    """Build the mailer the settings ask for."""
    app.extensions["isthmus.mailer"] = (
        SmtpMailer(settings.smtp_url, settings.mail_from) if settings.smtp_url else ConsoleMailer()
    )
    app.config["MAIL_FROM"] = settings.mail_from


def mailer() -> Mailer:
    """The installation's mailer."""
    found: Mailer = current_app.extensions["isthmus.mailer"]
    return found


def rendered(name: str, **context: object) -> Words:
    """What `templates/email/<name>/` says in the present language."""
    folder = f"email/{name}"
    subject = " ".join(render_template(f"{folder}/subject.txt", **context).split())
    html = render_template(f"{folder}/body.html", **context)
    return Words(subject[:LONGEST_SUBJECT], plain_text(html), html)


def post(
    name: str,
    to: str,
    *,
    headers: dict[str, str] | None = None,
    return_path: str | None = None,
    calendar: str = "",
    **context: object,
) -> None:
    """Render `templates/email/<name>/` in the present language and have it sent by a job after the commit."""
    words = rendered(name, **context)
    enqueue(
        send,
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        headers=headers or {},
        return_path=return_path,
        calendar=calendar,
    )


@outside_job
def send(
    to: str,
    subject: str,
    text: str,
    html: str,
    headers: dict[str, str],
    return_path: str | None = None,
    calendar: str = "",
) -> None:
    """Send one letter, with no transaction open meanwhile; a refusal is retried like any failed job."""
    mailer().send(Mail(to, subject, text, html, headers, return_path, calendar))


def refused_for_good(error: Exception) -> bool:
    """Whether the mail server said that this address will never take the letter (an answer of 5xx to it)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(int(code) >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


class WholeAddresses(EmailPolicy):
    """Leaves the address of one-click unsubscribing in one piece: folded, mail programs do not understand it."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """As the standard does, but for that one header."""
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=WholeAddresses())
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = formatdate(usegmt=True)
    if "Message-ID" not in mail.headers:
        message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].partition("@")[2] or "localhost")
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        message.add_alternative(mail.calendar, subtype="calendar", params={"method": _method(mail.calendar)})
    return message


def _method(calendar: str) -> str:
    lines = (line for line in calendar.splitlines() if line.startswith("METHOD:"))
    return next(lines, "METHOD:PUBLISH").partition(":")[2]
