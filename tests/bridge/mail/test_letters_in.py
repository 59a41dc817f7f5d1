"""What a desk answers by mail: held, released by a click, shown once; whatever machines and forgers do."""

import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks.mail import pages
from bridge.desks.mail.operations import NotHeldError, discard, note, release
from bridge.handovers.models import DeskMessage, HandOver, HandOverState, MessageState, ServiceDesk
from bridge.handovers.operations import retry
from bridge.queries.models import Query, QueryStep, Status
from bridge.queries.operations import close
from community import public
from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import db
from community.core.mail.models import IncomingMail
from community.core.mail.receiving import Answer
from community.core.policies import Actor
from community.forum.models import Thread
from tests.bridge.mail.conftest import Post, answer, arrive, fresh, words_in
from tests.conftest import LoginAs, RunJobs
from tests.core.mail.conftest import listening
from tests.core.mail.letters import a_bounce
from tests.core.mail.test_listening import ANYWHERE, port_of
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query
from tests.servers import wait_until

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def sent(app: Flask, desk: ServiceDesk, post: Post, run_jobs: RunJobs) -> tuple[Thread, Query]:
    """A query that went to the desk."""
    thread = a_thread(author=a_member("ann"))
    query = a_query(thread)
    run_jobs()
    return thread, query


@pytest.fixture
def jonas(app: Flask) -> Actor:
    return actor_for(a_member("jonas", role="agent", name="Jonas").id)


def held() -> list[DeskMessage]:
    db.session.expire_all()
    return list(db.session.scalars(select(DeskMessage).where(DeskMessage.state == MessageState.HELD)))


def notes_of(query: Query) -> list[str]:
    steps = db.session.scalars(select(QueryStep).where(QueryStep.query_id == query.id, QueryStep.kind == "noted"))
    return [step.text for step in steps]


def test_the_whole_way(app: Flask, sent: tuple[Thread, Query], post: Post, jonas: Actor, run_jobs: RunJobs) -> None:
    """Delivered three times over a real socket, held once, released by one of two clicks, shown once."""
    thread, query = sent
    letter = post.messages[0]
    db.session.commit()
    with listening(app, lmtp=ANYWHERE) as (place,):
        for _again in range(3):
            with smtplib.LMTP("127.0.0.1", port_of(place)) as client:
                client.sendmail("rosa@desk.example", [str(letter["Reply-To"])], answer(letter))
    assert words_in(thread) == []
    (message,) = held()
    assert (message.text, message.author, message.error) == ("Install 5.2.3", "Rosa <rosa@desk.example>", "")
    assert list(pages.held_in_all()) == [message]
    assert pages.remark_of(message) == ""
    assert len(release(message, jonas)) == 1
    with pytest.raises(NotHeldError):
        release(message, jonas)
    run_jobs()
    arrive(app, answer(letter), str(letter["Reply-To"]))
    assert words_in(thread) == ["Install 5.2.3"]
    assert held() == []
    assert len(post.messages) == 1, "its own words never go back"
    assert fresh(query).status == Status.IN_PROGRESS


def test_the_author_s_next_word_goes_out_and_its_answer_comes_in_before_the_first(
    app: Flask, sent: tuple[Thread, Query], post: Post, jonas: Actor, run_jobs: RunJobs
) -> None:
    thread, _query = sent
    first = post.messages[0]
    a_reply(thread, db.session.get_one(Member, thread.author_id), body="and again")
    run_jobs()
    arrive(app, answer(post.messages[1], "second", message_id="<a2@d>"), str(first["Reply-To"]))
    arrive(app, answer(first, "first", message_id="<a1@d>"), str(first["Reply-To"]))
    arrive(app, answer(post.messages[1], "second", message_id="<a2@d>"), str(first["Reply-To"]))
    assert sorted(message.text for message in held()) == ["first", "second"]
    for message in sorted(held(), key=lambda message: message.text):
        release(message, jonas)
    assert words_in(thread) == ["first", "second"]


def test_a_process_killed_between_commit_and_answer_takes_nothing_twice(
    app: Flask, database: str, sent: tuple[Thread, Query], post: Post, tmp_path: Path
) -> None:
    letter = post.messages[0]
    recipient = str(letter["Reply-To"])
    (tmp_path / "mail").write_bytes(answer(letter))
    db.session.commit()
    command = [sys.executable, "-m", "tests.bridge.mail.dying", str(tmp_path), database, recipient]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    wait_until((tmp_path / "committed").exists, process, (tmp_path / "log").read_text())
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL
    assert len(held()) == 1
    assert [outcome.answer for outcome in arrive(app, answer(letter), recipient)] == [Answer.TAKEN]
    assert len(held()) == 1


