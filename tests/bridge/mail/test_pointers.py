"""What is restricted is never mailed: a desk that is reached by mail is told where to read it."""

from flask import Flask
from sqlalchemy import select

from bridge.handovers.models import DeskMessage, DeskRoute, HandOver, ServiceDesk
from community.core.db import db
from tests.bridge.mail.conftest import Post
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query

SECRET = "canaryword"


def test_a_threat_is_mailed_as_a_pointer(
    app: Flask, desk: ServiceDesk, post: Post, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    desk.routes.append(DeskRoute(query_class="suspicious_activity", position=1))
    ann = a_member("ann", name=f"Ann {SECRET}")
    thread = a_thread(author=ann, title=f"Phishing {SECRET}", body=f"It came from {SECRET}")
    query = a_query(thread, query_class="suspicious_activity", reason=SECRET)
    run_jobs()
    a_reply(thread, ann, body=f"And again {SECRET}")
    run_jobs()
    opening, further = (str(letter) for letter in post.messages)
    assert SECRET not in opening + further
    assert f"/threads/{thread.id}" in opening
    assert f"/threads/{thread.id}" in further
    (way,) = db.session.scalars(select(HandOver))
    words = db.session.scalars(select(DeskMessage.text).where(DeskMessage.hand_over_id == way.id)).all()
    assert SECRET not in f"{way.outgoing} {words}", "the register shows what was sent"
    a_member("jonas", role="agent")
    page = login_as("jonas").get(f"/desk/queries/{query.id}")
    assert SECRET in page.text, "the desk reads all of it here"


def test_a_query_that_becomes_a_threat_is_mailed_about_as_a_pointer(
    app: Flask, desk: ServiceDesk, post: Post, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    desk.routes.append(DeskRoute(query_class="suspicious_activity", position=1))
    ann = a_member("ann")
    thread = a_thread(author=ann)
    query = a_query(thread)
    run_jobs()
    a_member("jonas", role="agent")
    login_as("jonas").post(f"/desk/queries/{query.id}/classification", {"query_class": "suspicious_activity"})
    run_jobs()
    a_reply(thread, ann, body=f"It is worse: {SECRET}")
    run_jobs()
    assert SECRET not in str([str(letter) for letter in post.messages])
    assert f"/threads/{thread.id}" in str(post.messages[-1])
