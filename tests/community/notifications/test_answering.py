"""Answers by mail: posted once, with the rights of the page, and told why where nothing comes of them."""

import smtplib
import threading
from datetime import timedelta

import pytest
from flask import Flask

from community.accounts import operations as accounts
from community.accounts.suspending import suspend
from community.core.db import db, utcnow
from community.core.mail.receiving import Answer
from community.forum import operations as forum
from community.forum.models import Thread
from community.notifications import addressing, arriving
from community.notifications.models import MemberLetter
from community.spaces.models import Space
from tests.community.notifications.conftest import Exchange, a_mail, arrive, plain
from tests.conftest import LoginAs, RunJobs
from tests.core.mail.conftest import listening
from tests.core.mail.test_listening import ANYWHERE, port_of
from tests.factories import a_member, a_space
from tests.servers import Mailbox


def answers_to(exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs) -> list[str]:
    """What the machine told Ann."""
    run_jobs()
    mails = [mail for mail in receiving.to(exchange.ann.email) if mail["Auto-Submitted"] == "auto-replied"]
    return [plain(mail) for mail in mails]


def test_an_answer_becomes_a_reply_once(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    raw, address = a_mail("It works **now**.", to=exchange.reply_to), exchange.ann.email
    db.session.commit()
    with listening(app, lmtp=ANYWHERE) as (place,):
        for _again in range(3):
            with smtplib.LMTP("127.0.0.1", port_of(place)) as client:
                client.sendmail(address, [exchange.reply_to], raw)
    assert [post.body for post in exchange.written()] == ["It works **now**."]
    run_jobs()
    (told,) = receiving.to(exchange.bob.email)
    assert "Ann Berg replied" in plain(told)
    bob = login_as("bob")
    bob.get(f"/threads/{exchange.thread.id}")
    assert "It works now" in bob.text


def test_the_same_letter_on_two_ways_is_one_reply(app: Flask, exchange: Exchange) -> None:
    arrive(app, a_mail("Thanks, it works.", to=exchange.reply_to))
    arrive(app, a_mail("Thanks, it works.\n\n-- \nChecked by a virus scanner", to=exchange.reply_to))
    arrive(app, a_mail("Thanks, it works.", to=exchange.reply_to, message_id="<m2@x.example>"))
    assert len(exchange.written()) == 1
    arrive(app, a_mail("One more thing.", to=exchange.reply_to, message_id="<m3@x.example>"))
    assert len(exchange.written()) == 2


def test_ten_at_once_are_one_reply(app: Flask, exchange: Exchange) -> None:
    raw = a_mail("At once.", to=exchange.reply_to)
    db.session.commit()
    threads = [threading.Thread(target=arrive_alone, args=(app, raw)) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(exchange.written()) == 1


def arrive_alone(app: Flask, raw: bytes) -> None:
    with app.app_context():
        arrive(app, raw)


def close(exchange: Exchange) -> None:
    forum.close(exchange.thread, by_id=exchange.bob.id)


def hide(exchange: Exchange) -> None:
    forum.hide_post(exchange.thread.posts[0], by_id=exchange.bob.id, reason="spam")


def leave(exchange: Exchange) -> None:
    db.session.get_one(Space, exchange.thread.space_id).visibility = "members"


def suspend_ann(exchange: Exchange) -> None:
    suspend(exchange.ann, by_id=None)


def write_much(exchange: Exchange) -> None:
    db.session.add_all(MemberLetter(key=f"{number}", member_id=exchange.ann.id, at=utcnow()) for number in range(31))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (close, "takes no more replies"),
        (hide, "not there any more"),
        (leave, "you can no longer read it"),
        (suspend_ann, "Your account is suspended"),
        (write_much, "very many mails within an hour"),
    ],
)
def test_what_the_page_refuses_is_refused_by_mail_and_told_once(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs, change: object, reason: str
) -> None:
    raw = a_mail("May I?", to=exchange.reply_to)
    change(exchange)  # type: ignore[operator]
    for _again in range(3):
        arrive(app, raw)
    assert exchange.written() == []
    (words,) = answers_to(exchange, receiving, run_jobs)
    assert reason in words
    assert "May I?" in words


def test_the_answer_names_no_sender_and_is_never_answered(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs
) -> None:
    close(exchange)
    arrive(app, a_mail("Hello?", to=exchange.reply_to))
    run_jobs()
    (told,) = [mail for mail in receiving.to(exchange.ann.email) if mail["Auto-Submitted"] == "auto-replied"]
    assert told["In-Reply-To"] == "<m1@x.example>"
    assert told["Reply-To"] is None
    back = a_mail("I am a machine that says nothing of it.", to="community@localhost", message_id="<auto@x.example>")
    back = back.replace(b"\n\n", f"\nIn-Reply-To: {told['Message-ID']}\n\n".encode(), 1)
    receiving.clear()
    assert [outcome.answer for outcome in arrive(app, back, "community@localhost")] == [Answer.REFUSED]
    assert answers_to(exchange, receiving, run_jobs) == []


