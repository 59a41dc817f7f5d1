"""How long one may edit and take back, slips of the pen, and the history of a post."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.cache import cache
from community.core.db import db, utcnow
from community.forum import operations
from community.forum.editing import windows as editing_windows
from community.forum.models import Post, PostRevision
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

FIRST = "Pull the blue cable out of the wall.\n\nThen wait.\n\nPut it back."
SECOND = "Pull the red cable out of the wall.\n\nThen wait.\n\nPut it back."


@pytest.fixture
def post(app: Flask) -> Post:
    """Ann's reply."""
    space = a_space("home")
    a_member("sue", super_user_in=[space])
    return a_reply(a_thread(space), a_member("ann"), FIRST)


def aged(post: Post, **how_old: float) -> None:
    """The post was written some time ago."""
    post.created_at = utcnow() - timedelta(**how_old)
    db.session.commit()
    cache().clear()


def kept() -> int:
    return db.session.scalar(select(func.count(PostRevision.id))) or 0


def stand(app: Flask, *, long: bool) -> None:
    """Let everybody be a newcomer, or nobody."""
    app.extensions["isthmus.standing"] = lambda member_id: long
    cache().clear()


@pytest.mark.parametrize(
    ("long", "days", "may"),
    [(False, 0.9, True), (False, 1.1, False), (True, 1.1, True), (True, 29, True), (True, 31, False)],
)
def test_own_posts_may_be_edited_for_some_time(
    app: Flask, post: Post, login_as: LoginAs, long: bool, days: float, may: bool
) -> None:
    before = app.extensions.get("isthmus.standing")
    try:
        stand(app, long=long)
        aged(post, days=days)
        ann, sue = login_as("ann"), login_as("sue")
        for page in ("edit", "hiding"):
            ann.get(f"/posts/{post.id}/{page}", status=200 if may else 404)
            sue.get(f"/posts/{post.id}/{page}")
    finally:
        app.extensions.pop("isthmus.standing")
        if before is not None:
            app.extensions["isthmus.standing"] = before


def test_super_users_and_staff_edit_their_own_always(app: Flask, login_as: LoginAs) -> None:
    space, far = a_space("home"), a_space("far")
    for member in (a_member("meg", role="agent"), a_member("far", super_user_in=[far])):
        own = a_reply(a_thread(space), member)
        aged(own, days=400)
        login_as(member.handle).get(f"/posts/{own.id}/edit")


def edit(who: Visitor, post: Post, body: str, reason: str = "") -> None:
    who.get(f"/posts/{post.id}/edit")
    who.submit("#edit-form", body=body, reason=reason)


def test_a_slip_of_the_pen_leaves_no_revision(post: Post, login_as: LoginAs) -> None:
    ann, sue = login_as("ann"), login_as("sue")
    edit(ann, post, SECOND)
    assert (post.body, kept(), post.edited_at) == (SECOND, 0, None)
    edit(ann, post, f"{SECOND} {'more ' * 40}".strip())
    assert kept() == 1
    edit(sue, post, SECOND)
    assert kept() == 2
    edit(ann, post, FIRST, reason="The blue one after all")
    assert kept() == 3
    aged(post, minutes=editing_windows.GRACE.total_seconds() / 60 + 1)
    edit(ann, post, SECOND)
    assert kept() == 4


def test_any_two_versions_are_compared_and_an_earlier_one_comes_back(
    post: Post, login_as: LoginAs, visitor: Visitor
) -> None:
    for number, body in enumerate((SECOND, f"{SECOND}\n\nDone."), 1):
        operations.edit_post(post, editor_id=post.author_id, body=body, reason=f"Why {number}")
    visitor.get(f"/posts/{post.id}/revisions")
    assert [tag.get_text() for tag in visitor.select("main .sides ins") if tag.get_text()] == ["Done."]
    assert "Why 1" in visitor.text
    assert not visitor.select("main form[method=post]")
    visitor.get(f"/posts/{post.id}/revisions", older=1, newer=2)
    assert [tag.get_text() for tag in visitor.select("main .sides ins")] == ["red"]
    assert [tag.get_text() for tag in visitor.select("main .sides del")] == ["blue"]
    for odd in ({"older": 3, "newer": 1}, {"older": 99, "newer": -4}, {"older": "x"}):
        visitor.get(f"/posts/{post.id}/revisions", **odd)
    ann = login_as("ann")
    ann.get(f"/posts/{post.id}/revisions")
    ann.submit(f"/posts/{post.id}/revisions/1/restoration")
    assert post.body == FIRST
    assert kept() == 3
    visitor.get(f"/posts/{post.id}/revisions")
    assert "Version 1 brought back" in visitor.text
    ann.post(f"/posts/{post.id}/revisions/99/restoration", status=404)


def test_only_who_may_edit_brings_a_version_back(post: Post, login_as: LoginAs) -> None:
    operations.edit_post(post, editor_id=post.author_id, body=SECOND, reason="x")
    a_member("bob")
    bob = login_as("bob")
    bob.get(f"/posts/{post.id}/revisions")
    assert not bob.select("main form[method=post]")
    bob.post(f"/posts/{post.id}/revisions/1/restoration", status=404)
    login_as("sue").post(f"/posts/{post.id}/revisions/1/restoration", status=302)
    assert post.body == FIRST


def test_what_its_author_deleted_comes_back(post: Post, login_as: LoginAs, visitor: Visitor) -> None:
    a_member("bob")
    page = f"/threads/{post.thread_id}"
    visitor.get(page)
    ann, bob, sue = login_as("ann"), login_as("bob"), login_as("sue")
    ann.get(f"/posts/{post.id}/hiding")
    assert ann.page.heading == "Delete this"
    ann.submit("main form", reason="It was wrong")
    for who in (ann, sue):
        who.get(page)
        assert "Deleted by its author: It was wrong" in who.text
    for other in (bob, visitor):
        other.get(page)
        assert "blue cable" not in other.html
        assert "It was wrong" not in other.html
    ann.submit(f"/posts/{post.id}/restoration")
    visitor.get(page)
    assert "blue cable" in visitor.text


def test_what_the_team_hid_stays_hidden(post: Post, login_as: LoginAs) -> None:
    sue, ann = login_as("sue"), login_as("ann")
    sue.get(f"/posts/{post.id}/hiding")
    sue.submit("main form", reason="Rude")
    ann.get(f"/threads/{post.thread_id}")
    assert "Hidden by the team: Rude" in ann.text
    ann.post(f"/posts/{post.id}/restoration", status=404)
    ann.get(f"/posts/{post.id}/edit", status=404)
    sue.post(f"/posts/{post.id}/restoration", status=302)
    assert post.hidden_at is None
