"""What a line of text keeps, so that no two names look alike; and tags."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.forms import clean, seen, split_tags, tidy

UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2064\u2066\u2069\u202a\u202e\u061c\u00ad\u034f\u180e\ufe00\ufe0f\ufeff"
)
UNSEEN += "\U000e0041\U000e0100\U0001d173"


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("name", ["A{}nn", "{}Ann", "Ann{}", "Ann {} Lee", "{}王伟", "И{}ван"])
def test_no_two_names_look_alike(sign: str, name: str) -> None:
    assert tidy(name.format(sign)) == " ".join(name.replace("{}", "").split())


@pytest.mark.parametrize("blank", "\u00a0\u2003\u3000\u115f\u1160\u2800\u3164\uffa0\t\n")
def test_blanks_of_all_kinds_are_one_space(blank: str) -> None:
    assert tidy(f"Ann{blank} Lee{blank}") == "Ann Lee"
    assert tidy(blank) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Ann 👩‍💻",
        "👩🏽‍💻 on call",
        "❤️‍🔥",
        "1️⃣ first",
        "می‌خواهم",  # Persian is written with a non-joiner
        "क्‍ष",  # a joiner after a virama chooses the half form
        "क्‌ष",
        "葛\U000e0100城",  # a variant of a character, as in a registered name
        "O’Neil-Núñez",
        "王小明",
        "\u06dd٣",
    ],
)
def test_what_scripts_and_emoji_are_written_with_stays(name: str) -> None:
    assert tidy(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_stays_nothing(text: str | None) -> None:
    assert tidy(text) == text
    assert clean(text) == text


def test_several_lines_keep_what_bodies_need() -> None:
    assert clean("  a\u200cb 👩‍💻\r\nc \u2067d\u2069\u202e ") == "a\u200cb 👩‍💻\nc \u2067d\u2069"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(UNSEEN + "aक्م👩💻\u20e3")), max_size=40))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    once = seen(text)
    assert seen(once) == once
    assert once == " ".join(once.split())
    assert not set(once) & set("\u200b\u2060\u202e\u2066\u200e\ufeff")


def test_tags_are_words_each_once() -> None:
    assert split_tags("#VPN, vpn；Wi-Fi、 c++ #") == ["vpn", "wi-fi", "c++"]
    assert split_tags(None) == []