def test_without_the_address_it_is_found_by_what_it_answers(app: Flask, sent: tuple[Thread, Query], post: Post) -> None:
    arrive(app, answer(post.messages[0], to="community@localhost"))
    (message,) = held()
    assert pages.remark_of(message) == ""


def test_by_its_subject_only_from_the_desk_s_domain_and_with_a_remark(
    app: Flask, sent: tuple[Thread, Query], post: Post
) -> None:
    letter = post.messages[0]
    to = "community@localhost"
    stranger = answer(letter, sender="Eve <eve@evil.example>", to=to, reply=False)
    assert arrive(app, stranger)[0].answer is Answer.REFUSED
    assert held() == []
    arrive(app, answer(letter, to=to, reply=False, message_id="<a2@desk.example>"))
    (message,) = held()
    assert "Anybody could have sent it" in pages.remark_of(message)
    other = str(letter["Subject"]).replace("#", "#0").replace("]", "", 1)
    assert (
        arrive(app, answer(letter, to=to, reply=False, subject=other, message_id="<a3@d>"))[0].answer is Answer.REFUSED
    )


def test_forged_senders_and_addresses(app: Flask, sent: tuple[Thread, Query], post: Post, jonas: Actor) -> None:
    """Who knows the address gets as far as a remark, and never speaks under a person's name."""
    thread, _query = sent
    letter = post.messages[0]
    real = str(letter["Reply-To"])
    for number, forged in enumerate((real.replace("-1-", "-2-"), real[:-12] + "aa" + real[-10:], "desk+1-1@localhost")):
        raw = answer(letter, to=forged, reply=False, message_id=f"<f{number}@d>")
        assert arrive(app, raw, forged)[0].answer is Answer.REFUSED
    arrive(app, answer(letter, sender="Jonas <jonas@example.com>", message_id="<f9@d>"), real)
    (message,) = held()
    assert "not of this desk" in pages.remark_of(message)
    release(message, jonas)
    db.session.commit()
    assert words_in(thread) == ["Install 5.2.3"]
    said = [said for said in public.post_snapshots(thread.id) if said.origin == "desk"]
    assert [said.author.name for said in said] == ["Support team"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"subject": "Out of office: back on Monday"},
    ],
)
def test_machines_are_recorded_and_never_shown(
    app: Flask, sent: tuple[Thread, Query], post: Post, headers: dict[str, str]
) -> None:
    assert arrive(app, answer(post.messages[0], **headers))[0].answer is Answer.TAKEN
    assert held() == []
    assert [mail.state for mail in db.session.scalars(select(IncomingMail))] == ["automatic"]


def test_a_ticket_system_s_answers_are_held_where_the_desk_is_one(
    app: Flask, desk: ServiceDesk, sent: tuple[Thread, Query], post: Post
) -> None:
    desk.options = {**desk.options, "ticket_system": "1"}
    letter = post.messages[0]
    arrive(app, answer(letter, Precedence="bulk", subject="[desk.example #123] VPN"))
    arrive(app, answer(letter, "I am away", message_id="<v@d>", Auto_Submitted="auto-replied"))
    arrive(app, answer(letter, "loop", message_id="<l@d>", X_Loop=str(letter["X-Loop"])))
    assert [message.text for message in held()] == ["Install 5.2.3"]
    assert db.session.scalars(select(HandOver)).one().remote_number == "desk.example #123"


def test_a_bounce_gives_the_hand_over_up_and_it_can_be_tried_again(
    app: Flask, sent: tuple[Thread, Query], post: Post, run_jobs: RunJobs
) -> None:
    letter = post.messages[0]
    arrive(app, a_bounce(str(letter["Message-ID"]), status="4.4.1", action="delayed"), from_nobody=True)
    assert db.session.scalars(select(HandOver)).one().state == HandOverState.SENT
    arrive(app, a_bounce(str(letter["Message-ID"])), str(letter["Sender"]), from_nobody=True)
    way = db.session.scalars(select(HandOver)).one()
    assert way.state == HandOverState.DEAD
    assert "User unknown" in way.error
    assert held() == []
    retry(way)
    run_jobs()
    way = db.session.scalars(select(HandOver)).one()
    assert (way.state, way.error) == (HandOverState.SENT, "")
    assert [str(again["Message-ID"]) for again in post.messages] == [str(letter["Message-ID"])] * 2


