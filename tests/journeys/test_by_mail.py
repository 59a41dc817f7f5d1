"""Taking part without ever opening the page, and hearing of everything once a day."""

import dataclasses
import smtplib
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.core.email import SmtpMailer
from community.core.jobs import enqueue
from community.core.settings import Settings
from community.forum.models import Thread
from community.notifications.sending import send_digests
from tests.community.notifications.conftest import ONE_CLICK, a_mail, path_in, plain
from tests.conftest import LoginAs, RunJobs
from tests.core.mail.conftest import listening
from tests.core.mail.test_listening import ANYWHERE, port_of
from tests.factories import a_member, a_space
from tests.servers import Mailbox


@pytest.fixture(autouse=True)
def _receiving(app: Flask, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail leaves through a real server, and answers come in."""
    settings: Settings = app.extensions["isthmus.settings"]
    monkeypatch.setitem(app.extensions, "isthmus.mailer", SmtpMailer(smtp.url, settings.mail_from))
    monkeypatch.setitem(app.extensions, "isthmus.settings", dataclasses.replace(settings, mail_domain="localhost"))


def deliver(app: Flask, raw: bytes, recipient: str) -> None:
    """As the mail server in front of us does."""
    db.session.commit()
    with listening(app, lmtp=ANYWHERE) as (place,), smtplib.LMTP("127.0.0.1", port_of(place)) as client:
        client.sendmail("ann@example.org", [recipient], raw)


def test_reply_by_mail(app: Flask, smtp: Mailbox, login_as: LoginAs, run_jobs: RunJobs) -> None:
    """Ann asks by mail, answers by mail, accepts on the page; a closed thread says why it takes no more."""
    a_space("workplace", name="Workplace")
    a_member("ann", name="Ann Berg")
    a_member("bob", name="Bob Lind")
    a_member("mia", role="manager")
    ann, bob, mia = login_as("ann"), login_as("bob"), login_as("mia")
    ann.get("/notifications/by-mail")
    (ask,) = [link.removeprefix("mailto:") for link in ann.links() if link.startswith("mailto:")]
    deliver(app, a_mail("Since this morning, on floor two.", to=ask, subject="The printer prints nothing"), ask)
    run_jobs()

    thread = f"/threads/{db.session.scalars(select(Thread.id)).one()}"
    bob.get(thread)
    assert "The printer prints nothing" in bob.text
    bob.submit("#reply-form", body="Is there paper in the second tray?")
    run_jobs()

    (told,) = smtp.to("ann@example.org")
    assert "Is there paper in the second tray?" in plain(told)
    back = str(told["Reply-To"])
    text = f"There is now, and it prints.\n\nOn Mon, 23 Nov 2026 at 09:12, Isthmus <{back}> wrote:\n> Is there paper"
    for _again in range(2):
        deliver(app, a_mail(text, to=back, message_id="<2@x.example>"), back)
    run_jobs()
    (heard,) = [mail for mail in smtp.to("bob@example.org") if "it prints" in plain(mail)]
    assert "Is there paper" not in plain(heard)

    ann.get(thread)
    assert ann.text.count("There is now, and it prints.") == 1
    mia.post(f"{thread}/closing", {"reason": "Solved."})
    run_jobs()
    smtp.clear()
    for _again in range(2):
        deliver(app, a_mail("One more thing.", to=back, message_id="<3@x.example>"), back)
    run_jobs()
    (why,) = smtp.to("ann@example.org")
    assert "takes no more replies" in plain(why)
    ann.get(thread)
    assert "One more thing" not in ann.text


def test_digest(app: Flask, smtp: Mailbox, login_as: LoginAs, run_jobs: RunJobs) -> None:
    """Ann wants one mail a day, reads it at eight, and ends it with one click of her mail program."""
    a_space("workplace", name="Workplace")
    a_member("ann", name="Ann Berg").time_zone = "Europe/Oslo"
    a_member("bob", name="Bob Lind")
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False) as clock:
        ann, bob = login_as("ann"), login_as("bob")
        ann.get("/notifications/preferences")
        ann.submit("#mail-form", rhythm="daily", hour="8")
        for title in ("The printer prints nothing", "The lift is slow today"):
            ann.get("/ask", title=title)
            ann.submit("#ask-form", body="Since this morning, on floor two.")
            bob.get(ann.page.path)
            bob.submit("#reply-form", body=f"I have seen that: {title}")
        run_jobs()
        assert smtp.to("ann@example.org") == []
        ann.get("/notifications")
        assert "2 are new to you" in ann.text

        clock.move_to(datetime(2026, 11, 24, 7, 5, tzinfo=UTC))
        enqueue(send_digests)
        run_jobs()
        (mail,) = smtp.to("ann@example.org")
        assert mail["Subject"].startswith("2 pieces of news for you")
        assert "I have seen that: The lift is slow today" in plain(mail)
        assert app.test_client().post(path_in(mail["List-Unsubscribe"]), data=ONE_CLICK).status_code == 200

        ann.get("/notifications/preferences")
        assert [str(choice["value"]) for choice in ann.select("#rhythm input[checked]")] == ["never"]
