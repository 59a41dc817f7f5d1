"""The pages on which held mail is released, noted or put aside."""

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks.mail import views
from bridge.handovers.models import DeskMessage, MessageState, ServiceDesk
from community.core.db import db
from tests.bridge.mail.conftest import Post, answer, arrive, words_in
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query

assert views.LONGEST


@pytest.fixture
def waiting(app: Flask, desk: ServiceDesk, post: Post, run_jobs: RunJobs) -> DeskMessage:
    """A mail that waits."""
    a_member("jonas", role="agent", name="Jonas")
    a_query(a_thread(author=a_member("ann")))
    run_jobs()
    arrive(app, answer(post.messages[0], "<b>Install</b> 5.2.3", sender="Eve <eve@evil.example>"))
    return db.session.scalars(select(DeskMessage).where(DeskMessage.state == MessageState.HELD)).one()


def test_staff_release_what_they_read(app: Flask, waiting: DeskMessage, login_as: LoginAs) -> None:
    link = waiting.hand_over.query.links[0].thread_id
    jonas = login_as("jonas")
    jonas.get("/desk/mail")
    assert "not of this desk" in jonas.text
    jonas.get(f"/desk/mail/{waiting.id}")
    assert "<b>Install</b> 5.2.3" in jonas.text
    jonas.submit("#release", words="Install 5.2.3, please", follow=False)
    assert waiting.state == MessageState.RECEIVED
    thread = db.session.get_one(type(a_thread()), link)
    assert words_in(thread) == ["Install 5.2.3, please"]
    jonas.post(f"/desk/mail/{waiting.id}/release", {"words": "again"})
    assert words_in(thread) == ["Install 5.2.3, please"]
    jonas.get(f"/desk/mail/{waiting.id}")
    assert "Somebody has dealt with this mail" in jonas.text
    jonas.get("/desk/mail")
    assert "No mail waits" in jonas.text


@pytest.mark.parametrize(("verb", "field"), [("release", "words"), ("note", "words"), ("aside", "reason")])
def test_nothing_empty_is_taken(app: Flask, waiting: DeskMessage, login_as: LoginAs, verb: str, field: str) -> None:
    jonas = login_as("jonas")
    jonas.post(f"/desk/mail/{waiting.id}/{verb}", {field: ""}, status=422)
    assert waiting.state == MessageState.HELD
    jonas.post(f"/desk/mail/{waiting.id}/{verb}", {field: "enough said"})
    assert waiting.state == MessageState.RECEIVED


def test_nobody_else_sees_it(app: Flask, waiting: DeskMessage, login_as: LoginAs) -> None:
    ann = login_as("ann")
    for path in ("/desk/mail", f"/desk/mail/{waiting.id}"):
        ann.get(path, status=404)
    for verb in ("release", "note", "aside"):
        ann.post(f"/desk/mail/{waiting.id}/{verb}", {"words": "x", "reason": "x"}, status=404)
    assert waiting.state == MessageState.HELD
    login_as("jonas").get("/desk/mail/999999", status=404)


def test_the_query_says_that_a_letter_waits(app: Flask, waiting: DeskMessage, login_as: LoginAs) -> None:
    jonas, page = login_as("jonas"), f"/desk/queries/{waiting.hand_over.query_id}"
    jonas.get(page)
    assert "Read the letter that waits" in jonas.text
    jonas.post(f"/desk/mail/{waiting.id}/aside", {"reason": "Not ours"})
    jonas.get(page)
    assert "letter that waits" not in jonas.text


def test_a_ticket_system_behind_the_mailbox_can_be_named_and_stays(app: Flask, login_as: LoginAs) -> None:
    a_member("ada", role="admin")
    admin = login_as("ada")
    admin.get("/admin/desks/connect/mail")
    admin.submit("#desk", option_address="help@desk.example", option_ticket_system="1")
    made = db.session.scalars(select(ServiceDesk)).one()
    admin.get(f"/admin/desks/{made.key}/settings")
    admin.submit("#desk", name="Help")
    db.session.expire_all()
    assert (made.name, made.options["ticket_system"]) == ("Help", "1")
