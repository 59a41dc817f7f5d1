from datetime import date

import pytest

from community.core.search.query import Query, parse_query, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reset password", {"terms": ("reset", "password")}),
        ('vpn "not connected" now', {"terms": ("vpn", "now"), "phrases": ("not connected",)}),
        ("“无法登录”", {"phrases": ("无法登录",)}),
        ("「無法登入」", {"phrases": ("無法登入",)}),
        ('"unclosed phrase', {"terms": ("unclosed", "phrase")}),
        ("space:IT-Help tag:VPN tag:#mac", {"space": "it-help", "tags": ("vpn", "mac")}),
        ("tag：网络 is：solved", {"tags": ("网络",), "solved": True}),
        ("is:solved is:unsolved", {"solved": False}),
        ('by:@Ann tag:"two words"', {"by": "ann", "tags": ("two words",)}),
        ("TYPE:Question x", {"type": "question", "terms": ("x",)}),
        ("is:odd foo:bar http://x.y tag:", {"terms": ("is:odd", "foo:bar", "http://x.y", "tag:")}),
        ("a\x00b\x1b[0m\nc", {"terms": ("a", "b", "[0m", "c")}),
        ("author:@Ann kind:idea state:Open", {"by": "ann", "type": "idea", "state": "open"}),
        ("vpn -wifi -“guest network” -e-mail", {"terms": ("vpn",), "excluded": ("wifi", "guest network", "e-mail")}),
        ("a - b -- c --d", {"terms": ("a", "-", "b", "--", "c", "--d")}),
        ("in:title vpn in:body", {"terms": ("vpn", "in:body"), "in_title": True}),
        ("after:2025 before:2026-3", {"after": date(2025, 1, 1), "before": date(2026, 3, 1)}),
        ("after：2025/12/31", {"after": date(2025, 12, 31)}),
        ("before:2025-13 after:0000 after:x", {"terms": ("before:2025-13", "after:0000", "after:x")}),
        ("", {}),
        ('""', {}),
        ('-""', {}),
    ],
)
def test_parse(text: str, expected: dict[str, object]) -> None:
    query = parse_query(text)
    values = {name: getattr(query, name) for name in Query.__slots__ if name != "text"}
    assert {name: value for name, value in values.items() if value not in (None, (), False) or name in expected} == {
        **expected
    }
    assert query.is_empty == (not expected)
    again = parse_query(written(query))
    assert {name: getattr(again, name) for name in values} == values


def test_caps() -> None:
    assert parse_query("x" * 10_000).terms == ("x" * 200,)
    assert len(parse_query("a " * 500).terms) == 20
    assert parse_query("  a   b ").text == "a b"
    assert Query("x", ("a",), ("b c",)).words == "a b c"
