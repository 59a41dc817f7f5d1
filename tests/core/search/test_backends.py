from datetime import timedelta

import pytest

from community.core.search.backend import SearchBackend
from community.core.search.documents import Document, Reader
from community.core.search.query import parse_query

from .conftest import EVERYONE, NOON, document

TEXTS = {
    1: "Cannot log in after resetting my password",
    2: "重置密码后仍然无法登录邮箱",
    3: "繁體中文介面：伺服器無法登入，VPN 連線失敗",
    4: "VPN 连接失败 错误代码 ERR-1023",
    5: "Printer offline: error 0x80070005 when printing",
    6: "打印机脱机，无法打印文档",
    7: "How do I configure Outlook 2021 on node.js servers?",
    8: "Running C++ builds fails with MSB8020",
    9: "路由器频繁断线，重启后恢复",
    10: "软件安装失败：权限不足",
    11: "Teams 会议没有声音 / no audio in Teams meeting",
    12: "網路印表機設定教學",
}
QUERIES = {
    "reset password": {1},
    "resetting passwords": {1},
    "重置密码": {2},
    "重設密碼": set(),
    "登录": {2, 3},
    "登入": {2, 3},
    "服务器": {3},
    "伺服器": {3},
    "服务器 登录": {3},
    "vpn连接": {3, 4},
    "vpn 連線": {3, 4},
    "err-1023": {4},
    "1023": {4},
    "ERR 1023": {4},
    "0x80070005": {5},
    "print error": {5},
    "打印": {6, 12},
    "打印机": {6, 12},
    "印表機": {6, 12},
    "configuring outlook": {7},
    "node.js": {7},
    "c++": {8},
    "msb8020": {8},
    "run build": {8},
    "断线": {9},
    "斷線": {9},
    "软件安装": {10},
    "軟體安裝": {10},
    "会议声音": {11},
    "audio teams": {11},
    "网络打印机": {12},
    '"vpn 连接失败"': {3, 4},
    "无法登录": {2, 3},
}


def ids(backend: SearchBackend, text: str, reader: Reader = EVERYONE) -> list[int]:
    return [hit.id for hit in backend.search(parse_query(text), reader).hits]


def test_mixed_chinese_and_english_is_found(backend: SearchBackend) -> None:
    backend.replace([document(number, "Question", text) for number, text in TEXTS.items()])
    assert {text: set(ids(backend, text)) for text in QUERIES} == QUERIES


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("email", "My e-mail is late"),
        ("e-mail", "My email is late"),
        ("e-mail", "My e mail is late"),
        ("内存不足", "記憶體嚴重不足"),
        ("断", "路由器断线"),
        ("“无法登录”", "我無法登入了"),
        ("CAFÉ", "the cafe\u0301 printer"),
        ("ＶＰＮ", "vpn"),
        ("don’t", "It don't work"),
        ("https://example.com/help/vpn", "see https://example.com/help/vpn now"),
        ("O'Brien", "Mail of O'Brien"),
        ("back\\slash", "a back\\slash"),
    ],
)
def test_ways_of_writing_are_one(backend: SearchBackend, query: str, text: str) -> None:
    backend.replace([document(1, "Question", text), document(2, "Other", "nothing")])
    assert ids(backend, query) == [1]


@pytest.mark.parametrize(
    "query", ['"failed connection"', '"vpn failed"', '"vpn connection failed today"', '"title vpn"']
)
def test_a_phrase_holds_order_and_distance(backend: SearchBackend, query: str) -> None:
    backend.replace([document(1, "Title", "vpn connection failed")])
    assert ids(backend, '"connection failed"') == [1]
    assert ids(backend, query) == []


def test_nothing_is_found_for_nothing(backend: SearchBackend) -> None:
    backend.replace([document(1, "One")])
    for text in ("", "   ", "how to", "!!!", '""', "怎么"):
        assert backend.search(parse_query(text), EVERYONE).total == 0


def test_the_reader_sees_only_their_own(backend: SearchBackend) -> None:
    backend.replace(
        [
            document(1, "Public vpn"),
            document(2, "Other space vpn", space_id=2),
            document(3, "Staff vpn", audience="staff"),
            document(4, "Spaceless vpn", space_id=None),
            document(5, "Spaceless staff vpn", space_id=None, audience="staff"),
        ]
    )
    assert set(ids(backend, "vpn", Reader(frozenset({1}), frozenset({"public"})))) == {1, 4}
    assert set(ids(backend, "vpn", Reader(frozenset({1}), frozenset({"public", "staff"})))) == {1, 3, 4, 5}
    assert ids(backend, "vpn", Reader(frozenset(), frozenset())) == []
    nobody = Reader(frozenset(), frozenset({"public"}))
    assert ids(backend, "vpn", nobody) == [4]
    assert [hit.id for hit in backend.similar("vpn", nobody)] == [4]
    assert backend.search(parse_query("vpn"), nobody).total == 1


