"""The inside of the renderer process, run here so that it can be looked at."""

import io
import json
import struct
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.markup import child
from community.core.markup.convert import Converter, visible_words
from tests.core.markup.test_hostile_text import problems

CONVERTER = Converter()


def packed(message: object) -> bytes:
    data = json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data


def unpacked(stream: bytes) -> list[dict[str, object]]:
    messages = []
    while stream:
        size = struct.unpack(">I", stream[:4])[0]
        messages.append(json.loads(stream[4 : 4 + size]))
        stream = stream[4 + size :]
    return messages


def talk(monkeypatch: pytest.MonkeyPatch, *requests: object) -> list[dict[str, object]]:
    answers = io.BytesIO()
    asked = io.BytesIO(b"".join(packed(request) for request in requests))
    monkeypatch.setattr(child, "_limit", lambda: None)
    monkeypatch.setattr(child, "_watch", lambda seconds: None)
    monkeypatch.setattr(
        child,
        "sys",
        SimpleNamespace(stdin=SimpleNamespace(buffer=asked), stdout=SimpleNamespace(buffer=answers)),
    )
    child.main()
    return unpacked(answers.getvalue())


def test_it_answers_until_the_pipe_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = talk(monkeypatch, {"text": "*a* @bob", "handles": ["bob"]}, {"text": "`b`", "handles": []})
    assert answers[0] == {"ready": True}
    assert [answer["plain"] for answer in answers[1:]] == ["a @bob", "b"]
    assert answers[1]["mentions"] == ["bob"]


def test_a_malformed_request_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert talk(monkeypatch, {"text": 5, "handles": []})[1] == {"error": "malformed request"}
    assert talk(monkeypatch, {"text": "a", "handles": "b"})[1] == {"error": "malformed request"}


def test_a_stumbling_parser_serves_the_next_text(monkeypatch: pytest.MonkeyPatch) -> None:
    convert = Converter.convert

    def stumble(self: Converter, text: str, *named: frozenset[str]) -> object:
        if text == "bad":
            raise RecursionError
        return convert(self, text, *named)

    monkeypatch.setattr(Converter, "convert", stumble)
    answers = talk(monkeypatch, {"text": "bad", "handles": []}, {"text": "good", "handles": []})
    assert answers[1] == {"error": "RecursionError"}
    assert answers[2]["plain"] == "good"


def test_words_stand_apart_where_blocks_do() -> None:
    html = '<p>a<br>b</p><ul><li>c</li></ul><table><tr><td>d</td><td>e</td></tr></table><img alt="f"><img>'
    assert visible_words(html) == "a\nb\nc\nd\ne\nf"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("```python\nx = 1\n```", "x = 1"),
        ("```nope\nx = 1\n```", "x = 1"),
        ("```python\n" + "# 0123456789\n" * 2_000 + "```", "# 0123456789"),
        ("![](http://x.example/a) ![b](javascript:x) ![c](/files/c.png)", "http://x.example/a b c"),
        ("| a | b |\n|--|:-:|\n| 1 | 2 |", "1"),
        ("- [ ] a\n\n- [x] b\n\n  c", "☐ a"),
        ("**@bob** x @ann @bob", "@bob x @ann @bob"),
        ("# a\n\n`@bob`", "a"),
    ],
)
def test_every_rule_of_ours_in_one_process(text: str, words: str) -> None:
    assert words in Converter().convert(text, frozenset({"bob", "ann"}))["plain"]


PIECES = [
    "*",
    "_",
    "`",
    "[",
    "]",
    "(",
    ")",
    "!",
    "<b>",
    "<",
    ">",
    "#",
    "-",
    " ",
    "\n",
    "\n\n",
    "    ",
    "|",
    "~~",
    "@ab",
    "中",
    "a",
]
PIECES += [
    "http://x.example",
    "```",
    "??? ",
    "[ ]",
    "&amp;",
    "\\",
    '"',
    "1. ",
    ":",
    "/files/a.png",
    "javascript:",
    "onclick=",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_mixture_gives_harmless_html(pieces: list[str]) -> None:
    assert list(problems(CONVERTER.convert("".join(pieces), frozenset({"ab"}))["html"])) == []