def test_at_most_ten_answers_a_day(app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs) -> None:
    close(exchange)
    for number in range(14):
        arrive(app, a_mail("Hello?", to=exchange.reply_to, message_id=f"<m{number}@x.example>"))
    assert len(answers_to(exchange, receiving, run_jobs)) == 10


def test_an_answer_after_ninety_days_is_told_so(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs
) -> None:
    old = addressing.reply_address(exchange.ann.id, exchange.thread.id, utcnow() - timedelta(days=92))
    fresh = addressing.reply_address(exchange.ann.id, exchange.thread.id, utcnow() - timedelta(days=88))
    arrive(app, a_mail("Late.", to=old))
    assert exchange.written() == []
    (words,) = answers_to(exchange, receiving, run_jobs)
    assert "90 days" in words
    arrive(app, a_mail("Not late.", to=fresh, message_id="<m2@x.example>"))
    assert len(exchange.written()) == 1


def test_an_address_that_nobody_confirmed_writes_nothing(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs
) -> None:
    exchange.ann.email_confirmed_at = None
    arrive(app, a_mail("Hello", to=exchange.reply_to))
    assert exchange.written() == []
    assert answers_to(exchange, receiving, run_jobs) == []


def test_the_reason_is_told_in_the_person_s_language(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs
) -> None:
    exchange.ann.language = "zh-Hans"
    close(exchange)
    arrive(app, a_mail("你好", to=exchange.reply_to))
    run_jobs()
    (told,) = receiving.to(exchange.ann.email)
    assert '<html lang="zh-Hans">' in told.get_body(("html",)).get_content()


def test_a_letter_to_a_space_starts_a_thread_and_is_answered_by_mail(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = login_as("ann")
    ann.get("/notifications/by-mail")
    (address,) = [link.removeprefix("mailto:") for link in ann.links() if link.startswith("mailto:")]
    assert address == exchange.ask
    arrive(app, a_mail("Since this morning.", to=address, subject="Fwd: Re: The printer is silent"))
    begun = db.session.get_one(Thread, exchange.thread.id + 1)
    assert (begun.title, begun.space_id, begun.author_id) == (
        "The printer is silent",
        exchange.thread.space_id,
        exchange.ann.id,
    )
    forum.reply(begun, author_id=exchange.bob.id, body="Is it plugged in?")
    run_jobs()
    (mail,) = receiving.to(exchange.ann.email)
    arrive(app, a_mail("Oh.", to=str(mail["Reply-To"]), message_id="<m2@x.example>"))
    assert [post.body for post in begun.posts] == ["Since this morning.", "Is it plugged in?", "Oh."]


def test_new_addresses_end_the_old_ones(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = login_as("ann")
    ann.get("/notifications/by-mail")
    ann.submit("/notifications/by-mail/renewal")
    assert exchange.ask not in ann.html
    arrive(app, a_mail("Hello", to=exchange.ask, subject="With the old address"))
    assert db.session.get(Thread, exchange.thread.id + 1) is None
    assert "replaced by a new one" in answers_to(exchange, receiving, run_jobs)[0]


def test_a_space_that_one_left_takes_no_letters(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs
) -> None:
    inner = a_space("inner", visibility="members")
    address = addressing.space_address(exchange.ann.id, inner.id, 1)
    arrive(app, a_mail("Hello", to=address, subject="May I ask here?"))
    assert db.session.get(Thread, exchange.thread.id + 1) is None
    assert "can no longer read it" in answers_to(exchange, receiving, run_jobs)[0]
    accounts.grant(exchange.ann, "space_member", inner.id, by_id=exchange.bob.id)
    arrive(app, a_mail("Hello", to=address, subject="And now?", message_id="<m2@x.example>"))
    assert db.session.get_one(Thread, exchange.thread.id + 1).space_id == inner.id


def test_where_no_mail_is_received_none_is_asked_for(
    app: Flask, mailing: Mailbox, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    thread = forum.start_thread(space=a_space(), author_id=ann.id, kind="question", title="VPN drops", body="Again.")
    forum.reply(thread, author_id=a_member("bob").id, body="Restart it.")
    run_jobs()
    (mail,) = mailing.to(ann.email)
    assert mail["Reply-To"] is None
    assert "above this line" not in plain(mail)
    login_as("ann").get("/notifications/by-mail", status=404)


def test_nothing_was_forgotten() -> None:
    assert {"reply", "ask", "back"} <= set(arriving.matching.features)


def test_a_password_in_a_mail_is_not_published(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs
) -> None:
    arrive(app, a_mail("I used\n\npassword: Tr0ub4dor&3x\n\nand it failed.", to=exchange.reply_to))
    (post,) = exchange.written()
    assert "Tr0ub4dor" not in post.body
    assert "and it failed." in post.body
    (words,) = answers_to(exchange, receiving, run_jobs)
    assert "password, which others should perhaps not read" in words
