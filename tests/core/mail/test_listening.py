"""Our LMTP and SMTP servers, asked by Python's own clients over real sockets."""

import smtplib
import socket
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.core.mail import addresses
from community.core.mail.listening import Place, place_from
from community.core.mail.matching import Arrival
from community.core.mail.models import IncomingMail
from tests.conftest import MakeApp
from tests.core.mail.conftest import Ears, listening
from tests.core.mail.letters import a_bounce, a_letter

ANYWHERE = Place("127.0.0.1", 0)


def ear(number: int = 7) -> str:
    return addresses.make_address("ears", (number,))


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def lmtp_answers(
    client: smtplib.SMTP, raw: bytes, recipients: list[str], sender: str = "rosa@desk.example"
) -> list[int]:
    """The codes after DATA, one for each recipient."""
    client.mail(sender)
    for recipient in recipients:
        assert client.rcpt(recipient)[0] == 250
    assert client.docmd("DATA")[0] == 354
    client.send(raw + b"\r\n.\r\n")
    return [client.getreply()[0] for _recipient in recipients]


def test_lmtp_answers_for_each_recipient(app: Flask, ears: Ears) -> None:
    def break_for_eight(arrival: Arrival) -> None:
        if arrival.target == "8":
            raise OSError("disk full")

    ears.trouble = break_for_eight
    recipients = [ear(7), ear(8), "community@localhost", ear(7)]
    db.session.commit()
    with listening(app, lmtp=ANYWHERE) as (place,), smtplib.LMTP("127.0.0.1", port_of(place)) as client:
        client.ehlo()
        assert lmtp_answers(client, a_letter(), recipients) == [250, 451, 550, 250]
        assert lmtp_answers(client, a_letter(), recipients) == [250, 451, 550, 250]
        ears.trouble = lambda _arrival: None
        assert lmtp_answers(client, a_letter(), [ear(8)]) == [250]
    assert [arrival.target for arrival in ears.taken] == ["7", "8"]


def test_only_what_can_be_ours_is_let_in(app: Flask, ears: Ears) -> None:
    ours = ear()
    with listening(app, smtp=ANYWHERE) as (place,), smtplib.SMTP("127.0.0.1", port_of(place)) as client:
        client.ehlo()
        client.mail("a@b.example")
        for wrong in ("a@elsewhere.example", "nobody@localhost", ours.replace("7", "8", 1), "x" * 300 + "@localhost"):
            assert client.rcpt(wrong)[0] in (500, 501, 550, 553), wrong
        for right in (ours, ours.upper(), "ears@localhost", "Community@LOCALHOST"):
            assert client.rcpt(right)[0] == 250, right


def test_smtp_takes_mail_and_says_later_when_any_part_fails(app: Flask, ears: Ears) -> None:
    def break_for_eight(arrival: Arrival) -> None:
        if arrival.target == "8":
            raise OSError("disk full")

    ears.trouble = break_for_eight
    both = [ear(7), ear(8)]
    with listening(app, smtp=ANYWHERE) as (place,):
        with smtplib.SMTP("127.0.0.1", port_of(place)) as client, pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail("rosa@desk.example", both, a_letter())
        assert error.value.smtp_code == 451
        ears.trouble = lambda _arrival: None
        with smtplib.SMTP("127.0.0.1", port_of(place)) as client:
            client.sendmail("rosa@desk.example", both, a_letter())
            client.sendmail("", ["community@localhost"], a_bounce("<x@localhost>"))
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.sendmail("rosa@desk.example", ["community@localhost"], a_letter())
            assert refused.value.smtp_code == 550
    assert [arrival.target for arrival in ears.taken] == ["7", "8"]


def test_nothing_is_answered_before_it_is_committed(app: Flask, ears: Ears) -> None:
    """While the answer is awaited, the row is not there; when it comes, it is."""
    may_go_on, asked = threading.Event(), threading.Event()

    def wait(_arrival: Arrival) -> None:
        asked.set()
        assert may_go_on.wait(20)

    ears.trouble = wait
    recipient = ear()
    db.session.commit()
    with listening(app, lmtp=ANYWHERE) as (place,), smtplib.LMTP("127.0.0.1", port_of(place)) as client:
        client.ehlo()
        client.mail("rosa@desk.example")
        client.rcpt(recipient)
        client.docmd("DATA")
        client.send(a_letter() + b"\r\n.\r\n")
        assert asked.wait(20)
        assert client.sock is not None
        client.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.sock.recv(1)
        client.sock.settimeout(20)
        may_go_on.set()
        assert client.getreply()[0] == 250
        assert db.session.scalar(select(func.count(IncomingMail.id))) == 1


def test_a_unix_socket_serves_and_a_dead_one_is_cleared(app: Flask, ears: Ears, tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    recipient = ear()
    with listening(app, lmtp=Place(path=str(path))) as places:
        assert places == [str(path)]
        with smtplib.LMTP(str(path)) as client:
            client.ehlo()
            assert lmtp_answers(client, a_letter(), [recipient]) == [250]
    assert not path.exists()


def test_too_large_and_many_at_once(make_app: MakeApp, ears: Ears) -> None:
    app = make_app(mail_limit=20_000)
    with app.app_context():
        recipient = ear()
    with listening(app, smtp=ANYWHERE) as (place,):
        with smtplib.SMTP("127.0.0.1", port_of(place)) as client, pytest.raises(smtplib.SMTPException):
            client.sendmail("a@b.example", [recipient], a_letter("x" * 70 + "\n" + "long line\n" * 5000))

        def send(number: int) -> None:
            with smtplib.SMTP("127.0.0.1", port_of(place)) as client:
                client.sendmail("a@b.example", [recipient], a_letter(f"hello {number % 4}"))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(arrival.letter.words for arrival in ears.taken) == [f"hello {number}" for number in range(4)]


def test_places_are_read(app: Flask) -> None:
    assert place_from("[::1]:24") == Place("::1", 24)
    assert place_from("unix:/run/x") == Place(path="/run/x")
    for wrong in ("", "24", ":24", "a:b", "a:99999", "unix:"):
        with pytest.raises(ValueError, match="HOST:PORT"):
            place_from(wrong)
