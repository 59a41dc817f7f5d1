"""What a desk gets by mail: the same letter however often it is sent, and nothing that it need not have."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks.contract import (
    DeskBusyError,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskStatus,
    DeskUnreachableError,
    NotAtDeskError,
    Outgoing,
    OutgoingComment,
    PushRefusedError,
    Requester,
)
from bridge.desks.mail.desk import MailDesk
from bridge.handovers.models import HandOver, HandOverState, ServiceDesk
from bridge.handovers.operations import move
from bridge.handovers.sending import go_on
from community.accounts.loading import actor_for
from community.core.db import db
from community.core.email import ConsoleMailer, SmtpMailer
from community.core.mail import addresses
from tests.bridge.mail.conftest import DESK, Post, answer, arrive
from tests.conftest import RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query
from tests.servers import free_port

REF = "isthmus-abc123-QRY-00042-1"


def outgoing(title: str = "VPN drops", text: str = "It *drops* <b>now</b>") -> Outgoing:
    who = Requester("Ann\r\nBcc: x@y.example", "community+1@localhost")
    return Outgoing(REF, title, text, "incident", 2, 2, 3, who, "http://localhost/threads/1")


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def a_desk(**options: str) -> MailDesk:
    return MailDesk(DeskSettings("mail", "mail", "", {"address": DESK, **options}))


def test_the_opening_letter_is_the_same_each_time(app: Flask, post: Post) -> None:
    db.session.commit()
    with app.test_request_context():
        first, second = a_desk().create(outgoing()), a_desk().create(outgoing())
    assert first == second
    assert (first.id, first.number) == (REF, "QRY-00042")
    one, two = post.messages
    assert one["Message-ID"] == two["Message-ID"]
    assert one["Subject"] == "[QRY-00042-1 #abc123] VPN drops"
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["X-Isthmus-Ref"] == REF
    assert post.server.recipients == [[DESK]] * 2
    assert one["From"] == "Isthmus <community@localhost>"
    token = addresses.read_address(str(one["Reply-To"]))
    assert token is not None
    assert token.ids == (42, 1)
    assert "It *drops* <b>now</b>" in plain(one)
    html = one.get_body(("html",))
    assert html is not None
    assert "<em>drops</em>" in html.get_content()
    assert "Ann Bcc: x@y.example" in plain(one)
    assert "community+1@" not in str(one)


@pytest.mark.parametrize(
    "title", ["VPN\r\nBcc: x@y.example\r\n\r\nbody", "V\nX: y", "V" * 500, "[QRY-00001-1 #abcdef] V"]
)
def test_titles_cannot_add_headers_or_marks(app: Flask, post: Post, title: str) -> None:
    db.session.commit()
    with app.test_request_context():
        a_desk().create(outgoing(title))
    (letter,) = post.messages
    assert letter["Bcc"] is None
    assert letter["X"] is None
    assert post.server.recipients == [[DESK]]
    assert str(letter["Subject"]).count("[QRY-") == 1
    assert len(str(letter["Subject"])) <= 180


def test_words_that_follow_stay_in_the_thread(app: Flask, desk: ServiceDesk, post: Post, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    query = a_query(thread)
    run_jobs()
    a_reply(thread, ann, body="it happened again")
    run_jobs()
    opening, word = post.messages
    assert word["In-Reply-To"] == opening["Message-ID"] == word["References"]
    assert word["Subject"] == f"Re: {opening['Subject']}"
    assert word["Message-ID"] != opening["Message-ID"]
    assert "it happened again" in plain(word)
    assert ann.email not in str(opening) + str(word)
    assert addresses.read_address(str(word["Reply-To"])) == addresses.read_address(str(opening["Reply-To"]))
    assert db.session.scalars(select(HandOver)).one().query_id == query.id


def test_the_desk_s_own_number_and_letters_are_taken_up(
    app: Flask, desk: ServiceDesk, post: Post, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_query(thread)
    run_jobs()
    receipt = answer(post.messages[0], "Got it", subject="[desk.example #123] AutoReply", Auto_Submitted="auto-replied")
    arrive(app, receipt, str(post.messages[0]["Reply-To"]))
    a_reply(thread, ann, body="it happened again")
    run_jobs()
    word = post.messages[-1]
    assert str(word["Subject"]).startswith("Re: [desk.example #123] [QRY-")
    assert word["In-Reply-To"] == "<a1@desk.example>"
    assert word["References"].split() == [str(post.messages[0]["Message-ID"]), "<a1@desk.example>"]


def test_a_letter_sent_twice_after_a_crash_is_one_at_the_desk(
    app: Flask, desk: ServiceDesk, post: Post, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = a_query()
    made, broken = MailDesk.create, []

    def lose_the_answer(self: MailDesk, asked: Outgoing) -> object:
        found = made(self, asked)
        if not broken:
            broken.append(1)
            raise DeskUnreachableError("killed here")
        return found

    monkeypatch.setattr(MailDesk, "create", lose_the_answer)
    run_jobs()
    way = db.session.scalars(select(HandOver)).one()
    assert way.state == HandOverState.FAILED
    go_on(way)
    run_jobs()
    assert db.session.scalars(select(HandOver)).one().state == HandOverState.SENT
    assert len(post.messages) == 2
    assert len({str(letter["Message-ID"]) for letter in post.messages}) == 1
    assert query.reference in way.ref


def test_statuses_are_sentences(app: Flask, desk: ServiceDesk, post: Post, run_jobs: RunJobs) -> None:
    query = a_query()
    run_jobs()
    move(query, None, "Only a question", by=actor_for(a_member("jonas", role="agent").id))
    run_jobs()
    texts = [plain(letter) for letter in post.messages[1:]]
    assert "Only a question" in texts[0]
    assert "taken back by the community" in texts[1]
    db.session.commit()
    with app.test_request_context(), pytest.raises(DeskRefusedError):
        a_desk().set_status(REF, DeskStatus.MERGED)


def test_the_words_around_are_in_the_desk_s_language(app: Flask, post: Post) -> None:
    db.session.commit()
    with app.test_request_context():
        a_desk(language="zh-Hans").create(outgoing())
    assert plain(post.messages[0]).startswith("-- 请在此行以上填写回复 --")


@pytest.mark.parametrize(("refusal", "error"), [("451 later", DeskBusyError), ("550 no", DeskRefusedError)])
def test_what_the_mail_server_says_is_understood(app: Flask, post: Post, refusal: str, error: type[Exception]) -> None:
    post.server.refuse = refusal
    db.session.commit()
    with app.test_request_context(), pytest.raises(error, match=refusal.partition(" ")[2]):
        a_desk().create(outgoing())


def test_health_asks_our_own_server(app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    assert a_desk().health().account == "Isthmus <community@localhost>"
    for broken, error in (
        (ConsoleMailer(), DeskRefusedError),
        (SmtpMailer(f"smtp://127.0.0.1:{free_port()}", "x@localhost"), DeskUnreachableError),
    ):
        monkeypatch.setitem(app.extensions, "isthmus.mailer", broken)
        with pytest.raises(error):
            a_desk().health()
    for wrong in ("", "nobody", "a@b.example, c@d.example", "a@b.example\r\nBcc: x@y.example"):
        with pytest.raises(DeskRefusedError):
            MailDesk(DeskSettings("mail", "mail", "", {"address": wrong})).health()


def test_a_mailbox_can_only_be_written_to(app: Flask) -> None:
    desk = a_desk()
    able = desk.capabilities()
    assert (able.find, able.read, able.changes, able.push) == (False, False, False, False)
    assert desk.find_by_ref(REF) is None
    assert desk.changes_since("x").ids == ()
    assert desk.parse_push({}, b"") == ()
    refused: tuple[tuple[type[Exception], Callable[[], object]], ...] = (
        (NotAtDeskError, lambda: desk.get(REF)),
        (NotAtDeskError, lambda: desk.add_comment("elsewhere", OutgoingComment("k", "x"))),
        (PushRefusedError, lambda: desk.verify_push({}, b"")),
    )
    for error, ask in refused:
        with pytest.raises(error):
            ask()
    assert issubclass(DeskKeyError, DeskRefusedError)
