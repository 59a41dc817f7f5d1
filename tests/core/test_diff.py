import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.diff import TOKEN_LIMIT, inline, side_by_side


def test_english_is_compared_by_words() -> None:
    assert inline("press the red button", "press the blue button") == [
        ("same", "press the "),
        ("removed", "red"),
        ("added", "blue"),
        ("same", " button"),
    ]


def test_chinese_is_compared_by_characters() -> None:
    assert inline("请重启电脑", "请重装电脑") == [
        ("same", "请重"),
        ("removed", "启"),
        ("added", "装"),
        ("same", "电脑"),
    ]


def test_mixed_text_keeps_words_whole() -> None:
    assert ("removed", "Windows") in inline("用Windows登录", "用Linux登录")


@pytest.mark.parametrize(("old", "new"), [("", ""), ("a", "a"), ("", "a b"), ("a b", "")])
def test_edges(old: str, new: str) -> None:
    parts = inline(old, new)
    assert "".join(text for change, text in parts if change != "added") == old
    assert "".join(text for change, text in parts if change != "removed") == new
    assert all(text for _, text in parts)


TEXTS = st.text(alphabet="ab c'中文繁\n.", max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_difference(old: str, new: str) -> None:
    parts = inline(old, new)
    assert "".join(text for change, text in parts if change != "added") == old
    assert "".join(text for change, text in parts if change != "removed") == new
    rows = side_by_side(old, new)
    assert ["".join(text for _, text in row.old) for row in rows if row.old_number] == old.splitlines()
    assert ["".join(text for _, text in row.new) for row in rows if row.new_number] == new.splitlines()
    assert [row.old_number for row in rows if row.old_number] == list(range(1, len(old.splitlines()) + 1))


def test_rows_stand_side_by_side() -> None:
    rows = side_by_side("one\ntwo words\nthree\nfour", "one\ntwo birds\nthree\nfour\nfive")
    assert [row.kind for row in rows] == ["same", "changed", "same", "same", "added"]
    assert rows[1].old == (("same", "two "), ("removed", "words"))
    assert rows[1].new == (("same", "two "), ("added", "birds"))
    assert (rows[4].old_number, rows[4].new_number) == (None, 5)


def test_a_removed_line_has_no_number_on_the_right() -> None:
    assert [(row.kind, row.old_number, row.new_number) for row in side_by_side("a\nb\nc", "a\nc")] == [
        ("same", 1, 1),
        ("removed", 2, None),
        ("same", 3, 2),
    ]


def test_huge_texts_are_shown_as_replaced() -> None:
    old, new = "甲乙" * TOKEN_LIMIT, "丙丁" * TOKEN_LIMIT
    assert inline(old, new) == [("removed", old), ("added", new)]
    assert len(side_by_side("a\n" * (TOKEN_LIMIT + 1), "b\n" * 3)) == TOKEN_LIMIT + 1


def test_a_small_change_in_a_huge_text_is_still_found() -> None:
    text = "word " * TOKEN_LIMIT
    assert inline(f"{text}old {text}", f"{text}new {text}")[1:3] == [("removed", "old"), ("added", "new")]