def test_a_bounced_word_is_given_up_alone(
    app: Flask, sent: tuple[Thread, Query], post: Post, run_jobs: RunJobs
) -> None:
    thread, _query = sent
    a_reply(thread, db.session.get_one(Member, thread.author_id), body="and again")
    run_jobs()
    arrive(app, a_bounce(str(post.messages[1]["Message-ID"])), from_nobody=True)
    way = db.session.scalars(select(HandOver)).one()
    assert way.state == HandOverState.SENT
    (message,) = way.messages
    assert message.state == MessageState.DEAD
    assert "User unknown" in message.error
    retry(way)
    run_jobs()
    assert str(post.messages[2]["Message-ID"]) == str(post.messages[1]["Message-ID"])


def test_a_held_mail_becomes_a_note_or_is_put_aside(
    app: Flask, sent: tuple[Thread, Query], post: Post, jonas: Actor
) -> None:
    thread, query = sent
    letter = post.messages[0]
    for number in range(3):
        arrive(app, answer(letter, f"word {number}", message_id=f"<{number}@d>"))
    first, second, third = held()
    note(first, jonas)
    discard(second, "spam", jonas)
    release(third, jonas, text="changed before it was shown")
    assert words_in(thread) == ["changed before it was shown"]
    assert {message.state for message in (first, second, third)} == {MessageState.RECEIVED}
    assert [message.error for message in (first, second, third)] == ["", "put aside: spam", ""]
    noted = notes_of(query)
    assert "word 0" in noted[0]
    assert "spam" in noted[1]
    assert "Rosa" in noted[2]
    for message in (first, second, third):
        with pytest.raises(NotHeldError, match="Somebody else"):
            discard(message, "again", jonas)


def test_nothing_is_said_in_a_finished_query(app: Flask, sent: tuple[Thread, Query], post: Post, jonas: Actor) -> None:
    thread, query = sent
    arrive(app, answer(post.messages[0]))
    close(fresh(query), by_id=jonas.id)
    db.session.commit()
    (message,) = held()
    with pytest.raises(NotHeldError, match="finished"):
        release(message, jonas)
    note(message, jonas)
    assert words_in(thread) == []


def test_active_html_and_files_are_words_only(app: Flask, sent: tuple[Thread, Query], post: Post, jonas: Actor) -> None:
    thread, _query = sent
    letter = post.messages[0]
    raw = (
        f"From: Rosa <rosa@desk.example>\r\nTo: {letter['Reply-To']}\r\nMessage-ID: <h@d>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        "<script>alert(1)</script><p onclick=alert(2)>Install <b>5.2.3</b></p><iframe src=x></iframe>"
        '<a href="javascript:alert(3)">x</a><img src="https://spy.example/p.gif">\r\n'
        '--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="../a`b.pdf"\r\n'
        "\r\n12345\r\n--b--"
    )
    arrive(app, raw.encode())
    (message,) = held()
    assert message.text.startswith("Install **5.2.3**")
    assert "`a'b.pdf` (1 KB)" in message.text
    for word in ("alert", "script", "spy.example", "iframe"):
        assert word not in message.text
    release(message, jonas)
    assert len(words_in(thread)) == 1


def test_what_the_desk_wrote_is_accepted_and_the_query_closed(
    app: Flask, sent: tuple[Thread, Query], post: Post, jonas: Actor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    """A desk that is reached by mail proposes nothing: it says something, and the author finds that it helps."""
    thread, query = sent
    letter = post.messages[0]
    arrive(app, answer(letter), str(letter["Reply-To"]))
    (post_id,) = release(held()[0], jonas)
    ann = login_as("ann")
    ann.post(f"/posts/{post_id}/acceptance")
    run_jobs()
    kinds = db.session.scalars(select(QueryStep.kind).where(QueryStep.query_id == query.id)).all()
    assert (fresh(query).status, thread.state, "peer_answer" in kinds) == (Status.CLOSED, "solved", False)
    assert "closed" in str(post.messages[-1]), "the desk hears of it"
    ann.post(f"/threads/{thread.id}/solution/withdrawal")
    run_jobs()
    assert (fresh(query).status, thread.state) == (Status.IN_PROGRESS, "desk")
