"""Which language is answered in, and how times are written in the reader's zone."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from community.core import i18n
from community.core.mail.trimming import REPLY_LINE_OF, REPLY_LINES
from tests.visit import Visitor


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("yue-HK", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-US", "en"),
        ("de", None),
        ("x", None),
    ],
)
def test_the_browsers_tag_is_read_by_its_script(tag: str, expected: str | None) -> None:
    assert i18n.match(tag) == expected


def test_traditional_chinese_can_be_chosen(app: Flask) -> None:
    visitor = Visitor(app, language="en")
    visitor.get("/language/zh-Hant", status=302)
    visitor.get("/join")
    assert visitor.select("html")[0]["lang"] == "zh-Hant"
    assert "建立帳號" in visitor.text
    assert "繁體中文" in visitor.text


def _shown(moment: datetime, zone: str, tag: str = "en") -> str:
    return i18n._when(moment, zone, tag, moment.year)[1]


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Europe/Oslo", "29 Mar 01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Oslo", "29 Mar 03:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Oslo", "25 Oct 02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Oslo", "25 Oct 02:30"),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "Europe/Oslo", "25 Oct 23:59"),
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), "America/New_York", "8 Mar 01:59"),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "America/New_York", "8 Mar 03:00"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "America/New_York", "1 Nov 01:30"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Asia/Kolkata", "29 Mar 06:30"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "Asia/Kolkata", "25 Oct 06:30"),
    ],
)
def test_times_are_right_on_the_days_when_clocks_change(moment: datetime, zone: str, expected: str) -> None:
    assert _shown(moment, zone) == expected


def test_the_hour_that_comes_twice_is_told_apart_in_the_exact_form() -> None:
    first, second = (
        i18n._when(datetime(2026, 10, 25, hour, 30, tzinfo=UTC), "Europe/Oslo", "en", 2026) for hour in (0, 1)
    )
    assert first[1] == second[1]
    assert first[2] != second[2]
    assert first[0] != second[0]


def test_times_in_traditional_chinese() -> None:
    moment = datetime(2026, 7, 1, 6, 5, tzinfo=UTC)
    assert _shown(moment, "Asia/Taipei", "zh-Hant") == "7月1日 下午2:05"


def test_every_chinese_has_its_own_line_to_answer_above() -> None:
    assert set(REPLY_LINE_OF) == set(i18n.LANGUAGES) - {"en"}
    assert len(set(REPLY_LINE_OF.values())) == len(REPLY_LINE_OF)
    for line in REPLY_LINE_OF.values():
        assert line in REPLY_LINES
