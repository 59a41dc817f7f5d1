"""Suggested edits: who may send and decide them, and that nothing is overwritten unseen."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.forum import operations
from community.forum.models import Post, PostRevision, Thread
from community.forum.suggesting.models import SuggestedEdit
from community.notifications.models import Notification
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

OLD = "Press the big red buton for ten seconds."
NEW = "Press the big red button for ten seconds."


@pytest.fixture
def post(app: Flask) -> Post:
    """Ann's reply in a space that Sue looks after; Bob would change it."""
    space = a_space("home")
    a_member("sue", super_user_in=[space])
    a_member("bob")
    return a_reply(a_thread(space), a_member("ann"), OLD)


def suggest(who: Visitor, post: Post, body: str = NEW, reason: str = "Spelling", status: int | None = None) -> None:
    who.get(f"/posts/{post.id}/suggestion")
    who.submit("#suggest-form", status=status, body=body, reason=reason)


def the_one() -> SuggestedEdit:
    return db.session.scalars(select(SuggestedEdit)).one()


def told(kind: str) -> list[str]:
    """Handles of who was told."""
    who = select(Member.handle).join(Notification, Notification.member_id == Member.id)
    return list(db.session.scalars(who.where(Notification.kind == kind)))


@pytest.mark.parametrize("decider", ["ann", "sue"])
def test_a_suggestion_is_accepted(post: Post, login_as: LoginAs, run_jobs: RunJobs, decider: str) -> None:
    bob, judge = login_as("bob"), login_as(decider)
    judge.get(f"/threads/{post.thread_id}")
    assert "suggested edit" not in judge.text
    suggest(bob, post)
    run_jobs()
    assert told("suggested-edit") == ["ann"]
    bob.get(f"/threads/{post.thread_id}")
    assert "1 suggested edit" not in bob.text
    judge.get(f"/threads/{post.thread_id}")
    assert "1 suggested edit" in judge.text
    judge.get("/suggested-edits")
    assert "Spelling" in judge.text
    judge.get(f"/suggested-edits/{the_one().id}")
    assert {tag.get_text() for tag in judge.select("main ins")} >= {"button"}
    judge.submit("#accept-form")
    assert (post.body, post.suggested_count, the_one().state) == (NEW, 0, "accepted")
    (revision,) = db.session.scalars(select(PostRevision))
    assert (revision.body, revision.reason) == (OLD, "Spelling")
    run_jobs()
    assert told("suggestion-decided") == ["bob"]
    judge.get("/suggested-edits")
    assert "Nothing waits for you" in judge.text
    bob.get("/suggested-edits")
    assert "Accepted" in bob.text


def test_a_suggestion_is_accepted_with_changes(post: Post, login_as: LoginAs) -> None:
    suggest(login_as("bob"), post)
    sue = login_as("sue")
    sue.get(f"/suggested-edits/{the_one().id}")
    sue.submit("#accept-form", body=f"{NEW} Then wait.")
    assert post.body == f"{NEW} Then wait."


def test_a_suggestion_is_refused_with_a_word(post: Post, login_as: LoginAs, run_jobs: RunJobs) -> None:
    bob, sue = login_as("bob"), login_as("sue")
    suggest(bob, post)
    sue.get(f"/suggested-edits/{the_one().id}")
    sue.submit("#refuse-form", word="", status=422)
    sue.submit("#refuse-form", word="It is a buton in this house")
    assert (post.body, post.suggested_count, the_one().state) == (OLD, 0, "refused")
    run_jobs()
    assert told("suggestion-decided") == ["bob"]
    bob.get(f"/suggested-edits/{the_one().id}")
    assert "It is a buton in this house" in bob.text
    sue.post(f"/suggested-edits/{the_one().id}/acceptance", {"body": "x", "seen": "y"}, status=422)
    assert post.body == OLD


