from community.core.search.query import parse_query
from community.core.search.snippets import highlight, snippet
from community.core.search.spelling import correct_word, suggest


def marked(text: str, query: str) -> list[str]:
    return [piece for piece, hit in highlight(text, parse_query(query)) if hit]


def test_highlight_knows_stems_and_both_scripts() -> None:
    assert marked("Resetting my passwords", "reset password") == ["Resetting", "passwords"]
    assert marked("繁體：伺服器無法登入", "服务器 登录") == ["伺服器", "登入"]
    assert marked("記憶體嚴重不足", "内存") == ["記憶體"]
    assert marked("打印机脱机", "印表機") == ["打印机"]
    assert marked("see ERR-1023 now", "err-1023") == ["ERR", "1023"]
    assert marked("路由器断线", "断") == ["断线"]
    assert marked("nothing here", "vpn") == marked("vpn", "") == []


def test_snippet_is_a_window_around_the_best_hits() -> None:
    best = "The VPN\n\nconnection failed at home. "
    text = "vpn first. " + "filler words here. " * 40 + best + "more filler. " * 40
    pieces = snippet(text, parse_query("vpn connection failed"), width=100)
    whole = "".join(piece for piece, _ in pieces)
    assert [piece for piece, hit in pieces if hit] == ["VPN", "connection", "failed"]
    assert pieces[0] == pieces[-1] == ("…", False)
    assert 60 <= len(whole) <= 110
    assert "VPN connection failed" in whole
    assert whole.strip("…").split()[0] in {"filler", "words", "here.", "The"}


def test_snippet_without_hits_is_the_beginning() -> None:
    assert snippet("short text", parse_query("vpn")) == [("short text", False)]
    assert snippet("", parse_query("vpn")) == []
    whole = "".join(piece for piece, _ in snippet("word " * 100, parse_query("vpn"), width=50))
    assert whole.startswith("word") and whole.endswith("…") and len(whole) <= 51


def test_snippet_of_chinese_text() -> None:
    text = "前言，" * 100 + "伺服器無法登入的解決方法" + "，后记" * 100
    pieces = snippet(text, parse_query("服务器登录"), width=60)
    assert [piece for piece, hit in pieces if hit] == ["伺服器", "登入"]


def test_spelling() -> None:
    vocabulary = {"password": 40, "passwords": 3, "printer": 9, "pinter": 1, "mail": 3}
    assert correct_word("pasword", vocabulary) == "password"
    assert correct_word("passwrod", vocabulary) == "password"
    assert correct_word("printer", vocabulary) is None
    assert correct_word("pinter", {**vocabulary, "printer": 11}) == "printer"
    assert correct_word("zebra", vocabulary) is None
    assert suggest(parse_query('pasword "my prniter" tag:pasword'), vocabulary) == ('password "my printer" tag:pasword')
    assert suggest(parse_query("登录"), vocabulary) is None


def test_a_long_text_is_read_where_the_words_stand() -> None:
    text = "filler words here. " * 600 + "The VPN connection failed at home. " + "more filler. " * 300
    pieces = snippet(text, parse_query("vpn connection"), width=100)
    assert [piece for piece, hit in pieces if hit] == ["VPN", "connection"]
    assert pieces[0] == pieces[-1] == ("…", False)
    beginning = snippet("filler words here. " * 600, parse_query("vpn"), width=60)
    assert beginning[0][0].startswith("filler") and beginning[-1] == ("…", False)


def test_words_of_every_kind_are_marked_in_wide_letters_too() -> None:
    assert marked("Ｔｈｅ ＶＰＮ， really！", "vpn") == ["ＶＰＮ"]
    assert marked("ΟΔΟΣ Σίσυφος", "ΟΔΟΣ") == ["ΟΔΟΣ"]
    assert marked("node.js and C++", "node.js c++") == ["node", "js", "C++"]
