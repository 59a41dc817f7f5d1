"""Threads that somebody may not read: read indirectly, through lists, searches, feeds and what is alike."""

import re

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from community.core.db import db
from community.forum import operations
from community.forum.models import Attachment, Post
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

CANARY = "qzxcanary"


def hidden_things() -> list[int]:
    """Threads that an outsider may not read, each full of canaries; their ids."""
    inner = a_space(f"{CANARY}-inner", visibility="members", name=f"{CANARY} space")
    inner.tags = [f"{CANARY}-tag"]
    author, words = a_member("author", member_of=[inner]), {"tags": [f"{CANARY}-tag"]}
    threads = [
        a_thread(inner, author, title=f"{CANARY} inner vpn", body=f"{CANARY} hello @eve", **words),
        a_thread(author=author, title=f"{CANARY} restricted vpn", body=f"{CANARY} @eve", **words),
        a_thread(author=author, title=f"{CANARY} hidden vpn", body=f"{CANARY} @eve", **words),
    ]
    for thread in threads:
        post = a_reply(thread, author, f"{CANARY} reply vpn to @eve")
        row = {"content_type": "text/plain", "kind": "text", "size": 1, "member_id": author.id}
        db.session.add(Attachment(key=f"{CANARY}{post.id}.txt", post_id=post.id, name=f"{CANARY}.txt", **row))
        operations.edit_post(post, editor_id=author.id, body=f"{CANARY} edited", reason=f"{CANARY} reason")
        operations.have_too(thread, member_id=a_member().id)
    operations.restrict(threads[1], by_id=None)
    opening = db.session.scalars(select(Post).where(Post.thread_id == threads[2].id, Post.number == 1)).one()
    operations.hide_post(opening, by_id=author.id, reason=f"{CANARY} reason")
    shown = a_thread(title="vpn in view")
    reply = a_reply(shown, author, f"{CANARY} hidden reply")
    operations.hide_post(reply, by_id=author.id, reason=f"{CANARY} reason")
    db.session.flush()
    return [thread.id for thread in threads]


def every_page(app: Flask) -> list[str]:
    """Every address that can be opened without knowing more than numbers and handles."""
    paths = []
    numbers = {"int": ["1", "2"], "handle": ["author", "eve"], "slug": [f"{CANARY}-inner", "open"]}
    posts = [str(id_) for id_ in db.session.scalars(select(Post.id))]
    threads = [str(id_) for id_ in db.session.scalars(select(Post.thread_id).distinct())]
    keys = [str(key) for key in db.session.scalars(select(Attachment.key))]
    known = {"post_id": posts, "thread_id": threads, "key": keys, **numbers}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or len(rule.arguments) > 1 or rule.endpoint == "web.design":
            continue
        for value in known.get(next(iter(rule.arguments), ""), [""] if not rule.arguments else []):
            with app.test_request_context():
                paths.append(url_for(rule.endpoint, **dict.fromkeys(rule.arguments, value)))
    words = ("vpn", "q=vpn hello edited", f"tag:{CANARY}-tag", "by:author", f"space:{CANARY}-inner")
    paths += [f"/search?q={word}" for word in words] + [f"/similar?q={word}" for word in ("vpn", "inner vpn")]
    return [*paths, "/threads?order=newest", "/threads?state=solved", "/people?page=1", "/threads?kind=question"]


@pytest.mark.parametrize("who", ["anonymous", "outsider"])
def test_nothing_of_what_is_closed_off_is_read_indirectly(
    app: Flask, who: str, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("eve")
    a_space("open")
    run_jobs()
    hidden_things()
    run_jobs()
    client = login_as("eve").client if who == "outsider" else app.test_client()
    leaking = []
    for path in every_page(app):
        text = client.get(path, headers={"Referer": "/"}).get_data(as_text=True).replace(path, "")
        if asked := path.partition("?q=")[2].partition(":")[2]:  # what was asked may be said again
            text = text.replace(asked, "")
        if CANARY in re.sub(r'(href|value|action|data-url)="[^"]*"', "", text):
            leaking.append(path)
    assert not leaking


def test_nobody_is_told_of_what_they_may_not_read(app: Flask, run_jobs: RunJobs) -> None:
    eve = a_member("eve")
    hidden_things()
    run_jobs()
    assert eve.unread == 0
    from community.core.jobs import Delivery
    from community.notifications.models import Notification

    assert db.session.scalar(select(Notification.id).where(Notification.member_id == eve.id)) is None
    letters = [str(row.args) for row in db.session.scalars(select(Delivery)) if row.args]
    assert not [letter for letter in letters if eve.email in letter]


def test_related_threads_are_those_the_reader_may_read(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    first = a_thread(title="The printer in hall 2 is jammed")
    run_jobs()
    second = a_thread(title="The printer in hall 3 is jammed")
    run_jobs()
    visitor.get(f"/threads/{second.id}")
    assert "hall 2" in visitor.text
    operations.restrict(first, by_id=None)
    second.touch()
    visitor.get(f"/threads/{second.id}")
    assert "hall 2" not in visitor.text
