"""Reading a mailbox of a real IMAP server (Dovecot)."""

import imaplib

import pytest
from flask import Flask

from community.core.db import db, transaction
from community.core.jobs import enqueue, run_all
from community.core.mail import addresses, mailbox
from community.core.mail.mailbox import MailboxError, account_from
from community.core.mail.matching import Arrival
from tests.conftest import MakeApp
from tests.core.mail.conftest import Ears
from tests.core.mail.letters import a_letter

Mailbox = tuple[imaplib.IMAP4, str]
LARGE = 100_000


def put(server: imaplib.IMAP4, *letters: bytes, folder: str = "INBOX") -> None:
    for letter in letters:
        assert server.append(folder, "", "", letter)[0] == "OK"


def read(app: Flask, url: str) -> int:
    db.session.commit()
    with app.test_request_context():
        return mailbox.read_new(account_from(url), largest=LARGE)


def count(server: imaplib.IMAP4, folder: str) -> int:
    kind, data = server.select(folder, readonly=True)
    assert kind == "OK"
    server.close()
    return int(data[0] or 0)


def ear(number: int = 7) -> str:
    return addresses.make_address("ears", (number,))


def test_messages_are_taken_once_and_marked(app: Flask, ears: Ears, imap: Mailbox) -> None:
    server, url = imap
    put(server, a_letter("one", to=ear()), a_letter("two", to=ear()), a_letter("one", to=ear()))
    assert read(app, url) == 3
    assert [arrival.letter.words for arrival in ears.taken] == ["one", "two"]
    assert read(app, url) == 0
    put(server, a_letter("three", to=ear()))
    assert read(app, url) == 1
    assert len(ears.taken) == 3
    assert count(server, "INBOX") == 4


def test_messages_are_moved_where_folders_are_named(app: Flask, ears: Ears, imap: Mailbox) -> None:
    server, url = imap
    url += "?done=Done&failed=Failed"
    put(server, a_letter(to=ear()), a_letter(to="a@elsewhere.example"), a_letter("x\n" * LARGE, to=ear()))
    read(app, url)
    assert [count(server, folder) for folder in ("INBOX", "Done", "Failed")] == [0, 1, 2]
    assert len(ears.taken) == 1


def test_what_fails_stays_until_it_has_failed_often(app: Flask, ears: Ears, imap: Mailbox) -> None:
    def fail(_arrival: Arrival) -> None:
        raise RuntimeError("no")

    server, url = imap
    url += "?failed=Failed"
    ears.trouble = fail
    put(server, a_letter(to=ear()), a_letter("bad one", to=ear(8)))
    for _turn in range(mailbox.MOST_ATTEMPTS - 1):
        assert read(app, url) == 2
    assert count(server, "INBOX") == 2
    ears.trouble = lambda arrival: fail(arrival) if arrival.target == "8" else None
    assert read(app, url) == 2
    assert [arrival.target for arrival in ears.taken] == ["7"]
    assert [count(server, folder) for folder in ("INBOX", "Failed")] == [1, 1]


def test_a_crash_before_the_mark_takes_nothing_twice(
    app: Flask, ears: Ears, imap: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, url = imap
    put(server, a_letter(to=ear()))

    def break_off(*_args: object, **_kwargs: object) -> None:
        raise OSError("connection reset")

    with monkeypatch.context() as patch:
        patch.setattr(mailbox.Box, "put_away", break_off)
        with pytest.raises(MailboxError, match="connection reset"):
            read(app, url)
    assert read(app, url) == 1
    assert read(app, url) == 0
    assert len(ears.taken) == 1


def test_numbers_given_out_anew_confuse_nothing(app: Flask, ears: Ears, imap: Mailbox) -> None:
    """The folder is made again: another UIDVALIDITY, the same numbers, an old message and a new one."""
    server, url = imap
    url = url.replace("INBOX", "Box")
    server.create("Box")
    put(server, a_letter("old", to=ear()), folder="Box")
    assert read(app, url) == 1
    server.delete("Box")
    server.create("Box")
    put(server, a_letter("new", to=ear()), a_letter("old", to=ear()), folder="Box")
    assert read(app, url) == 2
    assert [arrival.letter.words for arrival in ears.taken] == ["old", "new"]


def test_without_move_and_keywords_it_works_too(
    app: Flask, ears: Ears, imap: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, url = imap
    made = mailbox.Box.__init__

    def poorer(self: mailbox.Box, *args: object) -> None:
        made(self, *args)  # type: ignore[arg-type]
        self._moves = self._keywords = False

    monkeypatch.setattr(mailbox.Box, "__init__", poorer)
    put(server, a_letter(to=ear()))
    assert read(app, f"{url}?done=Done") == 1
    assert read(app, f"{url}?done=Done") == 0
    assert [count(server, folder) for folder in ("INBOX", "Done")] == [0, 1]


def test_a_wrong_password_is_one_line(app: Flask, imap: Mailbox) -> None:
    with pytest.raises(MailboxError, match="AUTHENTICATIONFAILED"):
        mailbox.check(account_from(imap[1].replace(":pw@", ":wrong@")))
    mailbox.check(account_from(imap[1]))
    with pytest.raises(MailboxError):
        mailbox.check(account_from("imap://a:b@127.0.0.1:1/INBOX"))


def test_the_worker_looks_each_minute(make_app: MakeApp, ears: Ears, imap: Mailbox) -> None:
    server, url = imap
    app = make_app(imap_url=url)
    with app.app_context():
        put(server, a_letter(to=ear()))
    with app.app_context(), transaction():
        enqueue(mailbox.look)
    assert run_all(app) == 2
    assert len(ears.taken) == 1


def test_the_address_says_all(app: Flask) -> None:
    account = account_from("imaps://a%40b.example:p%3Aw@mail.example/Help/Desk?done=Old%20mail")
    assert (account.host, account.port, account.secure) == ("mail.example", 993, True)
    assert (account.user, account.password) == ("a@b.example", "p:w")
    assert (account.folder, account.done, account.failed) == ("Help/Desk", "Old mail", "")
