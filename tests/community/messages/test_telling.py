"""News of messages: in the inbox until the conversation is read, by mail for whom wants it, nobody else."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.messages import operations
from community.notifications import preferences
from community.notifications.models import Notification
from tests.community.messages.conftest import Talk
from tests.conftest import LoginAs, MakeApp, RunJobs
from tests.factories import a_member
from tests.servers import Mailbox


def test_news_wait_in_the_inbox_until_the_conversation_is_read(
    talk: Talk, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    talk.say(talk.ann, "Second")
    run_jobs()
    bob, ann = login_as("bob"), login_as("ann")
    bob.get("/notifications")
    assert "Ann Ek wrote to you" in bob.text
    assert [link["href"] for link in bob.select(".row__title a")] == [talk.path]
    assert (talk.bob.unread, talk.cleo.unread, talk.ann.unread, talk.dan.unread) == (1, 1, 0, 0)
    bob.post(f"{talk.path}/read", {"number": str(talk.conversation.last_id)})
    assert (talk.bob.unread, talk.cleo.unread) == (0, 1)
    talk.say(talk.ann, "Third")
    run_jobs()
    assert talk.bob.unread == 1, "what comes after is told anew"
    ann.get("/notifications")
    assert "wrote to you" not in ann.text


def test_a_muted_conversation_and_one_that_was_left_are_silent(
    talk: Talk, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    bob, cleo = login_as("bob"), login_as("cleo")
    bob.get(talk.path)
    bob.submit(f"{talk.path}/muting")
    assert "You are told nothing more" in bob.text
    cleo.post(f"{talk.path}/leaving", {})
    run_jobs()
    talk.say(talk.ann, "Second")
    run_jobs()
    assert (talk.bob.unread, talk.cleo.unread) == (0, 0)
    bob.get("/messages")
    assert "2 new" in bob.text
    assert bob.select('.row__title svg[aria-label="Muted"]')
    bob.get(talk.path)
    bob.submit(f"{talk.path}/muting")
    talk.say(talk.ann, "Third")
    run_jobs()
    assert talk.bob.unread == 1


def test_by_mail_only_for_those_who_want_it_and_without_an_address_to_answer(make_app: MakeApp, smtp: Mailbox) -> None:
    app = make_app(smtp_url=smtp.url, public_url="http://forum.example")
    with app.app_context():
        ann, bob, cleo = a_member("ann", name="Ann Ek"), a_member("bob"), a_member("cleo")
        preferences.choose(cleo.id, "message", in_app=True, mail=False)
        made = operations.start(sender_id=ann.id, to=[bob, cleo], subject="The osprey budget", body="Is it **right**?")
        path = f"http://forum.example/messages/{made.id}"
        db.session.commit()
        _jobs(app)
        assert [letter["To"] for letter in smtp.messages] == [bob.email]
        letter = smtp.messages[0]
        assert "Ann Ek wrote to you" in str(letter)
        assert path in str(letter)
        assert letter["Reply-To"] is None
        operations.send(made.id, author_id=ann.id, body="And this?")
        db.session.commit()
        _jobs(app)
        assert len(smtp.messages) == 1, "whoever has not read the first is not written to again"


def _jobs(app: Flask) -> None:
    import contextvars

    from community.core.jobs import run_all

    contextvars.Context().run(run_all, app)
    db.session.expire_all()


def test_told_twice_counts_once(talk: Talk, run_jobs: RunJobs) -> None:
    run_jobs()
    rows = list(db.session.scalars(select(Notification).where(Notification.kind == "message")))
    assert sorted(row.member_id for row in rows) == sorted([talk.bob.id, talk.cleo.id])
    assert {row.title for row in rows} == {"The osprey budget"}


@pytest.mark.parametrize("shown", [True, False])
def test_who_is_away_says_so_where_they_like(app: Flask, login_as: LoginAs, shown: bool) -> None:
    a_member("ann", role="agent")
    a_member("bob", name="Bob Lind").time_zone = "Asia/Tokyo"
    bob, ann = login_as("bob"), login_as("ann")
    bob.get("/notifications/preferences")
    bob.submit("#mail-form", away_until="2099-06-03", away_shown=shown)
    bob.get("/notifications/preferences")
    assert bob.select("#away_until")[0]["value"] == "2099-06-03"
    for path in ("/people/bob", "/people", "/messages/new?to=bob"):
        ann.get(path)
        assert ("Away until 3 Jun 2099" in ann.text) == shown, path
    bob.get("/notifications/preferences")
    bob.submit("#mail-form", away_from="2099-06-01", away_shown=True)
    ann.get("/people/bob")
    assert "Away until" not in ann.text, "not yet"
    bob.get("/notifications/preferences")
    bob.submit("#mail-form", away_from="2099-06-03", status=422)
    assert "The first day comes before" in bob.text
    bob.submit("#mail-form", away_from="2099-06-03", away_until="", status=422)
    assert "Say too until when" in bob.text
    bob.submit("#mail-form", away_from="", away_until="")
    bob.get("/people/bob")
    assert "Away until" not in bob.text
