"""Paths, conditions, templates, times and signatures of desk files."""

import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.desks.contract import PushRefusedError
from bridge.desks.declarative import push
from bridge.desks.declarative.description import Description
from bridge.desks.declarative.paths import NotationError, read_condition, read_path
from bridge.desks.declarative.templates import NoValueError, Values, escaped, read_template, written
from bridge.desks.declarative.times import NoTimeError, back, is_zone, read_time, write_time

ANSWER: Any = {
    "data": {"items": [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}], "by": {"x": {"id": 3}, "y": {"id": 4}}},
    "fields": [{"name": "ref", "value": "R"}],
    "odd name": {"@etag": "e"},
    "no": None,
    "zero": 0,
    "empty": [],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("data.items[*].id", [1, 2]),
        ("data.items", [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}]),
        ("data.items[0].id", [1]),
        ("data.items[-1].id", [2]),
        ("data.items[7].id", []),
        ("data.items[kind='b'].id", [2]),
        ("data.by.*.id", [3, 4]),
        ("fields[name='ref'].value", ["R"]),
        ("'odd name'.@etag", ["e"]),
        ("data.nothing.id", []),
        ("data[0]", []),
        ("data.items.id", []),
        ("no", [None]),
    ],
)
def test_paths(path: str, found: list[object]) -> None:
    assert read_path(path).all(ANSWER) == found


def test_the_whole_answer() -> None:
    assert read_path(".").one("text") == "text"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("always", True),
        ("zero = 0", True),
        ("zero = false", False),
        ("zero = '0'", False),
        ("no = null", True),
        ("nothing = null", True),
        ("zero", False),
        ("not zero", True),
        ("data.items[0].kind = 'a' and zero = 0", True),
        ("data.items[0].kind = 'a' and zero = 1", False),
        ("data.items[0].kind in ('x', 'a')", True),
        ("data.items[0].kind != 'x'", True),
        ("data.items[0].id = {me}", True),
        ("nothing = {nobody}", False),
    ],
)
def test_conditions(condition: str, holds: bool) -> None:
    assert read_condition(condition).holds(ANSWER, {"me": "1"}) is holds


@pytest.mark.parametrize("wrong", ["", "a =", "a in 1", "a in (1", "a = b", "a and", "a[", "a[-2]", "a..b", "a b"])
def test_what_cannot_be_read(wrong: str) -> None:
    with pytest.raises(NotationError):
        read_condition(wrong)


def values(**known: object) -> Values:
    return Values(
        known, {"map": {"1": 5, "true": "yes"}, "wide": {"otherwise": "x"}}, {"wiki": {"*": "\\*", "**": "!"}}
    )


@pytest.mark.parametrize(
    ("template", "given", "made"),
    [
        ("{a}", 7, 7),
        ("{a|number}", "7", 7),
        ("{a|number}", "seven", "seven"),
        ("{a|text}", True, "true"),
        ("{a|lower}", "ÄB", "äb"),
        ("{a|line}", "a\n b", "a b"),
        ("{a|map}", 1, 5),
        ("{a|wide}", "?", "x"),
        ("{a|wiki}", "a * b **", "a \\* b !"),
        ("x{a}{{}}", None, "x{}"),
        ("x {a}", ["a", 1], "x a,1"),
        ("{a}", ["a", 1], ["a", 1]),
    ],
)
def test_templates(template: str, given: object, made: object) -> None:
    assert values(a=given).value(template) == made


def test_templates_within_structures() -> None:
    assert values(a="{b}").deep({"{a}": [{"x": "{a}"}, 1]}) == {"{b}": [{"x": "{b}"}, 1]}


def test_values_stay_in_their_place_of_a_path() -> None:
    assert values(a="../x?y").way("/t/{a}/z") == "/t/..%2Fx%3Fy/z"
    assert values(a="https://desk/once?x=1").way("{a}") == "https://desk/once?x=1"


def test_names_and_maps_without_values() -> None:
    with pytest.raises(NoValueError):
        values().value("{a}")
    with pytest.raises(NoValueError):
        values(a=9).value("{a|map}")
    with pytest.raises(NotationError):
        read_template("a } b")
    assert escaped("a", {}) == "a"
    assert written(False) == "false"


@pytest.mark.parametrize(
    ("text", "form", "zone", "utc"),
    [
        ("2026-02-03T04:05:06Z", "iso", "UTC", "2026-02-03T04:05:06"),
        ("2026-02-03T04:05:06.5+0100", "iso", "UTC", "2026-02-03T03:05:06.500000"),
        ("2026-02-03 04:05:06", "iso", "Asia/Kathmandu", "2026-02-02T22:20:06"),
        ("03.07.2026 04:05", "%d.%m.%Y %H:%M", "Europe/Berlin", "2026-07-03T02:05:00"),
        (1770091506, "epoch", "UTC", "2026-02-03T04:05:06"),
        ("1770091506000", "epoch_ms", "UTC", "2026-02-03T04:05:06"),
    ],
)
def test_times(text: object, form: str, zone: str, utc: str) -> None:
    assert read_time(text, form, zone).isoformat() == f"{utc}+00:00"


def test_times_go_out_as_they_come() -> None:
    at = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert write_time(at, "iso", "UTC") == "2026-02-03T04:05:06Z"
    assert write_time(at, "epoch_ms", "UTC") == "1770091506000"
    assert write_time(at, "%H:%M", "Asia/Kathmandu") == "09:50"
    assert back(at, 6).second == 0
    assert (is_zone("Europe/Berlin"), is_zone("../x"), is_zone("Nowhere/At")) == (True, False, False)
    for wrong in ("yesterday", None, "9" * 40):
        with pytest.raises(NoTimeError):
            read_time(wrong, "epoch" if wrong and wrong[0] == "9" else "iso", "UTC")


def pushing(**rules: object) -> Description:
    return Description({"push": {"secret": "s", "header": "X-Sign", "ids": "ids[*]", **rules}})


def test_pushes_signed_over_time_and_body() -> None:
    there = pushing(
        algorithm="sha1",
        encoding="base64",
        signed="{timestamp}.{body}",
        timestamp_header="X-Time",
        window=300,
        prefix="v1=",
    )

    def headers(at: str) -> dict[str, str]:
        mark = base64.b64encode(hmac.new(b"key", f"{at}.".encode() + b"{}", hashlib.sha1).digest()).decode()
        return {"x-sign": f"v1={mark}", "x-time": at}

    now = int(time.time())
    for fresh in (str(now), str(now * 1000), datetime.now(UTC).isoformat()):
        push.verify(there, "key", headers(fresh), b"{}")
    for wrong in (str(now - 301), "yesterday", ""):
        with pytest.raises(PushRefusedError):
            push.verify(there, "key", headers(wrong), b"{}")
    for secret, sent in (("key", {}), ("other", headers(str(now))), ("", headers(str(now)))):
        with pytest.raises(PushRefusedError):
            push.verify(there, secret, sent, b"{}")


def test_ids_of_pushes() -> None:
    assert push.ids(pushing(), b'{"ids": ["A-1", 2, "A-1", "../x", null, {}]}') == ("A-1", "2")
    for nothing in (b'{"ids": []}', b"nonsense"):
        with pytest.raises(PushRefusedError):
            push.ids(pushing(numbers=True), nothing)
    with pytest.raises(PushRefusedError):
        push.ids(Description({}), b"{}")
