"""Whether something came to an open thread: one statement to ask, and only for who may read it."""

import pytest
from flask import Flask

from community.forum import operations
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


def test_an_open_page_hears_of_replies(app: Flask, visitor: Visitor, count_statements: CountStatements) -> None:
    thread = a_thread()
    path = f"/threads/{thread.id}/live"
    first = visitor.client.get(path)
    assert first.json == {"replies": 0}
    known = {"If-None-Match": first.headers["ETag"]}
    with count_statements() as sql:
        assert visitor.client.get(path, headers=known).status_code == 304
    assert len(sql) == 1
    a_reply(thread)
    with count_statements() as sql:
        news = visitor.client.get(path, headers=known)
    assert len(sql) == 1
    assert (news.status_code, news.json) == (200, {"replies": 1})
    assert news.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("why", ["inner", "hidden", "restricted"])
def test_only_who_reads_a_thread_hears_of_it(
    app: Flask, visitor: Visitor, login_as: LoginAs, why: str, count_statements: CountStatements
) -> None:
    boss, ann = a_member("boss", role="admin"), a_member("ann")
    thread = a_thread(a_space("inner", visibility="members") if why == "inner" else a_space())
    if why == "hidden":
        operations.hide_post(thread.posts[0], by_id=boss.id, reason="x")
    if why == "restricted":
        operations.restrict(thread, by_id=None)
    path = f"/threads/{thread.id}/live"
    assert visitor.client.get(path).status_code == 404
    assert login_as(ann.handle).client.get(path).status_code == 404
    manager = login_as("boss")
    manager.client.get(path)
    with count_statements() as sql:
        assert manager.client.get(path).json == {"replies": 0}
    assert len(sql) == 2


def test_pages_ask_for_what_can_still_change(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    boss, thread = a_member("boss", role="admin"), a_thread()
    path = f"/threads/{thread.id}"
    visitor.get(path)
    (asking,) = visitor.select("[data-controller=live]")
    assert (asking["data-url"], asking["data-open"], asking["data-replies"]) == (f"{path}/live", "1", "0")
    manager = login_as("boss")
    manager.get(path)
    assert manager.select("[data-controller=read]")
    manager.post(f"{path}/read", {"number": "1"}, status=204)
    manager.get(path)
    assert not manager.select("[data-controller=read]")  # nothing to tell
    operations.restrict(thread, by_id=None)
    manager.get(path)
    assert not manager.select("[data-controller=live][data-open]")
    operations.close(thread, by_id=boss.id)
    manager.get(path)
    assert not manager.select("[data-controller=live]")
