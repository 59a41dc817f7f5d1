import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from bridge.queries import handover
from bridge.queries.duplicates import likeness, most_alike
from bridge.queries.models import id_of
from bridge.queries.promotion import evidence_of
from bridge.queries.redaction import redact
from community import public
from community.forum import operations
from tests.factories import a_member, a_space


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to bob@example.org please", "write to [email] please"),
        ("call +49 170 1234567 now", "call [phone] now"),
        ("电话13812345678。", "电话[phone]。"),
        ("host 10.20.30.40 is down", "host [ip] is down"),
        ("host 2001:0db8:85a3:0000:0000:8a2e:0370:7334 is down", "host [ip] is down"),
        ("password: hunter2", "password: [secret]"),
        ("密码：abc123", "密码：[secret]"),
        ("key AKIAIOSFODNN7EXAMPLE99999 leaked", "key [token] leaked"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "[token]"),
        ("token: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "token: [token]"),
    ],
)
def test_what_must_not_go_over_is_named_and_left_out(text: str, shown: str) -> None:
    found = redact(text)
    assert found.text == shown
    assert found.removed.total() == 1


@pytest.mark.parametrize(
    "text",
    [
        "since 2026-11-22 10:30, version 23.1.4, order 4500012345 is short enough? no",
        "Windows 11 23H2, client 5.1.4",
        "The internationalisation of supercalifragilisticexpialidocious",
        "step 6 of 9, 633 people, 50,000",
        "see /threads/123 and https://example.org/a/long/path/without/secrets",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert redact(text.replace("order 4500012345 is short enough? no", "")).removed.total() == 0


def test_the_authors_own_address_stays() -> None:
    found = redact("I am ann@example.org, she is eve@example.org", keep=["Ann@example.org"])
    assert found.text == "I am ann@example.org, she is [email]"


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once


def test_likeness() -> None:
    assert likeness("VPN asks for the code twice", "Twice the VPN asks for the code") > 90
    assert likeness("VPN asks for the code twice", "The printer is out of toner") < 60
    assert likeness("VPN 要输两次验证码", "VPN要输两次验证码，第一次报错") >= 60
    assert most_alike("a printer", [(1, "a printer"), (2, "nothing alike at all")]) == [(1, 100)]


@pytest.mark.parametrize(
    ("reference", "found"),
    [("QRY-00042", 42), ("qry-7", 7), ("42", None), ("QRY-", None), ("QRY-x", None), ("QRY-1234567890", None)],
)
def test_references(reference: str, found: int | None) -> None:
    assert id_of(reference) == found


def test_web_addresses_stay_whole_but_for_secrets_in_them() -> None:
    whole = "See https://bicycles.stackexchange.com/questions/12345/how-to-fix-a-chain-that-slips-2011 please."
    assert redact(whole).text == whole
    assert redact("https://ann:hunter2@files.example/a").text == "https://[secret]@files.example/a"
    assert redact("https://x.example/a?id=7&access_token=abc123&b=2").text == (
        "https://x.example/a?id=7&access_token=[secret]&b=2"
    )
    assert redact("http://10.1.2.3/status").text == "http://[ip]/status"


def test_fields_of_the_space_go_over_redacted_and_count_as_the_authors_words(app: Flask) -> None:
    author = a_member("ann")
    given_fields = [
        {"key": "a", "label": "Product", "look": "line", "value": "Laser 9"},
        {"key": "b", "label": "What can you not do now", "look": "text", "value": "Payroll, password: hunter2"},
    ]
    row = operations.start_thread(
        space=a_space(), author_id=author.id, kind="question", title="No paper", body="Nothing", fields=given_fields
    )
    thread, posts = public.thread_snapshot(row.id), public.post_snapshots(row.id)
    assert thread is not None
    over = handover.prepare(thread, posts, {author.id})
    assert over.opening.text == "- Product: Laser 9\n- What can you not do now: Payroll, password: [secret]\n\nNothing"
    assert over.removed["secret"] == 1
    assert "Payroll" in evidence_of(thread, posts, {author.id}).body
