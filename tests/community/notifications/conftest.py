"""Mail that leaves through a real server and comes back through our own door."""

import contextvars
import dataclasses
import re
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.core.email import SmtpMailer
from community.core.mail.receiving import Outcome, receive
from community.core.settings import Settings
from community.following.models import Level
from community.following.operations import choose
from community.following.operations import thread as the_thread
from community.forum.models import Post, Thread
from community.notifications import addressing
from tests.conftest import RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.servers import Mailbox

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ADDRESS = re.compile(r"\s*<https?://[^/]+(/[^>]+)>")


@pytest.fixture
def mailing(app: Flask, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """The application sends through the real mail server while a test runs."""
    settings: Settings = app.extensions["isthmus.settings"]
    monkeypatch.setitem(app.extensions, "isthmus.mailer", SmtpMailer(smtp.url, settings.mail_from))
    return smtp


@pytest.fixture
def receiving(app: Flask, mailing: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """It receives mail, too."""
    settings: Settings = app.extensions["isthmus.settings"]
    answering = dataclasses.replace(settings, mail_domain="localhost")
    monkeypatch.setitem(app.extensions, "isthmus.settings", answering)
    return mailing


@dataclass
class Exchange:
    """A thread of Bob's that Ann asked for, and the letter that told her of his reply."""

    ann: Member
    bob: Member
    thread: Thread
    letter: EmailMessage
    ask: str

    @property
    def reply_to(self) -> str:
        return str(self.letter["Reply-To"])

    def written(self) -> list[Post]:
        """What Ann wrote in the thread beside its opening."""
        db.session.expire_all()
        return [post for post in self.thread.posts if post.author_id == self.ann.id and not post.opens]


@pytest.fixture
def exchange(app: Flask, receiving: Mailbox, run_jobs: RunJobs) -> Exchange:
    space = a_space("workplace", name="Workplace")
    ann, bob = a_member("ann", name="Ann Berg"), a_member("bob", name="Bob Lind")
    thread = a_thread(space, ann)
    a_reply(thread, bob)
    run_jobs()
    (letter,) = receiving.to(ann.email)
    receiving.clear()
    return Exchange(ann, bob, thread, letter, addressing.space_address(ann.id, space.id, 1))


def arrive(app: Flask, raw: bytes, *recipients: str, from_nobody: bool = False) -> list[Outcome]:
    """As the listener does: in a context and a session of its own."""

    def hand_in() -> list[Outcome]:
        with app.test_request_context():
            return receive(raw, recipients, from_nobody=from_nobody)

    db.session.commit()
    outcomes = contextvars.Context().run(hand_in)
    db.session.expire_all()
    return outcomes


def a_mail(
    text: str, *, to: str, sender: str = "ann@example.org", subject: str = "Re: VPN", message_id: str = "<m1@x.example>"
) -> bytes:
    """What an ordinary program sends."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, to, subject, message_id
    made["Date"] = "Mon, 23 Nov 2026 10:30:55 +0100"
    made.set_content(text)
    return made.as_bytes()


def plain(mail: EmailMessage) -> str:
    """The words of a letter."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def path_in(header: str) -> str:
    """Path of the address that a header holds between angle brackets."""
    found = ADDRESS.fullmatch(header)
    assert found, header
    return found.group(1)


def follow(thread: Thread, member: Member, level: Level = Level.WATCHING) -> None:
    """Have a member follow a thread."""
    choose(member.id, the_thread(thread.id), level)
