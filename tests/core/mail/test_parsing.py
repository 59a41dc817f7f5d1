"""Messages of all kinds of programs, and of people who mean harm."""

import base64
import time
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.core.mail import addresses
from community.core.mail.letters import Automatic, RefusedError
from community.core.mail.parsing import LARGEST, parse
from tests.core.mail.letters import a_bounce, a_letter

SLOW = 20.0  # seconds; far more than any of these may take on a busy machine, far less than a bomb would


def test_plain_text_is_preferred_and_html_becomes_markdown(app: Flask) -> None:
    html = "<p>Hello <b>you</b></p><script>alert(1)</script><img src=x onerror=alert(1)><style>p{}</style>"
    assert parse(a_letter("Hello plain", html=html)).words == "Hello plain"
    only = EmailMessage()
    only.set_content(f"{html}<a href='javascript:alert(1)'>x</a> <a href='https://a.example'>y</a>", subtype="html")
    text = parse(only.as_bytes()).words
    assert text.startswith("Hello **you**")
    assert "[y](https://a.example)" in text
    for word in ("script", "alert", "onerror", "p{}"):
        assert word not in text


def test_an_empty_plain_part_gives_way_to_html(app: Flask) -> None:
    assert parse(
        a_letter(" \n", html="<table><tr><td>one</td><td>two</td></tr><tr><td>three</td></tr></table>")
    ).words in (
        "one two  \nthree",
        "one two\nthree",
    )


@pytest.mark.parametrize(
    ("charset", "data", "words"),
    [
        ("gb2312", "网络正常，请重试喆".encode("gb18030"), "网络正常，请重试喆"),
        ("utf-8", "网络".encode("gb18030"), "网络"),
        ("iso-8859-1", "it’s – fine".encode("cp1252"), "it’s – fine"),
        ("x-nobody-knows", "Grüße".encode(), "Grüße"),
        ("idna", b"plain", "plain"),
        ("zlib", b"plain", "plain"),
        ("unicode_escape", rb"\u0041", r"\u0041"),
        ("us-ascii", b"\xff\xfe\x81", None),
        ("big5", "網路".encode("big5"), "網路"),
        ("utf-16", "hello".encode("utf-16"), "hello"),
    ],
)
def test_any_charset_survives(app: Flask, charset: str, data: bytes, words: str | None) -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=%s\r\n\r\n" % charset.encode() + data
    if charset == "utf-16":
        raw = b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        raw += base64.b64encode(data)
    text = parse(raw).words
    assert text == words if words is not None else text


def test_headers_are_decoded_and_bounded(app: Flask) -> None:
    letter = parse(
        b"From: =?utf-8?b?5byg5LiJ?= <Zhang@Desk.Example>\r\n"
        b"Subject: =?gb2312?B?zfjC5w==?=\r\n =?utf-8?q?_ok=0D=0ABcc:_x?=\r\n"
        b"In-Reply-To: <a@x>\r\nReferences: <r@x> <a@x>\r\n"
        b"To: raw \xe4\xb8\xad <x@y.example>, broken@@, <a b@c>\r\n\r\nx"
    )
    assert (letter.sender_name, letter.sender) == ("张三", "zhang@desk.example")
    assert letter.subject == "网络 ok Bcc: x"
    assert letter.answers == ("<a@x>", "<r@x>")
    assert "x@y.example" in letter.recipients


def test_attachments_are_listed_and_can_be_read(app: Flask) -> None:
    inner = EmailMessage()
    inner["Subject"] = "the first one"
    inner.set_content("do not show this")
    outer = EmailMessage()
    outer["From"] = "a@b.example"
    outer.set_content("see the files")
    outer.add_attachment(b"12345", maintype="application", subtype="pdf", filename="..\\..\\etc/pass\u202ewd.pdf")
    outer.add_attachment(inner)
    outer.add_attachment("kept aside", filename="notes.txt")
    letter = parse(outer.as_bytes())
    assert letter.words == "see the files"
    assert [(a.name, a.type) for a in letter.attachments] == [
        ("passwd.pdf", "application/pdf"),
        ("the first one.eml", "message/rfc822"),
        ("notes.txt", "text/plain"),
    ]
    assert letter.attachments[0].size == 5
    assert letter.attachments[0].read() == b"12345"
    assert b"do not show this" in letter.attachments[1].read()


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ({"Auto_Submitted": "no"}, None),
        ({"Auto_Submitted": "auto-replied (vacation)"}, Automatic.REPLY),
        ({"Auto_Submitted": "auto-generated"}, Automatic.GENERATED),
        ({"Precedence": "bulk"}, Automatic.GENERATED),
        ({"Precedence": "Junk"}, Automatic.GENERATED),
        ({"List_Id": "<all.example>"}, Automatic.GENERATED),
        ({"X_Autoreply": "yes"}, Automatic.REPLY),
        ({"Return_Path": "<>"}, Automatic.REPLY),
        ({"subject": "Automatic reply: VPN"}, Automatic.REPLY),
        ({"subject": "自动回复：VPN"}, Automatic.REPLY),
        ({"X_Loop": "somebody-else"}, None),
    ],
)
def test_machines_are_told_from_people(app: Flask, header: dict[str, str], kind: Automatic | None) -> None:
    assert parse(a_letter(**header)).automatic == kind


