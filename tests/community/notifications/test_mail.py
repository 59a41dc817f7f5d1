"""Mail about news, as a mail program sees it, and the ways to end it."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import update

from community.core.db import db, utcnow
from community.core.jobs import Delivery
from community.forum import operations as forum
from community.notifications import addressing
from community.notifications.bouncing import count_bounce
from community.notifications.models import MemberMail
from tests.community.notifications.conftest import ONE_CLICK, follow, path_in, plain
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.servers import Mailbox
from tests.visit import Visitor

LONG = timedelta(days=30)

pytestmark = pytest.mark.usefixtures("mailing")


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
    assert path_in(mail["List-Unsubscribe"]) in text.replace("http://localhost", "")
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
    follow(thread, outside)
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
    path = path_in(smtp.to(ann.email)[0]["List-Unsubscribe"])
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
    path = path_in(smtp.to(ann.email)[0]["List-Unsubscribe"])
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
    path = path_in(smtp.to(ann.email)[0]["List-Unsubscribe"])
    assert app.test_client().post(path, data={}).status_code == 400
    assert app.test_client().post(path + "x", data=ONE_CLICK).status_code == 404


def test_one_click_on_a_thread_ends_all_news_of_it(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread, other = a_thread(author=ann), a_thread(author=ann)
    a_reply(thread)
    run_jobs()
    html = smtp.to(ann.email)[0].get_body(("html",)).get_content()
    silence = re.search(r'href="http://localhost(/unsubscribe/[^"]+)">Hear no more of this thread', html)
    assert silence
    assert app.test_client().post(silence[1], data=ONE_CLICK).status_code == 200
    for about in (thread, other):
        a_reply(about)
    run_jobs()
    roots = [addressing.thread_root(about.id) for about in (thread, other)]
    assert [mail["References"] for mail in smtp.to(ann.email)] == roots


def test_both_parts_of_a_letter_say_the_same(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    a_reply(a_thread(author=ann, title="A & B <c>"), body="First line\nsecond <b>line</b>\n\nThird.")
    run_jobs()
    (mail,) = smtp.to(ann.email)
    words = plain(mail)
    assert "First line\nsecond <b>line</b>\n\nThird." in words
    assert "A & B <c>" in words
    assert "\n-- \n" in words
    seen = BeautifulSoup(mail.get_body(("html",)).get_content(), "html.parser").body
    assert seen
    for link in seen.select("a[href]"):
        assert str(link["href"]) in words
    shown = re.sub(r"\s+", "", re.sub(r":? ?https?://\S+", "", words)).replace("--", "").replace("·", "")
    assert shown == re.sub(r"\s+", "", re.sub(r"https?://\S+", "", seen.get_text(" "))).replace("·", "")


def test_a_refused_address_is_counted_and_mail_paused(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    smtp.refuse = "550 5.1.1 no such mailbox"
    for _number in range(3):
        a_reply(thread)
        run_jobs()
    smtp.refuse = ""
    a_reply(thread)
    run_jobs()
    assert smtp.to(ann.email) == []
    visitor = login_as("ann")
    visitor.get("/notifications/preferences")
    assert "No mail is sent to ann@example.org at present" in visitor.text
    assert "no such mailbox" in visitor.text
    visitor.submit("/notifications/mail/resumption")
    assert "at present" not in visitor.text
    a_reply(thread)
    run_jobs()
    assert len(smtp.to(ann.email)) == 1


def test_a_new_address_begins_anew(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    for _number in range(3):
        count_bounce(ann.id, ann.email, "5.1.1")
    ann.email = "ann.berg@example.org"
    a_reply(thread)
    run_jobs()
    assert len(smtp.to("ann.berg@example.org")) == 1


def test_trouble_of_the_moment_is_tried_again_with_the_same_letter(
    app: Flask, smtp: Mailbox, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    a_reply(a_thread(author=ann))
    smtp.refuse = "451 4.3.0 try later"
    run_jobs(failing=True)
    smtp.refuse = ""
    db.session.execute(update(Delivery).where(Delivery.state == "due").values(run_at=utcnow()))
    run_jobs()
    assert len(smtp.to(ann.email)) == 1
    mails = db.session.get_one(MemberMail, ann.id)
    assert (mails.sent_count, mails.bounce_count) == (1, 0)


def test_what_may_not_be_read_any_more_is_not_mailed(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    reply = a_reply(thread)
    db.session.flush()
    smtp.refuse = "451 4.3.0 try later"
    run_jobs(failing=True)
    smtp.refuse = ""
    forum.hide_post(reply, by_id=a_member(role="manager").id, reason="spam")
    db.session.execute(update(Delivery).where(Delivery.state == "due").values(run_at=utcnow()))
    run_jobs()
    assert smtp.to(ann.email) == []


def test_nothing_of_a_restricted_thread_is_quoted(app: Flask, smtp: Mailbox, run_jobs: RunJobs) -> None:
    ann, jonas = a_member("ann"), a_member("jonas", role="agent", name="Jonas Weber")
    thread = a_thread(author=ann)
    a_reply(thread, jonas, "We look into it.")
    forum.restrict(thread, by_id=jonas.id)
    run_jobs()
    a_reply(thread, jonas, "They used the second account.")
    run_jobs()
    letters = [mail.get_body(("plain",)).get_content() for mail in smtp.to(ann.email)]
    assert len(letters) == 2
    assert [words for words in ("look into it", "second account") if words in "".join(letters)] == []
    assert all("Jonas Weber replied" in text and f"/threads/{thread.id}" in text for text in letters)
