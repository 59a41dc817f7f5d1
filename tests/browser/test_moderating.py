"""A case is decided with letters alone, and the pages of measures are accessible."""

from flask import Flask
from playwright.sync_api import Page, expect

from community.accounts.loading import actor_for
from community.core.db import db
from community.forum.models import Post
from community.moderation import flagging, targets
from tests.browser.conftest import LiveServer, SignIn, assert_accessible
from tests.factories import a_member, a_reply, a_space, a_thread


def reported(live_server: LiveServer, app: Flask) -> int:
    """A reply that somebody reported; its id."""
    with live_server.data(), app.test_request_context():
        home = a_space("home", name="Workplace")
        a_member("sue", super_user_in=[home])
        a_member("boss", role="manager")
        post = a_reply(a_thread(home), a_member("bob"), "You fool")
        target = targets.look("post", post.id)
        assert target is not None
        flagging.flag(actor_for(a_member().id), target, reason="unkind")
        return post.id


def test_a_case_is_decided_with_letters(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    post_id = reported(live_server, live_server.app)
    sign_in(page, "sue")
    page.goto("/review")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("c")
    expect(page.get_by_text("Sue has it")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("a")
    expect(page.get_by_label("What the person reads")).to_be_focused()
    page.keyboard.type("Be kind, please.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Decided: Hide and explain")).to_be_visible()
    with live_server.data():
        assert db.session.get_one(Post, post_id).hidden_at is not None


def test_pages_of_measures_are_accessible(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    reported(live_server, live_server.app)
    sign_in(page, "boss")
    for path in ("/people/bob/measures", "/people/bob/cleaning", "/spaces/home/measures"):
        page.goto(path)
        assert_accessible(page)
    page.goto("/people/bob/cleaning")
    page.get_by_label("What the person reads").fill("No fools here.")
    page.get_by_role("button", name="Clean up now").click()
    expect(page.get_by_role("button", name="Take all of it back")).to_be_visible()
    assert_accessible(page)
