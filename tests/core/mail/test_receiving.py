"""One door: each message is taken over once for each thing it is for, and answered for afterwards."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.core.db import db, transaction, utcnow
from community.core.mail import addresses, keeping
from community.core.mail.matching import Arrival, Evidence
from community.core.mail.models import IncomingMail, MailState
from community.core.mail.receiving import Answer, Outcome, receive
from community.core.storage import FileMissing
from tests.core.mail.conftest import Ears
from tests.core.mail.letters import a_bounce, a_letter


def hand_in(app: Flask, raw: bytes, *recipients: str, from_nobody: bool = False) -> list[Outcome]:
    """As a listener does: in a context of its own."""
    db.session.commit()
    with app.test_request_context():
        return receive(raw, recipients, from_nobody=from_nobody)


def rows() -> list[IncomingMail]:
    db.session.expire_all()
    return list(db.session.scalars(select(IncomingMail).order_by(IncomingMail.id)))


def ear(number: int = 7) -> str:
    return addresses.make_address("ears", (number,))


def test_the_same_message_is_taken_over_once(app: Flask, ears: Ears) -> None:
    raw = a_letter(files=(("a.pdf", b"123"),))
    again = b"Received: from b by c; Sun, 22 Nov 2026 08:00:01 +0000\r\n" + raw
    for message in (raw, again, raw.replace(b"\r\n", b"\n")):
        assert [outcome.answer for outcome in hand_in(app, message, ear())] == [Answer.TAKEN]
    assert [(arrival.target, arrival.evidence) for arrival in ears.taken] == [("7", Evidence.ADDRESS)]
    assert [(row.state, row.matched_to, row.message_id) for row in rows()] == [("taken", "ears:7", "<1@desk.example>")]


def test_another_message_under_a_stolen_id_is_not_lost(app: Flask, ears: Ears) -> None:
    hand_in(app, a_letter("first"), ear())
    hand_in(app, a_letter("second"), ear())
    hand_in(app, a_letter("no id", message_id=""), ear())
    hand_in(app, a_letter("no id", message_id=""), ear())
    assert [arrival.letter.words for arrival in ears.taken] == ["first", "second", "no id"]


def test_recipients_are_answered_for_one_by_one(app: Flask, ears: Ears) -> None:
    def break_for_eight(arrival: Arrival) -> None:
        if arrival.target == "8":
            raise OSError("disk full")

    ears.trouble = break_for_eight
    outcomes = hand_in(app, a_letter(), ear(7), ear(8), "ears+9-aaaaaaaaaaaaaaaa@localhost", ear(7).upper())
    assert [outcome.answer for outcome in outcomes] == [Answer.TAKEN, Answer.LATER, Answer.REFUSED]
    ears.trouble = lambda _arrival: None
    outcomes = hand_in(app, a_letter(), ear(7), ear(8))
    assert [outcome.answer for outcome in outcomes] == [Answer.TAKEN, Answer.TAKEN]
    assert sorted(arrival.target for arrival in ears.taken) == ["7", "8"]


def test_what_a_message_is_for_is_found_by_what_it_proves(app: Flask, ears: Ears) -> None:
    ours = addresses.make_message_id("ears", "5")
    hand_in(
        app,
        a_letter(In_Reply_To="<x@y>", References=f"<a@b> {ours.upper()} <x@y>", message_id="<2@d>"),
        "ears@localhost",
    )
    hand_in(app, a_letter(subject="Re: [ears] VPN", message_id="<3@d>"), "community@localhost")
    assert [(a.target, a.evidence) for a in ears.taken] == [("5", Evidence.REFERENCE), ("subject", Evidence.SUBJECT)]
    forged = a_letter(In_Reply_To=ours.replace("ears.5", "ears.6"), message_id="<4@d>")
    assert hand_in(app, forged, "community@localhost")[0].answer is Answer.REFUSED
    forged_address = "ears+7-aaaaaaaaaaaaaaaa@localhost"
    guess = a_letter(subject="[ears]", message_id="<5@d>")
    assert hand_in(app, guess, forged_address)[0].answer is Answer.REFUSED
    assert len(ears.taken) == 2


def test_addressees_are_found_in_the_message_where_nobody_names_them(app: Flask, ears: Ears) -> None:
    hand_in(app, a_letter(to=f"Somebody <a@elsewhere.example>, {ear(3)}, {ear(4)}"))
    assert [arrival.target for arrival in ears.taken] == ["3", "4"]
    assert hand_in(app, a_letter(to="a@elsewhere.example"))[0].answer is Answer.REFUSED


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}, {"Return_Path": "<>"}],
)
def test_what_machines_wrote_is_noted_and_never_taken(app: Flask, ears: Ears, headers: dict[str, str]) -> None:
    assert hand_in(app, a_letter(**headers), ear())[0].answer is Answer.TAKEN
    assert (len(ears.taken), len(ears.noted)) == (0, 1)
    assert [row.state for row in rows()] == [MailState.AUTOMATIC]


def test_a_letter_from_nobody_is_a_machine_s(app: Flask, ears: Ears) -> None:
    hand_in(app, a_letter(), ear(), from_nobody=True)
    assert (len(ears.taken), len(ears.noted)) == (0, 1)


def test_our_own_mail_that_comes_back_is_recorded_only(app: Flask, ears: Ears) -> None:
    hand_in(app, a_letter(X_Loop=addresses.loop_mark()), ear())
    hand_in(app, a_letter(message_id=addresses.make_message_id("ears", "7")), ear())
    assert not ears.taken
    assert [row.state for row in rows()] == [MailState.AUTOMATIC] * 2


def test_bounces_come_to_what_was_sent(app: Flask, ears: Ears) -> None:
    ours = addresses.make_message_id("ears", "5")
    hand_in(app, a_bounce(ours), "community@localhost", from_nobody=True)
    hand_in(app, a_bounce(ours, with_head=False, status="5.2.2"), ear(6), from_nobody=True)
    assert [(a.target, a.message_key, a.letter.bounce is not None) for a in ears.noted] == [
        ("5", "5", True),
        ("6", "", True),
    ]
    forged = a_bounce(ours.replace(".5.", ".6."), status="5.3.3")
    assert hand_in(app, forged, "community@localhost")[0].answer is Answer.TAKEN, "nobody bounces a bounce"
    assert len(ears.noted) == 2


def test_what_fails_is_kept_and_can_be_tried_again(app: Flask, ears: Ears) -> None:
    def fail(_arrival: Arrival) -> None:
        raise RuntimeError("CANARY")

    ears.trouble = fail
    for attempt in (1, 2):
        assert hand_in(app, a_letter(), ear())[0] == Outcome(ear(), Answer.LATER, "try again later", attempt)
    (row,) = rows()
    assert (row.state, row.attempts, row.error) == ("failed", 2, "RuntimeError: CANARY")
    storage = app.extensions["isthmus.storage"]
    assert storage.get(row.raw_key) == a_letter()
    ears.trouble = lambda _arrival: None
    raw_key, mail_id = row.raw_key, row.id
    db.session.commit()
    with app.test_request_context():
        assert keeping.try_again(mail_id).answer is Answer.TAKEN
        with pytest.raises(LookupError):
            keeping.try_again(mail_id)
    assert [row.state for row in rows()] == ["taken"]
    assert len(ears.taken) == 1
    with pytest.raises(FileMissing):
        storage.get(raw_key)


def test_failed_messages_go_after_a_month_and_rows_later(app: Flask, ears: Ears) -> None:
    def fail(_arrival: Arrival) -> None:
        raise RuntimeError("no")

    hand_in(app, a_letter("fine"), ear())
    ears.trouble = fail
    hand_in(app, a_letter(), ear())
    raw_key = rows()[1].raw_key
    for days, kept, left in ((29, True, 2), (31, False, 2), (181, False, 0)):
        db.session.commit()
        with time_machine.travel(utcnow() + timedelta(days=days)), app.test_request_context(), transaction():
            keeping.forget()
        assert len(rows()) == left
        path = app.extensions["isthmus.settings"].home / "files" / raw_key
        assert path.exists() is kept


def test_what_is_too_much_is_refused_for_good(app: Flask, ears: Ears) -> None:
    bomb = b"X-A: b\r\n" * 5000 + b"\r\n"
    for _again in range(2):
        assert [outcome.answer for outcome in hand_in(app, bomb, ear(7), ear(8))] == [Answer.REFUSED] * 2
    assert [row.state for row in rows()] == [MailState.REFUSED] * 2
    assert hand_in(app, bomb)[0].answer is Answer.REFUSED
    assert not ears.taken


def test_bytes_that_no_database_takes_do_no_harm(app: Flask, ears: Ears) -> None:
    raw = (
        b"From: \x00E\xffve <a\x00b\xff@c.example>\r\nSubject: \x00\xff =?utf-8?b?AP8=?= =?utf-16?b?2AA=?=\r\n"
        b"Message-ID: <a\x00b\xffc@d>\r\nReferences: <\x00@\xff>\r\nContent-Type: a\x00/\xff\r\n"
        b'Content-Disposition: attachment; filename="\x00\xff"\r\n\r\n\x00\xff\xed\xa0\x80'
    )
    assert hand_in(app, raw, ear())[0].answer is Answer.TAKEN
    odd = hand_in(app, a_letter(), "community+\x00\udcff \r\n@localhost")
    assert (odd[0].recipient, odd[0].answer) == ("community+@localhost", Answer.REFUSED)


def test_a_fault_of_ours_while_reading_loses_nothing(app: Flask, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError("CANARY")

    with monkeypatch.context() as patch:
        patch.setattr("community.core.mail.receiving.parse", fail)
        assert [hand_in(app, a_letter(), ear())[0].attempts for _again in range(2)] == [1, 2]
    (row,) = rows()
    assert (row.state, row.error) == ("failed", "ZeroDivisionError: CANARY")
    assert app.extensions["isthmus.storage"].get(row.raw_key) == a_letter()
    mail_id = row.id
    db.session.commit()
    with app.test_request_context():
        assert keeping.try_again(mail_id).answer is Answer.TAKEN
    assert [row.state for row in rows()] == ["taken", "taken"]
    assert hand_in(app, a_letter(), ear())[0].answer is Answer.TAKEN
    assert len(ears.taken) == 1


def test_a_database_that_is_away_makes_the_server_keep_it(
    app: Flask, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError("no database")

    monkeypatch.setattr("community.core.mail.receiving.insert_once", away)
    assert hand_in(app, a_letter(), ear())[0].answer is Answer.LATER
    assert hand_in(app, b"X-A: b\r\n" * 5000 + b"\r\n", ear())[0].answer is Answer.LATER
    assert not ears.taken
