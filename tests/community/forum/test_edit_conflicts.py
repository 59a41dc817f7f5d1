"""Two people change one post at once: the second one is warned, and no text is lost."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.forum.models import Post, PostRevision, Thread
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

FIRST = "Pull the blue cable out of the wall.\n\nThen wait."
HERS = "Pull the red cable out of the wall.\n\nThen wait."
HIS = "Pull the blue cable out of the wall.\n\nThen wait for ten minutes."


@pytest.fixture
def people(app: Flask, login_as: LoginAs) -> tuple[Visitor, Visitor, Thread]:
    """Sue, who looks after the space, and Ann, who began the thread."""
    space = a_space("home")
    a_member("sue", name="Sue Lee", super_user_in=[space])
    ann = a_member("ann", name="Ann Ray")
    thread = a_thread(space, ann, title="No light on the box", body=FIRST, tags=["vpn"])
    a_reply(thread, ann, FIRST)
    return login_as("sue"), login_as("ann"), thread


def bodies(post: Post) -> list[str]:
    """All texts that a post had, the present one last."""
    db.session.expire_all()
    kept = db.session.scalars(
        select(PostRevision.body).where(PostRevision.post_id == post.id).order_by(PostRevision.number)
    )
    return [*kept, post.body]


@pytest.mark.parametrize("number", [0, 1], ids=["opening", "reply"])
def test_the_second_is_warned_and_both_texts_are_kept(people: tuple[Visitor, Visitor, Thread], number: int) -> None:
    sue, ann, thread = people
    post = thread.posts[number]
    ann.get(f"/posts/{post.id}/edit")
    sue.get(f"/posts/{post.id}/edit")
    sue.submit("#edit-form", body=HERS)
    ann.submit("#edit-form", follow=False, status=409, body=HIS)
    assert bodies(post) == [FIRST, HERS]
    assert "What Sue Lee changed meanwhile" in ann.text
    assert [mark.text for mark in ann.select("#meanwhile ins, #meanwhile del")][-2:] == ["blue", "red"]
    assert "Sue Lee changed this meanwhile" in ann.select("#body-error")[0].text
    assert ann.select("textarea[name=body]")[0].text.strip() == HIS
    ann.submit("#edit-form")
    assert bodies(post) == [FIRST, HERS, HIS]


def test_one_more_change_is_one_more_warning(people: tuple[Visitor, Visitor, Thread]) -> None:
    sue, ann, thread = people
    post = thread.posts[1]
    ann.get(f"/posts/{post.id}/edit")
    for text in (HERS, HERS + " Really."):
        sue.get(f"/posts/{post.id}/edit")
        sue.submit("#edit-form", body=text)
        ann.submit("#edit-form", follow=False, status=409, body=HIS)
    assert bodies(post) == [FIRST, HERS, HERS + " Really."]


def test_title_and_tags_are_not_overwritten_either(people: tuple[Visitor, Visitor, Thread]) -> None:
    sue, ann, thread = people
    opening = thread.posts[0].id
    ann.get(f"/posts/{opening}/edit")
    sue.get(f"/posts/{opening}/edit")
    sue.submit("#edit-form", title="No light on the router", tags="vpn router")
    ann.submit("#edit-form", follow=False, status=409, body=HIS)
    marked = [mark.text.strip() for mark in ann.select("#meanwhile .diff ins")]
    assert marked == ["router", "router"] or marked == ["router", "router "]
    assert ann.select("input[name=title]")[0]["value"] == "No light on the box"
    db.session.expire_all()
    assert (thread.title, thread.tags) == ("No light on the router", ["router", "vpn"])


def test_the_same_text_sent_twice_is_no_conflict(people: tuple[Visitor, Visitor, Thread]) -> None:
    _sue, ann, thread = people
    post = thread.posts[1]
    ann.get(f"/posts/{post.id}/edit")
    form = {"seen": ann.select("#edit-form [name=seen]")[0]["value"], "body": HIS}
    for _time in range(2):
        ann.post(f"/posts/{post.id}/edit", form, status=302)
    assert bodies(post)[-1] == HIS


def test_a_small_correction_after_somebody_elses_edit_keeps_their_text(people: tuple[Visitor, Visitor, Thread]) -> None:
    sue, ann, thread = people
    post = thread.posts[1]
    for who, text in ((sue, HERS), (ann, HERS + " Yes.")):
        who.get(f"/posts/{post.id}/edit")
        who.submit("#edit-form", body=text)
    assert bodies(post) == [FIRST, HERS, HERS + " Yes."]
