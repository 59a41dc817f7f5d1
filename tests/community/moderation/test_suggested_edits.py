"""Suggested edits wait in the inbox beside everything else, and leave it however they are decided."""

import pytest
from flask import Flask

from community.core.db import db
from community.forum.models import Post
from community.forum.suggesting.models import SuggestedEdit
from community.moderation.models import Case
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread


@pytest.fixture
def post(app: Flask) -> Post:
    """A reply of Ann's in a space that Sue looks after; Mod looks after another."""
    home, away = a_space("home"), a_space("away")
    a_member("sue", super_user_in=[home])
    a_member("mod", super_user_in=[away])
    a_member("bob")
    made = a_reply(a_thread(home, a_member("asker")), a_member("ann"), "Push the buton twice.")
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("form", "said", "outcome"), [("accept", {}, "accepted"), ("refuse", {"word": "It is a brand."}, "refused")]
)
def test_they_wait_in_the_inbox_until_they_are_decided(
    post: Post, login_as: LoginAs, run_jobs: RunJobs, form: str, said: dict[str, str], outcome: str
) -> None:
    bob, sue = login_as("bob"), login_as("sue")
    bob.get(f"/posts/{post.id}/suggestion")
    bob.submit("#suggest-form", body="Push the button twice.", reason="Spelling")
    run_jobs()
    sue.get("/review?kind=suggested_edit")
    assert "Spelling" in sue.text
    assert f"/suggested-edits?post={post.id}" in sue.links()
    assert "Spelling" not in login_as("mod").get("/review?kind=suggested_edit").text
    bob.get("/review", status=404)
    suggestion = db.session.query(SuggestedEdit).one()
    sue.get(f"/suggested-edits/{suggestion.id}")
    sue.submit(f"#{form}-form", **said)
    run_jobs()
    case = db.session.query(Case).one()
    db.session.refresh(case)
    assert (case.state, case.decision) == ("decided", outcome)
    sue.get("/review?kind=suggested_edit")
    assert "Spelling" not in sue.text