def test_our_own_mail_is_recognised(app: Flask) -> None:
    assert parse(a_letter(message_id=addresses.make_message_id("desk", "17"))).automatic is Automatic.LOOP
    assert parse(a_letter(X_Loop=addresses.loop_mark())).automatic is Automatic.LOOP


def test_reports_say_which_message_and_why(app: Flask) -> None:
    bounce = parse(a_bounce("<ours@localhost>")).bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.status, bounce.final) == ("<ours@localhost>", "5.1.1", True)
    assert bounce.words == "550 5.1.1 <desk@desk.example>: User unknown"
    assert bounce.recipient == "desk@desk.example"
    delayed = parse(a_bounce("<ours@localhost>", status="4.4.1", action="delayed")).bounce
    assert delayed is not None
    assert not delayed.final
    homely = a_letter(
        "Sorry: no such user (#5.1.1)\n\nMessage-ID: <ours@localhost>\n", sender="MAILER-DAEMON@q.example"
    )
    found = parse(homely).bounce
    assert found is not None
    assert (found.message_id, found.status) == ("<ours@localhost>", "5.1.1")
    assert parse(a_letter()).bounce is None


def nested(depth: int) -> bytes:
    head = b"From: a@b.example\r\nMIME-Version: 1.0\r\n"
    for level in range(depth):
        head += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    return head + b"Content-Type: text/plain\r\n\r\nhello\r\n"


def test_bombs_are_refused_in_time(app: Flask) -> None:
    bombs = {
        "large": b"x" * (LARGEST + 1),
        "lines": b"From: a@b\n\n" + b"\n" * 1_200_000,
        "deep": nested(2000) + b"\r\n" * 300_000,
        "attached": b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        "parts": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 5000,
        "headers": b"X-A: b\r\n" * 100_000 + b"\r\n",
        "header": b"Subject: " + b"a" * 3_000_000 + b"\r\n\r\nx",
    }
    begun = time.monotonic()
    for name, bomb in bombs.items():
        with pytest.raises(RefusedError):
            parse(bomb)
            pytest.fail(name)
    assert time.monotonic() - begun < SLOW
    assert parse(nested(10)).words == "hello"


def test_long_headers_and_deep_html_cost_little(app: Flask) -> None:
    begun = time.monotonic()
    parse(b"From: " + b"(" * 200_000 + b"\r\n\r\nx")
    parse(b"To: " + b'"<,;:@' * 40_000 + b"\r\nSubject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nx")
    parse(b"Content-Type: text/plain; " + b"a*0*=x;" * 30_000 + b"\r\n\r\nx")
    parse(b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000)
    parse(b"Content-Type: text/html\r\n\r\n" + b"<b><i>" * 9_000 + b"deep")
    parse(b"Content-Type: text/plain\r\n\r\n" + (b"on 12:30 " * 40 + b"wrote" * 8 + b"\r\n") * 2000)
    parse(b"Content-Type: text/plain\r\n\r\n" + b"\r\n " * 60_000 + b">" * 60_000)
    assert time.monotonic() - begun < SLOW


HEADER = st.sampled_from(
    [
        *("From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted", "Return-Path", "Precedence"),
        *("Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "MIME-Version"),
    ]
)
VALUE = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [
            b"multipart/mixed; boundary=b",
            b"multipart/alternative; boundary=b",
            b"multipart/report; boundary=b",
            b"message/rfc822",
            b"message/delivery-status",
            b"text/html; charset=hex",
            b"text/plain; charset*0*=utf-8''%",
            b"attachment; filename*=x''%ff",
            b"base64",
            b"quoted-printable",
            b"uuencode",
            b"=?utf-8?b?////?=",
            b"=?",
            b"<@>",
            b"Mon,",
        ]
    ),
)
BODY = st.lists(
    st.one_of(st.binary(max_size=80), st.sampled_from([b"--b", b"--b--", b"", b"> q", b"On 1.1.2026 A wrote:"]))
)


@given(head=st.lists(st.tuples(HEADER, VALUE), max_size=12), body=BODY, tail=st.binary(max_size=200))
@settings(max_examples=400, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_is_read_or_refused(app: Flask, head: list[tuple[str, bytes]], body: list[bytes], tail: bytes) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in head)
    raw += b"\r\n" + b"\r\n".join(body) + tail
    try:
        letter = parse(raw)
    except RefusedError:
        return
    assert "\n" not in letter.subject + letter.sender + letter.sender_name + letter.message_id
    for text in (letter.whole, letter.words, letter.subject, letter.sender_name, letter.sender, letter.message_id):
        text.encode()
        assert "\x00" not in text
    for text in (*letter.answers, *letter.recipients, *(file.name + file.type for file in letter.attachments)):
        text.encode()
        assert text.isprintable() or "\x00" not in text
    for attachment in letter.attachments:
        assert len(attachment.read()) == attachment.size
        assert "/" not in attachment.name or attachment.name == attachment.type


@given(raw=st.binary(max_size=2000))
@settings(max_examples=200, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_is_read_or_refused(app: Flask, raw: bytes) -> None:
    try:
        parse(raw)
    except RefusedError:
        return
