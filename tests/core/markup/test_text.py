import pytest

from community.core.markup import clean_text, detect_language, excerpt, mention_candidates


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("a\x00b\x08c\x1bd\x7fe\x9ff", "abcdef"),
        ("tab\tstays\n", "tab\tstays\n"),
        ("e\u0301", "é"),
        ("\ufeffstart", "start"),
        ("a\u202eb\u202cc\u202ad", "abcd"),
        ("a \u2067b\u2069 c", "a \u2067b\u2069 c"),
        ("a \u2067b c", "a b c"),
        ("a \u2067b\nc\u2069", "a b\nc"),
        ("\u2069a\u2067", "a"),
        ("\ud800x", "x"),
        ("中文，繁體", "中文，繁體"),
        ("👩‍💻 👍🏽", "👩‍💻 👍🏽"),
    ],
)
def test_cleaning(given: str, kept: str) -> None:
    assert clean_text(given) == kept
    assert clean_text(kept) == kept


@pytest.mark.parametrize(
    ("plain", "limit", "short"),
    [
        ("short", 10, "short"),
        ("two\nlines   here", 40, "two lines here"),
        ("one two three four", 12, "one two…"),
        ("unbreakablyverylong", 10, "unbreakab…"),
        ("这是一个很长的中文句子，没有空格", 8, "这是一个很长的…"),
        ("", 10, ""),
    ],
)
def test_excerpts(plain: str, limit: int, short: str) -> None:
    assert excerpt(plain, limit) == short
    assert len(short) <= limit


def test_an_excerpt_of_a_very_long_text_is_marked_as_cut() -> None:
    assert excerpt("a" + " " * 5_000 + "b" * 10, 20).endswith("…")


def test_candidates_are_all_that_might_be_people() -> None:
    assert mention_candidates("@Anna `@bob` x@mail.example @x_y-z.") == {"anna", "bob", "x_y-z"}


def test_few_characters_among_many_words_are_not_chinese() -> None:
    assert detect_language("the word 中 in a long English sentence") == "en"
