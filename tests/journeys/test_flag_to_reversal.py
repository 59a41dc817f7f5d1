"""Reported, hidden, decided, appealed, reversed: at the end everything is as it was."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Post, Thread
from community.moderation.models import Measure
from gamification.public import standing_of
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


def picture(post: Post) -> dict[str, Any]:
    """What must be as before."""
    db.session.expire_all()
    thread = db.session.get_one(Thread, post.thread_id)
    return {
        "post": (post.hidden_at, post.hidden_reason, post.hidden_by_id, post.helpful_count, post.body),
        "thread": (thread.state, thread.solution_id, thread.solved_at, thread.reply_count),
        "standing": {member.handle: standing_of(member.id) for member in db.session.scalars(select(Member))},
    }


def case_of(moderator: Visitor) -> str:
    """The address of the first case of the inbox."""
    moderator.get("/review")
    return next(link for link in moderator.links() if link.startswith("/review/") and link[8:].isdigit())


def decide(moderator: Visitor, key: str, words: str) -> None:
    """Decide the first case of the inbox."""
    case = case_of(moderator)
    moderator.get(case)
    moderator.post(f"{case}/decision", {"decision": key, "words": words})


def test_everything_is_as_it_was(app: Flask, login_as: LoginAs, run_jobs: RunJobs, visitor: Visitor) -> None:
    home = a_space("home", name="Workplace")
    a_member("sue", super_user_in=[home])
    a_member("boss", role="manager")
    thread = a_thread(home, a_member("ann"))
    post = a_reply(thread, a_member("bob"), "Pour water into it.")
    ann, page = login_as("ann"), f"/threads/{thread.id}"
    ann.get(page)
    ann.post(f"/posts/{post.id}/helpful", {"to": "on"})
    ann.post(f"/posts/{post.id}/acceptance")
    run_jobs()
    before = picture(post)
    assert before["thread"][1] == post.id

    ann.get(f"/flags/post/{post.id}")
    ann.submit("main form", reason="unsafe")
    sue, boss = login_as("sue"), login_as("boss")
    decide(sue, "hide", "Water and current do not mix.")
    run_jobs()
    visitor.get(page)
    assert "Pour water" not in visitor.text
    assert picture(post) != before

    bob = login_as("bob")
    bob.get("/notifications")
    (measure,) = db.session.scalars(select(Measure.id))
    bob.get(f"/measures/{measure}")
    assert "Water and current do not mix." in bob.text
    bob.submit("main form", words="It is for the flowers; see the title.")
    sue.get("/review?kind=appeal")
    assert "Put it right" not in sue.text
    decide(boss, "reverse", "You are right, it is for the flowers.")
    run_jobs()
    visitor.get(page)
    assert "Pour water" in visitor.text
    assert picture(post) == before
    bob.get(f"/measures/{measure}")
    assert "The appeal was right." in bob.text
    visitor.get("/spaces/home/measures")
    assert "Reversed on appeal" in visitor.text
