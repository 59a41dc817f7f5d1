"""What a preview shows, and how short a text may be."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.forum.composing.lengths import OPENING, REPLY, TITLE, weight
from community.forum.models import Post
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread

TITLE_GIVEN = "The scanner in hall 2 sends empty pages"
TEXTS = (
    "Hello @bob and @nobody, see **this** and ~~that~~.\r\n\r\n- [ ] one\r\n- [x] two",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint('x')\n```",
    "[private]Room 4, key under the mat[/private] and the rest of it",
    "  打印机坏了，怎么办？@bob 请看 <b>这里</b>\u200b  ",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_preview_is_what_is_kept(app: Flask, login_as: LoginAs, text: str) -> None:
    thread = a_thread()
    a_member("bob")
    a_member("ann")
    ann = login_as("ann")
    ann.post("/preview", {"text": text})
    shown = ann.html
    ann.post(f"/threads/{thread.id}/replies", {"body": text}, status=302)
    assert shown == db.session.scalars(select(Post.html).order_by(Post.id.desc())).first()


@pytest.mark.parametrize(
    ("text", "letters"),
    [("", 0), ("  one   two\n\nthree ", 13), ("打印机坏了", 12.5), ("VPN 坏了", 9), ("カナ", 5), ("𠀀", 2.5)],
)
def test_chinese_needs_fewer_characters(text: str, letters: float) -> None:
    assert weight(text) == letters


def test_the_table_of_lengths_is_the_same_in_both_languages() -> None:
    for least in (TITLE, OPENING, REPLY):
        assert weight("字" * least.characters) >= least.letters > weight("字" * (least.characters - 1))


def test_short_texts_are_refused_beside_their_field_and_stay(app: Flask, login_as: LoginAs) -> None:
    a_space("one")
    a_member("ann")
    ann = login_as("ann")
    ann.get("/ask")
    ann.submit("#ask-form", title="Printer kaput", body="It does not work.", status=422)
    assert "at least 15 characters, or 6 in Chinese" in ann.select("#title-error")[0].get_text()
    assert "at least 20 characters, or 8 in Chinese" in ann.select("#body-error")[0].get_text()
    assert ann.select("#title")[0]["value"] == "Printer kaput"
    assert ann.select("#body")[0].get_text().strip() == "It does not work."
    ann.submit("#ask-form", title="打印机坏了吗", body="打印机今天突然坏了")
    assert ann.page.heading == "打印机坏了吗"


def test_a_reply_may_be_short_but_says_something(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    a_member("ann")
    ann = login_as("ann")
    for body, status in (("+1", 422), ("yes", 422), ("好", 422), ("可以", 302), ("Works", 302)):
        ann.post(f"/threads/{thread.id}/replies", {"body": body}, status=status)


@pytest.mark.parametrize("body", ["\u200b" * 20, "\u202e\u200d" * 9 + "ok", " \u2060 \u2060" * 9])
def test_what_nobody_sees_is_no_text(app: Flask, login_as: LoginAs, body: str) -> None:
    thread = a_thread()
    a_member("ann")
    login_as("ann").post(f"/threads/{thread.id}/replies", {"body": body}, status=422)
    assert thread.reply_count == 0


def test_what_was_short_before_may_stay_so(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann, title="VPN drops", body="Why?")
    reply = a_reply(thread, ann, "Hm.")
    page = login_as("ann")
    page.get(f"/posts/{thread.posts[0].id}/edit")
    page.submit("#edit-form", body="Why does it drop every hour?")
    assert thread.posts[0].body == "Why does it drop every hour?"
    page.get(f"/posts/{reply.id}/edit")
    page.submit("#edit-form", reason="nothing")
    page.get(f"/posts/{reply.id}/edit")
    page.submit("#edit-form", body="Hmm", status=422)
    assert reply.body == "Hm."
