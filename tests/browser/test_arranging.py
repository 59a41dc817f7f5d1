"""Pages for arranging threads, editing and suggesting, in both themes, widths and languages."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from community.core.db import db, utcnow
from community.forum import operations
from community.forum.arranging import operations as arranging
from community.forum.arranging import posts as arranging_posts
from community.forum.scheduling.operations import ScheduledNews
from community.forum.suggesting.operations import suggest
from tests.browser.conftest import LiveServer, SignIn, a_tab, assert_accessible
from tests.factories import a_member, a_reply, a_space, a_thread

SMALL, WIDE = {"width": 320, "height": 800}, {"width": 1280, "height": 900}
LOOKS = [
    pytest.param({"color_scheme": "light", "locale": "en-GB", "viewport": WIDE}, id="wide"),
    pytest.param({"color_scheme": "dark", "locale": "zh-CN", "viewport": SMALL}, id="dark-small"),
]
BEFORE = "Open the settings.\n\nChoose *Network*, then the blue adaptor.\n\nSwitch it off.\n\nSwitch it on."
AFTER = "Open the settings.\n\nChoose *Network*, then the adapter that is blue.\n\nSwitch it off.\n\nSwitch it on."


def some_news(space_id: int, author_id: int) -> ScheduledNews:
    """News that are published in two days."""
    later = utcnow() + timedelta(days=2)
    words = {"title": "Mail is off on Sunday", "body": "From eight to ten."}
    news = ScheduledNews(space_id=space_id, author_id=author_id, publish_at=later, **words)
    db.session.add(news)
    db.session.flush()
    return news


def pages(server: LiveServer) -> list[str]:
    """What is looked at by the super user of a space in which all of it happened."""
    with server.data():
        space, far = a_space("help", name="Workplace 办公"), a_space("far", name="Somewhere else")
        boss = a_member("boss", role="admin", name="Nadia Brandt")
        asker, helper = a_member("asker", name="Ingrid Solheim"), a_member("helper", name="王伟")
        first = a_thread(space, asker, title="The printer on floor 2 prints nothing at all")
        again = a_thread(space, helper, title="打印机脱机，无法打印文档", body="重启后还是不行。")
        reply = a_reply(first, helper, BEFORE)
        aside, deleted = a_reply(first, asker, "And where is the coffee machine?"), a_reply(first, boss, "Oops")
        operations.edit_post(reply, editor_id=helper.id, body=AFTER, reason="Said more clearly")
        operations.hide_post(deleted, by_id=boss.id, reason="Wrong thread")
        arranging.pin(first, by_id=boss.id, reason="Everybody asks it")
        arranging.mark_duplicate(again, first, by_id=boss.id, reason="Asked before")
        arranging_posts.split(first, [aside.id], title="Where is the coffee machine?", by_id=boss.id, reason="Other")
        proposed = suggest(reply, member_id=asker.id, title="", body=f"{AFTER}\n\nDone.", reason="One step is missing")
        operations.edit_post(reply, editor_id=helper.id, body=f"{BEFORE}!", reason="Shorter")
        news = some_news(far.id, boss.id)
        thread, post = f"/threads/{first.id}", f"/posts/{reply.id}"
        verbs = ("", "/pinning", "/closing", "/moving", "/splitting", "/merging", "/duplicate", "/record")
        suggestion = f"/suggested-edits/{proposed.id}"
        return [
            *(f"{thread}{verb}" for verb in verbs),
            f"/threads/{again.id}",
            f"{post}/revisions",
            f"{post}/edit",
            "/suggested-edits",
            suggestion,
            "/news/scheduled",
            f"/news/scheduled/{news.id}",
        ]


def look(page: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} scrolls sideways by {wide} px"


@pytest.mark.parametrize("how", LOOKS)
def test_pages_are_accessible(live_server: LiveServer, browser: Browser, sign_in: SignIn, how: dict) -> None:  # type: ignore[type-arg]
    paths = pages(live_server)
    live_server.run_jobs()
    window = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **how)
    page = a_tab(window)
    sign_in(page, "boss")
    for path in paths:
        look(page, path)
    page.goto("/sign-in")
    window.close()
