"""Files that cross the bridge: none of a note or of a hidden text, and each only to who reads the words above it."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from bridge.desks.contract import DeskStatus
from bridge.handovers import receiving
from bridge.handovers.models import DeskMessage, DeskRoute, ServiceDesk
from bridge.queries import operations
from bridge.queries.models import Query
from community.core.db import db
from community.forum import operations as forum
from community.forum.models import Attachment, Post, Thread
from tests.bridge.handovers.conftest import desk as desk
from tests.bridge.handovers.conftest import paper as paper
from tests.bridge.handovers.crossing import a_picture, attachments, from_desk, look_again, uploaded
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query
from tests.security.visiting import every_address, known, seen_by

CANARY = "zqxcanaryzqx"
WATCHERS = ("anonymous", "eve", "priya", "ann", "jonas")


@pytest.fixture
def thread(app: Flask) -> Thread:
    """A thread and those who might look at it."""
    made = a_thread(author=a_member("ann"))
    a_member("eve")
    a_member("jonas", role="agent")
    a_member("priya", super_user_in=[made.space])
    return made


def who_reads(app: Flask, login_as: LoginAs, path: str) -> list[str]:
    """Those of the watchers who are given what is at an address."""
    clients = {name: app.test_client() if name == "anonymous" else login_as(name).client for name in WATCHERS}
    return [name for name, client in clients.items() if client.get(path).status_code == 200]


@pytest.mark.parametrize("handle", ["anonymous", "eve", "ann", "jonas"])
def test_a_file_of_an_internal_note_never_comes_home(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, login_as: LoginAs, handle: str
) -> None:
    a_query(thread)
    run_jobs()
    paper.agent("1", notes=CANARY, files={f"{CANARY}.log": CANARY.encode()})
    paper.agent("1", says="In public", files={"public.log": b"zqxpubliczqx"})
    look_again(desk, run_jobs)
    assert [row.name for row in db.session.scalars(select(Attachment))] == ["public.log"]
    assert paper.log.count("fetch") == 1
    kept = [path.read_bytes() for path in (app.extensions["isthmus.storage"].folder / "files").iterdir()]
    assert kept == [b"zqxpubliczqx"]
    client = app.test_client() if handle == "anonymous" else login_as(handle).client
    seen = seen_by(client, every_address(app, known()), {CANARY, "public.log"})
    assert set(seen) == {"public.log"}


def test_files_of_a_restricted_query_are_the_author_s_and_the_desk_s(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, login_as: LoginAs
) -> None:
    desk.routes.append(DeskRoute(query_class="suspicious_activity"))
    ann = login_as("ann")
    ann.post(f"/threads/{thread.id}/replies", {"body": uploaded(ann, "mail.txt", b"from a stranger")})
    a_query(thread, query_class="suspicious_activity")
    run_jobs()
    assert [file.name for file in paper.sheets["1"].taken] == ["mail.txt"]
    paper.agent("1", says="Compare", files={"ours.png": a_picture()})
    look_again(desk, run_jobs)
    for key in db.session.scalars(select(Attachment.key)).all():
        assert who_reads(app, login_as, f"/files/{key}") == ["ann", "jonas"]


def test_files_that_came_home_are_closed_with_the_thread_and_hidden_with_the_words(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, login_as: LoginAs
) -> None:
    query = a_query(thread)
    run_jobs()
    for name in ("hidden.log", "shown.log"):
        paper.agent("1", says=f"See {name}", files={name: b"x"}, status=DeskStatus.IN_PROGRESS)
        look_again(desk, run_jobs)
    hidden, shown = attachments(thread)
    post = db.session.get_one(Post, hidden.post_id)
    forum.hide_post(post, by_id=query.promoted_by_id or 0, reason="mistake")
    assert who_reads(app, login_as, f"/files/{shown.key}") == list(WATCHERS)
    assert who_reads(app, login_as, f"/files/{hidden.key}") == ["priya"]
    operations.classify(db.session.scalars(select(Query)).one(), "suspicious_activity", by_id=post.author_id)
    assert who_reads(app, login_as, f"/files/{shown.key}") == ["ann", "jonas"]


def test_what_was_fetched_and_not_yet_written_is_nobody_s(
    app: Flask,
    desk: ServiceDesk,
    paper: Paper,
    run_jobs: RunJobs,
    thread: Thread,
    login_as: LoginAs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_given: object) -> None:
        raise RuntimeError("killed")

    a_query(thread)
    run_jobs()
    paper.agent("1", says="See this", files={"steps.txt": b"x"})
    monkeypatch.setattr(receiving, "follow", die)
    look_again(desk, run_jobs, failing=True)
    (path,) = (app.extensions["isthmus.storage"].folder / "files").iterdir()
    assert who_reads(app, login_as, f"/files/{path.name}") == []
    assert db.session.scalar(select(func.count(Attachment.id))) == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("page.txt", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("late.txt", b"plain at first\n<script>alert(1)</script>"),
        ("shot.png", a_picture() + b"<script>alert(1)</script>"),
        ("[x](javascript:alert(1))@eve.log", b"a name that acts"),
    ],
)
def test_nothing_that_comes_home_is_served_as_a_page(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, name: str, data: bytes
) -> None:
    a_query(thread)
    run_jobs()
    paper.agent("1", says="See this", files={name: data, f"{name}.exe": b"MZ\x90\x00" + bytes(200)})
    look_again(desk, run_jobs)
    (post,) = from_desk(thread)
    assert "stays at the service desk" in post.body
    assert "javascript" not in post.html.replace("javascript-alert", "")
    assert "mention" not in post.html
    for row in attachments(thread):
        got = app.test_client().get(f"/files/{row.key}")
        assert got.mimetype in ("text/plain", "image/png")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in got.headers["Content-Security-Policy"]
        assert got.headers["Content-Disposition"].startswith("inline" if row.kind == "image" else "attachment")
        assert row.kind != "image" or b"<script>" not in got.data


def test_nobody_sends_a_file_of_somebody_else_to_the_desk(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, login_as: LoginAs
) -> None:
    ann, eve = login_as("ann"), login_as("eve")
    stranger = uploaded(eve, f"{CANARY}.log", CANARY.encode())
    ann.post(f"/threads/{thread.id}/replies", {"body": f"mine: {stranger}"})
    a_query(thread)
    ann.post(f"/threads/{thread.id}/replies", {"body": f"and again: {stranger}"})
    run_jobs()
    assert paper.sheets["1"].taken == []
    assert not [row for row in db.session.scalars(select(DeskMessage)) if row.files]
