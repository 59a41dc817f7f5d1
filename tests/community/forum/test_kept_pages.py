"""Pages kept for people who are not signed in: never stale, nobody's own, by language and theme."""

import pytest
from flask import Flask

from community.core.cache import cache
from community.forum import operations
from community.public import set_desk_state, touch_thread
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

BODY = {
    "reply": "A fresh reply",
    "edit": "An edited opening",
}


def tag_of(visitor: Visitor, path: str) -> str:
    """What the browser would remember of a page."""
    return visitor.get(path).response.headers["ETag"]


def test_a_page_is_kept_and_answered_with_304(app: Flask, visitor: Visitor) -> None:
    thread = a_thread()
    path = f"/threads/{thread.id}"
    first = visitor.get(path)
    tag = first.response.headers["ETag"]
    again = visitor.get(path)
    assert again.html == first.html
    assert again.response.headers["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(again.response.vary)
    visitor.get(path, status=304, headers={"If-None-Match": tag})
    assert visitor.get(path, headers={"If-None-Match": 'W/"other"'}).status == 200


def test_it_is_packed_where_the_browser_unpacks(app: Flask) -> None:
    import gzip

    thread = a_thread()
    plain = app.test_client().get(f"/threads/{thread.id}")
    packed = app.test_client().get(f"/threads/{thread.id}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize(
    "change",
    [
        "reply", "edit", "retag", "hide reply", "restore reply", "accept", "unaccept", "close", "reopen", "vote",
        "unvote", "too", "not too", "desk", "touch",
    ],
)  # fmt: skip
def test_after_each_change_the_page_is_new(app: Flask, visitor: Visitor, change: str) -> None:
    thread = a_thread()
    post, helper = a_reply(thread), a_member("helper")
    author = thread.author_id
    before = {
        "restore reply": lambda: operations.hide_post(post, by_id=author, reason="x"),
        "unaccept": lambda: operations.accept(thread, post, by_id=author),
        "reopen": lambda: operations.close(thread, by_id=author),
        "unvote": lambda: operations.mark_helpful(post, member_id=helper.id),
        "not too": lambda: operations.have_too(thread, member_id=helper.id),
    }
    after = {
        "reply": lambda: operations.reply(thread, author_id=author, body=BODY["reply"]),
        "edit": lambda: operations.edit_post(thread.posts[0], editor_id=author, body=BODY["edit"]),
        "retag": lambda: operations.retag(thread, ["fresh"]),
        "hide reply": lambda: operations.hide_post(post, by_id=author, reason="x"),
        "restore reply": lambda: operations.restore_post(post, by_id=author),
        "accept": lambda: operations.accept(thread, post, by_id=author),
        "unaccept": lambda: operations.unaccept(thread, by_id=author),
        "close": lambda: operations.close(thread, by_id=author),
        "reopen": lambda: operations.reopen(thread, by_id=author),
        "vote": lambda: operations.mark_helpful(post, member_id=helper.id),
        "unvote": lambda: operations.unmark_helpful(post, member_id=helper.id),
        "too": lambda: operations.have_too(thread, member_id=helper.id),
        "not too": lambda: operations.no_longer_have_too(thread, member_id=helper.id),
        "desk": lambda: set_desk_state(thread.id, None),
        "touch": lambda: touch_thread(thread.id),
    }
    if change in before:
        before[change]()
    path = f"/threads/{thread.id}"
    tag = tag_of(visitor, path)
    after[change]()
    page = visitor.get(path, headers={"If-None-Match": tag})
    assert page.response.headers["ETag"] != tag
    assert BODY.get(change, "") in page.text
    cache().clear()
    assert visitor.get(path).html == page.html


def test_what_is_hidden_restricted_or_closed_off_is_gone_at_once(app: Flask, visitor: Visitor) -> None:
    space = a_space()
    hidden, restricted, inner = a_thread(), a_thread(), a_thread(space)
    paths = [f"/threads/{thread.id}" for thread in (hidden, restricted, inner)]
    tags = [tag_of(visitor, path) for path in paths]
    operations.hide_post(hidden.posts[0], by_id=hidden.author_id, reason="x")
    operations.restrict(restricted, by_id=None)
    space.visibility = "members"
    for path, tag in zip(paths, tags, strict=True):
        visitor.get(path, status=404)
        visitor.get(path, status=404, headers={"If-None-Match": tag})


def test_nobodys_own_view_is_kept_for_others(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    space = a_space()
    thread = a_thread(space)
    a_member("boss", role="admin", name="Petra Prominent")
    boss = login_as("boss")
    path = f"/threads/{thread.id}"
    page = boss.get(path)
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in page.response.headers
    visitor.get(path)
    assert "Petra" not in visitor.html
    assert not visitor.select("#reply-form")
    assert not visitor.select("main form")
    boss.get(path)
    assert boss.select("#reply-form")


def test_a_kept_page_carries_no_token_of_anybody(app: Flask, visitor: Visitor) -> None:
    thread = a_thread()
    page = visitor.get(f"/threads/{thread.id}")
    assert "csrf" not in page.html
    assert "Set-Cookie" not in page.response.headers


def test_a_message_that_waits_is_shown_and_not_kept(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    thread = a_thread()
    a_member("ann")
    ann = login_as("ann")
    ann.post("/sign-out")
    ann.get(f"/threads/{thread.id}")
    assert "You are signed out" in ann.text
    visitor.get(f"/threads/{thread.id}")
    assert "You are signed out" not in visitor.text


def test_each_language_and_theme_has_its_own(app: Flask) -> None:
    thread = a_thread()
    path = f"/threads/{thread.id}"
    english, chinese, dark = Visitor(app), Visitor(app, language="zh-CN"), Visitor(app)
    dark.get("/theme/dark", status=302)
    tags = {tag_of(visitor, path) for visitor in (english, chinese, dark)}
    assert len(tags) == 3
    assert english.select("html")[0]["lang"] == "en"
    assert chinese.select("html")[0]["lang"] == "zh-Hans"
    assert dark.select("html")[0]["data-theme"] == "dark"
    assert tag_of(english, f"{path}?page=1") not in tags


def test_a_relation_found_later_is_shown(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    a_thread(title="The scanner in hall 2 sends empty pages")
    run_jobs()
    thread = a_thread(title="The scanner in hall 3 sends empty pages")
    path = f"/threads/{thread.id}"
    tag = tag_of(visitor, path)
    run_jobs()
    assert tag_of(visitor, path) != tag
    assert "hall 2" in visitor.text
