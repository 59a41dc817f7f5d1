"""Mail about news, as a mail program sees it, and the ways to end it."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from community.core.email import SmtpMailer
from community.core.settings import Settings
from community.forum import operations as forum
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.servers import Mailbox
from tests.visit import Visitor

LONG = timedelta(days=30)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def _mailing(app: Flask, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application sends through the real mail server while a test runs."""
    settings: Settings = app.extensions["isthmus.settings"]
    monkeypatch.setitem(app.extensions, "isthmus.mailer", SmtpMailer(smtp.url, settings.mail_from))


def address_in(header: str) -> str:
    """Path of the address that a header holds between angle brackets."""
    found = re.fullmatch(r"\s*<https?://[^/]+(/[^>]+)>", header)
    assert found, header
    return found.group(1)


def test_a_reply_is_mailed_with_why_and_how_to_end_it(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann, title="VPN drops after sleep")
    a_reply(thread, a_member("bob", name="Bob Lind"), "Install client 5.1.4.")
    run_jobs()
    (mail,) = smtp.to(ann.email)
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "VPN drops after sleep"
    assert "Bob Lind replied" in text
    assert "Install client 5.1.4." in text
    assert f"http://localhost/threads/{thread.id}" in text
    assert "because you follow this thread" in text
    assert "http://localhost/notifications/preferences" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address_in(mail["List-Unsubscribe"]) in text.replace("http://localhost", "")
    assert f"http://localhost/threads/{thread.id}" in mail.get_body(("html",)).get_content()


def test_mail_about_one_thread_stands_together(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread, other = a_thread(author=ann), a_thread(author=ann)
    for about in (thread, thread, other):
        a_reply(about)
    run_jobs()
    roots = [mail["References"] for mail in smtp.to(ann.email)]
    assert len(set(roots)) == 2
    assert roots[0] == roots[1] == smtp.to(ann.email)[0]["In-Reply-To"]


def test_mail_speaks_the_language_of_each_receiver(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    li, ann = a_member("li", language="zh-Hans"), a_member("ann", language="en")
    a_thread(body="@li @ann 你们知道吗？")
    run_jobs()
    pages = [smtp.to(m.email)[0].get_body(("html",)).get_content() for m in (li, ann)]
    assert '<html lang="zh-Hans">' in pages[0]
    assert '<html lang="en">' in pages[1]


def test_outsiders_of_a_space_get_no_mail(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    space = a_space(visibility="members")
    outside = a_member("outside")
    thread = a_thread(space, a_member(member_of=[space]), body="Does @outside know?")
    forum.subscribe(thread.id, outside.id)
    a_reply(thread, a_member(member_of=[space]))
    run_jobs()
    assert smtp.to(outside.email) == []


def test_an_address_that_nobody_confirmed_gets_no_mail(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    ann.email_confirmed_at = None
    a_reply(a_thread(author=ann))
    run_jobs()
    assert smtp.to(ann.email) == []
    assert ann.unread == 1


def test_old_facts_are_listed_and_not_mailed(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    forum.reply(thread, author_id=a_member().id, body="Long ago.", at=thread.created_at - LONG)
    run_jobs()
    assert smtp.to(ann.email) == []
    assert ann.unread == 1


def test_announcements_are_not_mailed_unless_chosen(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    space, ann, manager = a_space(), a_member("ann"), a_member(role="manager")
    a_thread(space, ann)
    a_thread(space, manager, kind="announcement")
    run_jobs()
    assert smtp.to(ann.email) == []
    visitor = login_as("ann")
    visitor.get("/notifications/preferences")
    visitor.submit("/notifications/preferences", **{"announcement-mail": True})
    a_thread(space, manager, kind="announcement")
    run_jobs()
    assert len(smtp.to(ann.email)) == 1


def test_preferences_hold_for_each_channel(app: Flask, smtp: Mailbox, run_jobs: RunJobs, login_as: LoginAs) -> None:
    ann = a_member("ann")
    visitor = login_as("ann")
    visitor.get("/notifications/preferences")
    visitor.submit("/notifications/preferences", **{"reply-here": False, "mention-mail": False})
    assert "Your choices are saved" in visitor.text
    thread = a_thread(author=ann)
    a_reply(thread)
    run_jobs()
    assert len(smtp.to(ann.email)) == 1
    assert ann.unread == 0
    a_reply(thread, body="And you, @ann?")
    run_jobs()
    assert len(smtp.to(ann.email)) == 1
    assert ann.unread == 1
    visitor.get("/notifications")
    assert len(visitor.select(".rows .row")) == 1


def test_one_click_ends_mail_without_a_token_of_ours(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, visitor: Visitor
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_reply(thread)
    run_jobs()
    path = address_in(smtp.to(ann.email)[0]["List-Unsubscribe"])
    answer = app.test_client().post(path, data=ONE_CLICK)
    assert answer.status_code == 200
    a_reply(thread)
    a_reply(thread, body="@ann?")
    run_jobs()
    subjects = [mail.get_body(("plain",)).get_content() for mail in smtp.to(ann.email)]
    assert ["mentioned you" in text for text in subjects] == [False, True]
    assert ann.unread == 3


def test_the_link_shows_a_button_and_changes_nothing_by_itself(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, visitor: Visitor
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_reply(thread)
    run_jobs()
    path = address_in(smtp.to(ann.email)[0]["List-Unsubscribe"])
    visitor.get(path)
    a_reply(thread)
    run_jobs()
    assert len(smtp.to(ann.email)) == 2
    visitor.get(path)
    visitor.submit(path)
    assert "gets no more mail of the kind" in visitor.text
    a_reply(thread)
    run_jobs()
    assert len(smtp.to(ann.email)) == 2


def test_another_post_to_the_link_needs_the_page_s_token(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    a_reply(a_thread(author=ann))
    run_jobs()
    path = address_in(smtp.to(ann.email)[0]["List-Unsubscribe"])
    assert app.test_client().post(path, data={}).status_code == 400
    assert app.test_client().post(path + "x", data=ONE_CLICK).status_code == 404
