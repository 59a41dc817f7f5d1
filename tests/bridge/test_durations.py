"""Lengths of time as managers write them."""

from datetime import timedelta

import pytest
from flask import Flask

from bridge.durations import parse, written
from community.core.i18n import speak


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30 min", 30),
        ("4 h", 240),
        ("2 d", 2880),
        ("1h30min", 90),
        ("1,5 hours", 90),
        ("1 day and 4 hours", 1680),
        ("2 W", 20160),
        ("4 小时", 240),
        ("２天", 2880),
        ("1小时30分钟", 90),
        ("1 个星期", 10080),
    ],
)
def test_what_people_write_is_read(text: str, minutes: int) -> None:
    assert parse(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", " ", "90", "h", "soon", "4 x", "1h30", "-4 h", "4 h!", "9" * 50 + " d"])
def test_what_cannot_be_read_is_said_so(text: str) -> None:
    assert parse(text) is None


def test_what_is_shown_can_be_read_again(app: Flask) -> None:
    for language in ("en", "zh-Hans"):
        with app.test_request_context():
            speak(language)
            for minutes in (1, 45, 60, 90, 1440, 1500, 30241):
                assert parse(written(timedelta(minutes=minutes))) == timedelta(minutes=minutes)
