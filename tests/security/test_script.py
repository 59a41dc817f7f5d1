"""Script in whatever people write: nothing of it runs in a page, a letter or a feed."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.forum import operations
from community.forum.models import Attachment, Post
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.security.running import PAYLOADS, faults_of, faults_of_feed, line_of
from tests.visit import Visitor


def test_there_are_two_hundred_payloads() -> None:
    assert len(PAYLOADS) == 200
    assert faults_of("<p><img src=x onerror=alert(1)><a href=' java\nscript:x'>")


@pytest.mark.databases("sqlite")  # what is escaped does not depend on the database
@pytest.mark.parametrize("part", range(4))
def test_nothing_that_people_write_can_run(
    app: Flask, part: int, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    boss, space = a_member("boss", role="admin"), a_space("open")
    for number, payload in enumerate(PAYLOADS[part::4]):
        author = a_member(f"p{number}", name=line_of(payload, 80))
        author.about = payload
        title, tag = line_of(payload), line_of(payload).split()[0][:40]
        thread = a_thread(space, author, title=title, body=f"{payload}\n\n{tag}", tags=[tag])
        post = a_reply(thread, author, payload)
        row = {"content_type": "text/plain", "kind": "text", "size": 1, "member_id": author.id}
        post.attachments = [{"key": f"x{post.id}.txt", "name": payload[:120], "kind": "text", "size": 1}]
        db.session.add(Attachment(key=f"x{post.id}.txt", post_id=post.id, name=payload[:120], **row))
        operations.edit_post(post, editor_id=author.id, body=f"{payload} edited", reason=payload[:200])
        if number % 5 == 0:
            operations.hide_post(post, by_id=boss.id, reason=payload[:300])
    run_jobs()
    looking, wrong = login_as("boss"), []
    for path in pages_of_payloads():
        for who in (visitor, looking):
            page = who.client.get(path)
            faults = faults_of(page.get_data(as_text=True)) if page.status_code == 200 else []
            wrong += [f"{path}: {fault}" for fault in faults]
    assert not wrong


def pages_of_payloads() -> list[str]:
    """Everything that shows what was written; feeds are XML and never parsed as HTML by a browser."""
    threads = sorted(set(db.session.scalars(select(Post.thread_id))))
    replies = list(db.session.scalars(select(Post.id).where(Post.number > 1)))
    handles = list(db.session.scalars(select(Member.handle)))
    lists = ["/", "/threads", "/threads?page=2", "/people", "/spaces/open", "/unanswered", "/search?q=alert"]
    return [
        *lists,
        *(f"/threads/{id_}" for id_ in threads),
        *(f"/posts/{id_}/revisions" for id_ in replies[::3]),
        *(f"/people/{handle}" for handle in handles[::3]),
    ]


@pytest.mark.databases("sqlite")  # the same
def test_feeds_are_well_formed_whatever_is_written(app: Flask) -> None:
    for payload in PAYLOADS[::5]:
        a_thread(author=a_member(name=line_of(payload, 80)), title=line_of(payload))
    text = app.test_client().get("/feeds/threads.atom").get_data(as_text=True)
    assert faults_of_feed(text) == []
    assert text.count("<entry ") == 30
