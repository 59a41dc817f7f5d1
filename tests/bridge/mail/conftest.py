"""A desk that is reached by mail, a real mail server between, and somebody at the desk who answers."""

import contextvars
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from flask import Flask

from bridge.desks.mail import arriving
from bridge.handovers.models import DeskRoute, ServiceDesk
from bridge.queries.models import Query
from community import public
from community.core.db import db
from community.core.email import SmtpMailer
from community.core.mail.receiving import Outcome, receive
from community.forum.models import Thread
from tests.factories import a_member
from tests.servers import Mailbox

DESK = "desk@desk.example"
assert arriving.KIND == "mail"


@dataclass
class Post:
    """What the desk got; what members get goes through the same server."""

    server: Mailbox

    @property
    def messages(self) -> list[EmailMessage]:
        """Letters to the desk, oldest first."""
        return self.server.to(DESK)


@pytest.fixture
def post(app: Flask, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Post:
    """The desk's mailbox; letters leave through a real SMTP server."""
    monkeypatch.setitem(app.extensions, "isthmus.mailer", SmtpMailer(smtp.url, "Isthmus <community@localhost>"))
    return Post(smtp)


@pytest.fixture
def desk(app: Flask, post: Post) -> ServiceDesk:
    """The desk, which gets every query."""
    speaker = a_member("desk-team", role="agent", name="Support team")
    made = ServiceDesk(
        key="mail", name="Mail desk", kind="mail", url="", options={"address": DESK}, speaker_id=speaker.id
    )
    made.routes = [DeskRoute()]
    db.session.add(made)
    db.session.flush()
    return made


def answer(
    letter: EmailMessage,
    text: str = "Install 5.2.3",
    *,
    sender: str = "Rosa <rosa@desk.example>",
    to: str = "",
    message_id: str = "<a1@desk.example>",
    subject: str = "",
    reply: bool = True,
    **headers: str,
) -> bytes:
    """What somebody at the desk writes back with an ordinary program."""
    made = EmailMessage()
    made["From"], made["To"] = sender, to or str(letter["Reply-To"])
    made["Subject"], made["Message-ID"] = subject or f"Re: {letter['Subject']}", message_id
    made["Date"] = "Sun, 22 Nov 2026 08:00:00 +0000"
    if reply:
        made["In-Reply-To"] = made["References"] = str(letter["Message-ID"])
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    body = letter.get_body(("plain",))
    quoted = "".join(f"> {line}\n" for line in (body.get_content() if body else "").splitlines())
    made.set_content(f"{text}\n\nOn Sun, 22 Nov 2026 at 08:00, Isthmus <{letter['Reply-To']}> wrote:\n\n{quoted}")
    return made.as_bytes(policy=SMTP)


def arrive(app: Flask, raw: bytes, *recipients: str, from_nobody: bool = False) -> list[Outcome]:
    """As the listener does: in a context and a session of its own."""

    def hand_in() -> list[Outcome]:
        with app.test_request_context():
            return receive(raw, recipients, from_nobody=from_nobody)

    db.session.commit()
    outcomes = contextvars.Context().run(hand_in)
    db.session.expire_all()
    return outcomes


def words_in(thread: Thread) -> list[str]:
    """What the desk said in a thread."""
    return [post.body for post in public.post_snapshots(thread.id) if post.origin == "desk"]


def fresh(query: Query) -> Query:
    """The query as it is now."""
    db.session.expire_all()
    return db.session.get_one(Query, query.id)