def test_filters(backend: SearchBackend) -> None:
    backend.replace(
        [
            document(1, "VPN", tags=("Net Work", "home"), solved=True, author="Ann"),
            document(2, "VPN", kind="article", tags=("net work",), solved=None, author="Bob"),
            document(3, "VPN", tags=("type:question",), author="bob"),
        ]
    )
    expected = {
        "is:solved": {1},
        "is:unsolved": {3},
        'vpn tag:"net work"': {1, 2},
        'tag:"NET WORK" tag:home': {1},
        "by:BOB": {2, 3},
        "type:article vpn": {2},
        "type:question": {3},
        "type:idea": set(),
        "vpn space:it": {1, 2, 3},
        "space:it": {1, 2, 3},
        "home": {1},
        "question": set(),
    }
    assert {text: set(ids(backend, text)) for text in expected} == expected


def test_operators(backend: SearchBackend) -> None:
    backend.replace(
        [
            document(1, "VPN at home", "the guest network is slow", tags=("state:open",), at=NOON),
            document(
                2, "Guest network", "VPN by e-mail 打印机脱机", tags=("state:solved",), at=NOON - timedelta(days=400)
            ),
            document(3, "VPN", "network for a guest", tags=("vpn", "state:open"), at=NOON - timedelta(days=800)),
        ]
    )
    expected = {
        "vpn -slow": {2, 3},
        "vpn -email": {1, 3},
        "vpn -打印机": {1, 3},
        'vpn -"guest network"': {3},
        "vpn -nothing": {1, 2, 3},
        "-slow": set(),
        "in:title vpn": {1, 3},
        "in:title guest": {2},
        "in:title": set(),
        "state:open": {1, 3},
        "vpn state:solved": {2},
        "state:declined": set(),
        "vpn after:2026": {1},
        "vpn before:2026": {2, 3},
        "after:2025 before:2026": {2},
        "after:2026-11-01 before:2026-11-02": {1},
        "before:2026-11-01 vpn": {2, 3},
        "author:ann kind:thread after:2026-11": {1},
    }
    assert {text: set(ids(backend, text)) for text in expected} == expected
    assert ids(backend, "solved") == ids(backend, "state") == []


def test_newest_first_on_demand(backend: SearchBackend) -> None:
    backend.replace(
        [
            document(1, "Outlook", at=NOON - timedelta(days=3)),
            document(2, "Question", "outlook somewhere below", at=NOON),
            document(3, "Outlook too", at=NOON - timedelta(days=9), weight=2.0),
        ]
    )
    query = parse_query("outlook")
    assert [hit.id for hit in backend.search(query, EVERYONE, by_date=True).hits] == [2, 1, 3]
    assert [hit.id for hit in backend.search(query, EVERYONE, by_date=True, limit=1, offset=1).hits] == [1]
    assert backend.search(query, EVERYONE, by_date=True, limit=1).total == 3
    assert [hit.id for hit in backend.search(query, EVERYONE).hits][-1] == 2


def test_title_beats_body_and_newer_and_weightier_win(backend: SearchBackend) -> None:
    filler = "some words about the office and its many rooms"
    backend.replace([document(1, "Outlook", filler), document(2, "Question", f"outlook {filler}")])
    assert ids(backend, "outlook") == [1, 2]
    backend.replace([document(3, "Zoom", at=NOON - timedelta(days=1500)), document(4, "Zoom")])
    assert ids(backend, "zoom") == [4, 3]
    backend.replace([document(3, "Zoom", at=NOON - timedelta(days=1500), weight=2.0)])
    assert ids(backend, "zoom") == [3, 4]


def test_pages_cover_all_hits_once(backend: SearchBackend) -> None:
    backend.replace([document(number, f"Teams {number}") for number in range(1, 26)])
    pages = [backend.search(parse_query("teams"), EVERYONE, limit=10, offset=start) for start in (0, 10, 20, 30)]
    assert [page.total for page in pages] == [25] * 4
    assert sorted(hit.id for page in pages for hit in page.hits) == list(range(1, 26))
    newest = backend.search(parse_query("space:it"), EVERYONE, limit=3)
    assert [hit.id for hit in newest.hits] == [25, 24, 23]
    assert backend.search(parse_query("teams"), EVERYONE, limit=0).total == 25


