"""The log of a space that everybody reads: without names, and without what only some may know."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.forum.models import Post, Thread
from community.moderation.models import Measure
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def thread(app: Flask) -> Thread:
    home = a_space("home")
    a_member("sue", super_user_in=[home], name="Susanne Sommer")
    a_member("boss", role="manager")
    return a_thread(home, a_member("ann"), title="The lift stands still")


def hide(login_as: LoginAs, by: str, *posts: Post) -> None:
    who = login_as(by)
    for post in posts:
        who.get(f"/posts/{post.id}/hiding")
        who.submit("main form", rule="unkind", reason="Be kind please.")


def test_everybody_reads_kinds_and_rules_and_no_names(thread: Thread, login_as: LoginAs, visitor: Visitor) -> None:
    bob = a_member("bob", name="Robert Rot")
    hide(login_as, "sue", *(a_reply(thread, bob, f"You fool {n}") for n in range(3)))
    visitor.get("/spaces/home/about")
    visitor.get("/spaces/home/measures")
    assert visitor.text.count("Criticise the matter") == 3
    for said in ("Robert", "Susanne", "You fool", "The lift", "Be kind"):
        assert said not in visitor.html.replace("<title>", "")
    assert [cell.get_text() for cell in visitor.select("tbody td")] == ["0", "0", "0", "3", "0", "0", "–"]
    (first, *_rest) = db.session.scalars(select(Measure).order_by(Measure.id))
    sue = login_as("sue")
    sue.get(f"/threads/{thread.id}")
    sue.post(f"/posts/{first.target_id}/restoration")
    visitor.get("/spaces/home/measures")
    assert "Lifted" in visitor.text


def test_few_are_not_counted_exactly(thread: Thread, login_as: LoginAs, visitor: Visitor) -> None:
    hide(login_as, "sue", a_reply(thread, a_member("bob"), "You fool"))
    visitor.get("/spaces/home/measures")
    assert "fewer than 3" in visitor.text


def test_what_only_some_may_read_is_not_there(thread: Thread, login_as: LoginAs, visitor: Visitor) -> None:
    inner = a_space("inner", visibility="members")
    hide(login_as, "boss", a_reply(a_thread(inner), a_member("bob"), "You fool"))
    visitor.get("/spaces/inner/measures", status=404)
    login_as("ann").get("/spaces/inner/measures", status=404)
    thread.restricted = True
    hide(login_as, "boss", a_reply(thread, a_member("bert"), "You fool"))
    visitor.get("/spaces/home/measures")
    assert "Criticise the matter" not in visitor.text
    boss = login_as("boss")
    boss.get("/spaces/home/measures")
    assert "Criticise the matter" in boss.text
