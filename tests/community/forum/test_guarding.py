"""Before something is published that others should not read, its author is asked on the same page."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.core.events import EventRecord
from community.core.policies import Role
from community.forum.models import Post, Thread
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

SECRET = "The client says no.\n\n```\npassword = Tr0ub4dor&3\n```\n\nWhat now?"
ASKED = {"title": "The client refuses my word", "tags": "vpn"}


def bodies() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Post.body).order_by(Post.id)))


def kept_facts() -> list[dict[str, object]]:
    rows = db.session.scalars(select(EventRecord).where(EventRecord.name == "forum.post.published_as_it_is"))
    return [row.payload for row in rows]


@pytest.fixture
def ann(app: Flask, login_as: LoginAs) -> Visitor:
    a_space("home")
    a_member("ann")
    return login_as("ann")


def ask(ann: Visitor) -> None:
    ann.get("/ask")
    ann.submit("#ask-form", follow=False, status=422, **ASKED, body=SECRET, kind="question", space="home")


def test_a_secret_is_asked_about_and_nothing_typed_is_lost(ann: Visitor) -> None:
    ask(ann)
    assert "This looks like a password" in ann.text
    assert "Tr0ub4dor&3" in ann.select("#guard mark")[0].text
    assert ann.select("textarea[name=body]")[0].text.strip() == SECRET
    assert ann.select("input[name=title]")[0]["value"] == ASKED["title"]
    assert bodies() == []


def test_it_is_masked(ann: Visitor) -> None:
    ask(ann)
    ann.submit("#ask-form")
    assert bodies() == [SECRET.replace("Tr0ub4dor&3", "[password]")]
    assert kept_facts() == []


def test_it_is_published_as_it_is_and_remembered_without_the_secret(ann: Visitor) -> None:
    ask(ann)
    ann.submit("#ask-form", **{"guard-password": "keep"})
    assert bodies() == [SECRET]
    (fact,) = kept_facts()
    assert fact["kinds"] == ["password"]
    assert "Tr0ub4dor" not in str(fact)


def test_what_was_not_shown_is_asked_about_again(ann: Visitor) -> None:
    ask(ann)
    more = SECRET + "\n\nCard 4111 1111 1111 1111"
    ann.submit("#ask-form", follow=False, status=422, body=more, **{"guard-password": "keep"})
    assert "payment card" in ann.text
    ann.submit("#ask-form")
    assert bodies() == [more.replace("4111 1111 1111 1111", "[card number]")]


def test_replies_and_edits_are_asked_about_and_what_stood_there_is_not(ann: Visitor, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("bob"))
    ann.get(f"/threads/{thread.id}")
    ann.submit("#reply-form", follow=False, status=422, body="My ID is 11010519491231002X, and now?")
    ann.submit("#reply-form", **{"guard-id": "keep"})
    assert bodies()[-1] == "My ID is 11010519491231002X, and now?"
    post = db.session.scalars(select(Post).order_by(Post.id.desc())).first()
    assert post is not None
    ann.get(f"/posts/{post.id}/edit")
    ann.submit("#edit-form", body=f"{post.body} It is mine.")
    assert bodies()[-1].endswith("It is mine.")
    ann.get(f"/posts/{post.id}/edit")
    ann.submit("#edit-form", follow=False, status=422, body="密码是Abc12345，请帮忙，我的电脑打不开了")
    ann.submit("#edit-form")
    assert bodies()[-1] == "密码是[password]，请帮忙，我的电脑打不开了"


def test_administrators_add_patterns_that_are_not_slow(ann: Visitor, login_as: LoginAs) -> None:
    a_member("root", role=Role.ADMIN)
    root = login_as("root")
    root.get("/admin/asked-before")
    root.submit("#pattern-form", follow=False, status=422, name="Slow", pattern=r"(\w+\s?)*x")
    assert "too long" in root.text
    root.submit("#pattern-form", follow=False, status=422, name="Wrong", pattern="[")
    root.submit("#pattern-form", name="staff number", pattern="EMP-[0-9]{6}")
    assert "staff number" in root.text
    root.submit("#pattern-form", follow=False, status=422, name="staff number", pattern="X")
    ann.get("/ask")
    ann.submit("#ask-form", follow=False, status=422, **ASKED, body="I am EMP-123456 and cannot sign in at all.")
    assert "This looks like: staff number" in ann.text
    ann.submit("#ask-form")
    assert bodies() == ["I am [staff number] and cannot sign in at all."]
    root.get("/admin/asked-before")
    root.submit("form[action$=removal]")
    assert "Nothing yet." in root.text


def test_a_secret_among_the_tags_is_asked_about_and_left_out(ann: Visitor) -> None:
    ann.get("/ask")
    given = {"title": "The card does not work", "body": "It says that it is not known.", "space": "home"}
    ann.submit("#ask-form", **given, tags="vpn 4111111111111111", status=422)
    assert ann.select("#guard")
    ann.submit("#ask-form")
    assert db.session.scalars(select(Thread)).one().tags == ["vpn"]
