"""What looks as if others should not read it is found, and nothing else; in time that grows with the text alone."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.sensitive.finding import OwnPattern, find, masked
from community.core.sensitive.trying import Unusable, usable

FOUND = [
    ("password: hunter2!x and", "password", "hunter2!x"),
    ("password=correcthorse", "password", "correcthorse"),
    ("Password: `S3cret!`.", "password", "S3cret!"),
    ("My password is: Hunter2xyz!", "password", "Hunter2xyz!"),
    ("the passphrase is = Hunter2xyz and", "password", "Hunter2xyz"),
    ("密码是：Abc12345", "password", "Abc12345"),
    ("口令为: Abc12345。", "password", "Abc12345"),
    ("密码就是Abc12345", "password", "Abc12345"),
    ("密码改成了Abc12345", "password", "Abc12345"),
    ("密码设为 Abc12345", "password", "Abc12345"),
    ("我的密码是Abc12345，请帮忙", "password", "Abc12345"),
    ("密码：Abc12345", "password", "Abc12345"),
    ("https://u:pa55word@host/x", "password", "pa55word"),
    ("https://x.example/?api_key=abcdef12345", "token", "abcdef12345"),
    ("export X=ghp_0123456789abcdefghijABCDEFGHIJ0123", "token", "ghp_0123456789abcdefghijABCDEFGHIJ0123"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln"),
    ("pay 4111 1111 1111 1111 now", "card", "4111 1111 1111 1111"),
    ("号码11010519491231002X的人", "id", "11010519491231002X"),
    ("DE89 3704 0044 0532 0130 00 AND", "account", "DE89 3704 0044 0532 0130 00"),
    ("-----BEGIN RSA PRIVATE KEY-----\nab\n-----END RSA PRIVATE KEY-----", "key", None),
]
HARMLESS = [
    "my password is required",
    "Token: expired",
    "my password is: wrong",
    "What the password is: see the manual",
    "密码是：什么",
    "密码改成了新的",
    "密码是什么",
    "order 4111111111111112",
    "110105194912310021",
    "DE89 3704 0044 0532 0130 01",
    "d41d8cd98f00b204e9800998ecf8427e",
    "write to a@b.example",
    "call +49 89 1234567",
    "password: [password]",
    "pass ${PASSWORD} as password=<yours>",
]


@pytest.mark.parametrize(("text", "kind", "what"), FOUND)
def test_it_is_found_and_masked(text: str, kind: str, what: str | None) -> None:
    (one,) = find(text)
    assert (one.kind, text[one.start : one.end]) == (kind, what or text)
    assert masked(text, [one], str) == text.replace(what or text, f"[{kind}]")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_lists_are_found_where_one_is_none() -> None:
    assert [one.kind for one in find("a@b.example, c@d.example\ne@f.example")] == ["addresses"] * 3
    assert [one.line for one in find("13800138000\n+49 89 1234567\n0171-1234567")] == [1, 2, 3]


def test_own_patterns_are_looked_for_in_every_line() -> None:
    found = find("x\nEMP-12 and EMP-13", [OwnPattern("own1", re.compile(r"EMP-\d+"))])
    assert [(one.line, one.found) for one in found] == [(2, "EMP-12"), (2, "EMP-13")]


@given(st.text())
def test_any_text_is_masked_without_overlap(text: str) -> None:
    found = find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    masked(text, found, str)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [("", "empty"), ("x*", "empty"), ("[", "wrong"), ("x" * 201, "long"), (r"(a+)+$", "slow"), (r"(\w+\s?)*x", "slow")],
)
def test_patterns_that_cannot_be_used_are_refused(pattern: str, reason: str) -> None:
    with pytest.raises(Unusable) as refused:
        usable(pattern)
    assert refused.value.reason == reason


def test_a_pattern_that_works_is_kept() -> None:
    assert usable(r"EMP-\d{6}").search("EMP-123456")


def test_what_stands_around_a_find_is_shown_in_whole_words() -> None:
    text = "Everybody in the accounting department uses password=Hunter2xyz! and nobody in procurement complains"
    (one,) = find(text)
    assert one.before == "…department uses password="
    assert one.after == " and nobody in procurement…"
    (short,) = find("so: password=Hunter2xyz! and on")
    assert (short.before, short.after) == ("so: password=", " and on")
