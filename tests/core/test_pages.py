"""Numbered pages, and the keys of kept ones."""

import contextvars

import pytest
from flask import Flask

from community.core.pages import key_of
from community.core.paging import LAST_PAGE, Page, page_number


@pytest.mark.parametrize(
    ("given", "number"),
    [("", 1), ("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("１", 1), ("9" * 9, 1), ("9999999", LAST_PAGE), ("1.5", 1)],
)
def test_a_page_that_makes_no_sense_is_the_first(app: Flask, given: str, number: int) -> None:
    with app.test_request_context("/threads", query_string={"page": given}):
        assert page_number() == number


def test_positions_are_counted_from_one(app: Flask) -> None:
    page = Page(["x"] * 5, 3, 25, 55)
    assert (page.pages, page.first, page.last) == (3, 51, 55)
    empty: Page[str] = Page([], 1, 25, 0)
    assert (empty.pages, empty.first, empty.last) == (1, 0, 0)
    assert page.map(len).rows == [1] * 5


def test_addresses_of_other_pages_keep_what_was_asked_for(app: Flask) -> None:
    with app.test_request_context("/threads?tag=a%26b&page=2"):
        assert Page(["x"], 2, 1, 5).url(3) == "/threads?tag=a%26b&page=3"


def test_keys_differ_by_everything_that_changes_the_page(app: Flask) -> None:
    def key(path: str, headers: dict[str, str], version: int) -> str:
        with app.test_request_context(path, headers=headers):
            return key_of("thread", version)

    keys = set()
    for path, language, theme, version in (
        ("/threads/1", "en", "", 1),
        ("/threads/1?page=2", "en", "", 1),
        ("/threads/1", "zh-CN", "", 1),
        ("/threads/1", "en", "dark", 1),
        ("/threads/1", "en", "", 2),
    ):
        headers = {"Accept-Language": language, "Cookie": f"theme={theme}"}
        keys.add(contextvars.Context().run(key, path, headers, version))
    assert len(keys) == 5
