"""Feeds by a secret in their address: what their owner may read at that moment, and nothing else."""

import logging
import re

import pytest
from flask import Flask
from sqlalchemy import delete, select

from community.accounts.models import Grant
from community.accounts.suspending import suspend
from community.core.db import db
from community.forum.own_feeds.tokens import FeedToken
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

ADDRESS = re.compile(r"http://localhost(/feeds/own/([\w-]{43})/\S+)")


def made(ann: Visitor) -> dict[str, str]:
    """Make addresses; by their last part."""
    ann.get("/feeds/own")
    ann.submit("/feeds/own")
    return {path.rpartition("/")[2]: path for path, _token in ADDRESS.findall(ann.text)}


def read(app: Flask, path: str, status: int = 200) -> str:
    """As a program does that is not signed in."""
    answer = app.test_client().get(path)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
    return answer.get_data(as_text=True)


def test_whoever_loses_a_right_reads_nothing_more_by_a_feed(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    ann, bob = a_member("ann", member_of=[inner]), a_member("bob", member_of=[inner])
    a_thread(inner, bob, title="Gallium is short")
    a_member("eve")
    addresses, others = made(login_as("ann")), made(login_as("eve"))
    assert "inner.atom" not in others
    found = read(app, addresses["inner.atom"])
    assert "Gallium" in found
    assert ADDRESS.search(found) is None  # what is copied out of it does not hold the secret
    for name in ("threads.atom", "unread.atom"):
        assert "Gallium" in read(app, addresses[name])
        assert "Gallium" not in read(app, others[name])
    read(app, others["threads.atom"].replace("lists/threads", "spaces/inner"), status=404)
    assert "Gallium" not in app.test_client().get("/feeds/threads.atom").get_data(as_text=True)
    db.session.execute(delete(Grant).where(Grant.member_id == ann.id))
    db.session.commit()
    assert "Gallium" not in read(app, addresses["threads.atom"])
    assert "Gallium" not in read(app, addresses["unread.atom"])
    read(app, addresses["inner.atom"], status=404)


def test_a_feed_s_secret_opens_nothing_else(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    a_thread(author=ann)
    path = made(login_as("ann"))["threads.atom"]
    token = path.split("/")[3]
    client = app.test_client()
    for other in (f"/reset/{token}", f"/confirm/{token}", f"/unsubscribe/{token}"):
        assert token not in client.get(other).headers.get("Location", "")
    client.set_cookie("isthmus", token)
    assert client.get("/notifications", headers={"Authorization": f"Bearer {token}"}).status_code == 302
    assert client.get(f"/notifications?token={token}").status_code == 302
    read(app, path)
    assert client.get("/notifications").status_code == 302  # having read a feed signs nobody in
    read(app, path.replace("threads", "nonsense"), status=404)


def test_addresses_are_shown_once_kept_as_a_hash_renewed_and_ended(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    first = made(ann)["threads.atom"]
    token = first.split("/")[3]
    assert db.session.scalars(select(FeedToken.token_hash)).one() != token
    ann.get("/feeds/own")
    assert token not in ann.html
    second = made(ann)["threads.atom"]
    read(app, first, status=404)
    read(app, second)
    ann.get("/feeds/own")
    ann.submit("/feeds/own/removal")
    assert "You have no private addresses" in ann.text
    read(app, second, status=404)


def test_a_suspended_member_s_addresses_open_nothing(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    path = made(login_as("ann"))["threads.atom"]
    read(app, path)
    suspend(ann, by_id=None)
    db.session.commit()
    read(app, path, status=404)


def test_a_feed_speaks_its_owner_s_language_and_is_cheap_to_ask_again(app: Flask, login_as: LoginAs) -> None:
    li = a_member("li", language="zh-Hans")
    a_thread(author=li, title="打印机没有反应")
    path = made(login_as("li"))["mine.atom"]
    client = app.test_client()
    first = client.get(path)
    assert "打印机没有反应" in first.get_data(as_text=True)
    assert 'xml:lang="zh-Hans"' in first.get_data(as_text=True)
    asked = {"If-None-Match": first.headers["ETag"]}
    again = client.get(path, headers=asked)
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "private, no-cache"
    a_thread(author=li, title="网络很慢")
    db.session.commit()
    assert client.get(path, headers=asked).status_code == 200


def test_our_own_log_does_not_name_the_secret(
    app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_member("ann")
    path = made(login_as("ann"))["threads.atom"]
    monkeypatch.setattr("community.forum.own_feeds.views.atom", lambda *_: 1 / 0)
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with caplog.at_level(logging.DEBUG):
        read(app, path, status=500)
    assert "ZeroDivisionError" in caplog.text
    assert path.split("/")[3] not in caplog.text
