import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.search.analyzer import (
    MAX_TOKENS,
    index_tokens,
    plain_words,
    query_phrase,
    query_tokens,
    query_words,
    stem,
)  # fmt: skip
from community.core.search.query import MAX_LENGTH, MAX_TERMS, parse_query, required_words
from community.core.search.snippets import highlight, snippet

MIXED = st.text(
    st.one_of(st.characters(), st.sampled_from("vpn连接記憶體伺服器登入\"“”：: -._+#@/'’tagspaceisby\u0301ﬁＶ\x00"))
)


def pieces(text: str) -> list[tuple[str, str]]:
    return [(token.text, text[token.start : token.end]) for token in index_tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("伺服器無法登入", [("服务器", "伺服器"), ("无法", "無法"), ("登录", "登入")]),
        ("，記憶體不足。", [("内存", "記憶體"), ("不足", "不足")]),
        ("Resetting Passwords", [("reset", "Resetting"), ("password", "Passwords")]),
        ("see ERR-1023!", [("err-1023", "ERR-1023"), ("err", "ERR"), ("1023", "1023")]),
        ("ﬁle ＶＰＮ", [("file", "ﬁle"), ("vpn", "ＶＰＮ")]),
        ("a cafe\u0301 b", [("café", "cafe\u0301")]),
        ("C++ and C#", [("c++", "C++"), ("c#", "C#")]),
        ("e-mail", [("email", "e-mail"), ("mail", "mail")]),
    ],
)
def test_tokens_lead_back_to_the_original_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert set(expected) <= set(pieces(text))


def test_positions_count_characters_and_parts() -> None:
    places = {token.text: token.position for token in index_tokens("ERR-1023 无法登录 now")}
    assert places == {"err-1023": 0, "err": 0, "1023": 1, "无法": 2, "登录": 4, "now": 6}


def test_a_query_asks_for_the_small_pieces() -> None:
    assert query_words("内存不足") == [((("内存", 0),),), ((("不足", 0),),)]
    assert query_words("err-1023") == [((("err", 0), ("1023", 1)),)]
    assert query_words("the e-mail") == [((("e", 0), ("mail", 1)), (("email", 0),))]
    assert query_words("vpn passwo", typing=True) == [((("vpn", 0),),), ((("passwo", 0),), (("passwo*", 0),))]
    assert query_phrase("log in to vpn连接") == (("log", 0), ("vpn", 3), ("连接", 4))
    assert [token.text for token in query_tokens("Resetting err-1023")] == ["reset", "err", "1023"]


def test_possessives_and_limits() -> None:
    assert stem("user's") == stem("users") == "user"
    assert len(index_tokens("word " * (MAX_TOKENS + 10))) == MAX_TOKENS
    assert {len(token.text) for token in index_tokens("x" * 10_000)} == {64}
    assert plain_words("Reset the VPN, 重置 don't e-mail résumé") == ["reset", "mail"]


def test_the_dictionaries_are_loaded_only_when_used() -> None:
    code = (
        "import sys, community.core.search.backend as backend\n"
        "from community.core.search.analyzer import index_tokens\n"
        "print(len(index_tokens('plain')), {'rjieba', 'opencc'} & set(sys.modules))"
    )
    command = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "1 set()"


@given(MIXED)
def test_nothing_makes_the_analyzer_fail(text: str) -> None:
    for token in index_tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text
        assert unicodedata.is_normalized("NFKC", token.text) or token.text[0] >= "\u3400"
    query_words(text, typing=True)
    query_phrase(text)
    query_tokens(text)
    plain_words(text)


@given(MIXED, MIXED)
def test_nothing_makes_a_query_or_a_snippet_fail(typed: str, text: str) -> None:
    query = parse_query(typed)
    assert len(query.text) <= MAX_LENGTH
    assert len(query.terms) + len(query.phrases) <= MAX_TERMS
    assert all(query.terms)
    required_words(query)
    assert "".join(piece for piece, _ in highlight(text, query)) == text
    snippet(text, query)