def test_what_changed_meanwhile_is_shown_and_never_overwritten(post: Post, login_as: LoginAs) -> None:
    suggest(login_as("bob"), post)
    sue = login_as("sue")
    sue.get(f"/suggested-edits/{the_one().id}")
    operations.edit_post(post, editor_id=post.author_id, body="Ann wrote it anew.", reason="better")
    sue.submit("#accept-form", status=422)
    assert "The post was changed a moment ago" in sue.text
    assert (post.body, the_one().state, post.suggested_count) == ("Ann wrote it anew.", "open", 1)
    sue.get(f"/suggested-edits/{the_one().id}")
    assert "The post was changed meanwhile" in sue.text
    assert sue.select("#accept-form textarea")[0].get_text().strip() == "Ann wrote it anew."
    sue.submit("#accept-form", body="Ann wrote it anew, with a button.")
    assert (post.body, the_one().state) == ("Ann wrote it anew, with a button.", "accepted")


def test_five_may_wait(post: Post, login_as: LoginAs) -> None:
    bob = login_as("bob")
    for number in range(5):
        suggest(bob, post, f"{NEW} {number}")
    suggest(bob, post, f"{NEW} 6", status=422)
    assert "Five of your suggestions wait" in bob.text
    assert post.suggested_count == 5
    bob.get("/suggested-edits")
    bob.get(str(bob.select(".row__title a")[0]["href"]))
    bob.submit(str(bob.select("main form.inline")[0]["action"]))
    assert post.suggested_count == 4
    suggest(bob, post, f"{NEW} 6")


def test_nothing_changed_is_no_suggestion(post: Post, login_as: LoginAs) -> None:
    suggest(login_as("bob"), post, OLD, status=422)
    assert post.suggested_count == 0


def test_who_may_not(post: Post, login_as: LoginAs, visitor: Visitor) -> None:
    a_member("eve")
    ann, bob, eve = login_as("ann"), login_as("bob"), login_as("eve")
    ann.get(f"/posts/{post.id}/suggestion", status=404)
    suggest(bob, post)
    path = f"/suggested-edits/{the_one().id}"
    for who in (eve, visitor):
        who.client.get("/help")
    eve.get(path, status=404)
    eve.get("/suggested-edits")
    assert "Spelling" not in eve.text
    bob.post(f"{path}/acceptance", {"body": NEW}, status=404)
    bob.post(f"{path}/refusal", {"word": "x"}, status=404)
    ann.post(f"{path}/withdrawal", status=404)
    visitor.get(path, status=302)
    thread = db.session.get_one(Thread, post.thread_id)
    operations.restrict(thread, by_id=None)
    bob.get(path, status=404)
    ann.get("/suggested-edits")
    assert "Spelling" not in ann.text


def test_a_title_is_suggested_with_the_opening_post(post: Post, login_as: LoginAs) -> None:
    opening = post.thread.posts[0]
    bob, sue = login_as("bob"), login_as("sue")
    bob.get(f"/posts/{opening.id}/suggestion")
    bob.submit("#suggest-form", title="A much better title", reason="It says more")
    sue.get(f"/suggested-edits/{the_one().id}")
    sue.submit("#accept-form")
    assert post.thread.title == "A much better title"


def test_what_its_author_changed_meanwhile_is_shown_before_anything_is_sent(
    post: Post, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    bob = login_as("bob")
    bob.get(f"/posts/{post.id}/suggestion")
    operations.edit_post(post, editor_id=post.author_id, body="Press the big red buton for twenty seconds.")
    bob.submit("#suggest-form", status=409, body=NEW, reason="Spelling")
    assert "twenty" in bob.select("#suggest-form")[0].get_text() and db.session.scalar(select(SuggestedEdit)) is None
    bob.submit("#suggest-form", body="Press the big red button for twenty seconds.", reason="Spelling")
    assert the_one().base_body == "Press the big red buton for twenty seconds."


def test_a_double_click_sends_one_suggestion(post: Post, login_as: LoginAs) -> None:
    bob = login_as("bob")
    for _ in range(2):
        bob.post(f"/posts/{post.id}/suggestion", {"body": NEW, "reason": "Spelling"})
    assert (the_one().body, post.suggested_count) == (NEW, 1)