def test_replace_gone_and_clear(backend: SearchBackend) -> None:
    backend.replace([document(1, "Apple"), document(1, "Apricot"), document(2, "Apple")])
    assert (ids(backend, "apple"), ids(backend, "apricot"), backend.count()) == ([2], [1], 2)
    backend.replace([document(1, "Cherry")], gone=[("thread", 2), ("post", 1), ("thread", 99)])
    assert (ids(backend, "apricot"), ids(backend, "cherry"), backend.count()) == ([], [1], 1)
    hit = backend.search(parse_query("cherry"), EVERYONE).hits[0]
    assert (hit.kind, hit.id, hit.thread_id, hit.key) == ("thread", 1, 1, ("thread", 1))
    assert hit.score > 0
    backend.check()
    backend.clear()
    backend.check()
    assert (ids(backend, "cherry"), backend.count()) == ([], 0)


def test_a_failing_batch_leaves_the_index_as_it_was(backend: SearchBackend) -> None:
    backend.replace([document(1, "Apple")])

    class Odd(str):
        def casefold(self) -> str:
            raise LookupError("odd author")

    with pytest.raises(Exception, match="odd author"):
        backend.replace([document(1, "Cherry"), document(2, "Cherry", author=Odd("x"))])
    assert (ids(backend, "apple"), ids(backend, "cherry")) == ([1], [])
    backend.replace([document(2, "Cherry")])
    assert ids(backend, "cherry") == [2]


def test_similar_takes_the_telling_words_and_the_one_being_typed(backend: SearchBackend) -> None:
    common = [document(number, f"Question about the office {number}") for number in range(10, 40)]
    backend.replace(
        [
            *common,
            document(1, "Outlook forgets my password"),
            document(2, "Question", "outlook is slow"),
            document(3, "Outlook password reset", kind="article"),
        ]
    )
    found = [hit.id for hit in backend.similar("a question: outlook passwo", EVERYONE)]
    assert set(found[:2]) == {1, 3}
    assert 2 in found
    assert [hit.id for hit in backend.similar("outlook password", EVERYONE, kinds=frozenset({"article"}))] == [3]
    assert backend.similar("", EVERYONE) == backend.similar("zzzz", EVERYONE) == ()
    assert len(backend.similar("question office", EVERYONE, limit=4)) == 4


def test_a_suggestion_is_offered_only_when_it_helps_this_reader(backend: SearchBackend) -> None:
    backend.replace(
        [
            document(1, "Password reset", "configuring the printer"),
            document(2, "Bluebird rollout", audience="staff"),
        ]
    )
    public = Reader(frozenset({1}), frozenset({"public"}))
    assert backend.search(parse_query("pasword reset"), public).suggestion == "password reset"
    assert backend.search(parse_query("Configurng space:it"), public).suggestion == "configuring space:it"
    assert backend.search(parse_query("password"), public).suggestion is None
    assert backend.search(parse_query("bluebrid"), public).suggestion is None
    assert backend.search(parse_query("bluebrid"), EVERYONE).suggestion == "bluebird"


def test_hostile_text_is_stored_and_searched(backend: SearchBackend) -> None:
    hostile = "nul \x00 x' : & | ! <-> \\' (((" + "x" * 10_000 + " \ud83d " + "很" * 5000 + " a.b" * 20_000
    long = Document("post", 7, 1, 1, "public", hostile, hostile, ("ta\x00g", "a\nb"), "au\x00", None, NOON, 1.0)
    backend.replace([long])
    assert ids(backend, "nul") == [7]
    for text in (hostile, "' | !", "x" * 300, "\x00", "tag:' by:\\ x", "a.b.c.d", "*", "%"):
        backend.search(parse_query(text), EVERYONE)
        backend.similar(text, EVERYONE)


@pytest.mark.parametrize("text", ["vpn", "after:2026", "vpn before:2030", "is:solved", "-vpn", '"no audio"', "printr"])
@pytest.mark.parametrize("by_date", [False, True])
def test_an_empty_index_finds_nothing(backend: SearchBackend, text: str, *, by_date: bool) -> None:
    assert backend.search(parse_query(text), EVERYONE, by_date=by_date).total == 0
    assert backend.similar(text, EVERYONE) == ()
