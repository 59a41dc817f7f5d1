"""Reactions with JavaScript: in place, with the focus kept; and the disclosures, as axe sees them."""

import pytest
from playwright.sync_api import Page, expect

from community.core.db import db
from community.forum.reactions import polls, thanking
from community.forum.reactions.polls import Asked
from tests.browser.conftest import LiveServer, SignIn, assert_accessible
from tests.factories import a_member, a_reply, a_thread


@pytest.fixture
def thread(live_server: LiveServer) -> str:
    """The address of a thread with a poll and a reply that was thanked for; Ann has an account."""
    with live_server.data():
        a_member("ann", role="agent")
        thread = a_thread()
        thanking.thank(a_reply(thread), member_id=a_member().id, line="It helped")
        polls.begin(thread, Asked(("Monday", "Friday")))
        db.session.flush()
        return f"/threads/{thread.id}"


def test_reactions_happen_in_place(page: Page, thread: str, sign_in: SignIn) -> None:
    sign_in(page, "ann")
    page.goto(thread)
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="I have this too").click()
    page.get_by_label("Version or device").wait_for()
    reply = page.locator("article.post--reply")
    reply.get_by_role("button", name="Not helpful", exact=True).click()
    expect(reply.get_by_role("button", name="Not helpful, 1")).to_have_attribute("aria-pressed", "true")
    reply.get_by_role("button", name="Thank", exact=True).click()
    expect(reply.locator(".thanked summary")).to_have_text("2 people thanked")
    reply.get_by_text("Add a line").click()
    reply.get_by_label("A line to Member").fill("Thank you")
    reply.get_by_role("button", name="Save").click()
    expect(reply.locator(".thanked")).to_contain_text("Thank you")
    page.get_by_label("Friday").check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.locator("#poll")).to_contain_text("1 vote, 100 %")
    assert page.evaluate("window.stayed")
    reply.locator(".thanked summary").click()
    assert_accessible(page)


@pytest.mark.browser_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
def test_reactions_without_script(page: Page, thread: str, sign_in: SignIn) -> None:
    sign_in(page, "ann")
    page.goto(thread)
    page.get_by_role("button", name="I have this too").click()
    page.get_by_label("Site").fill("Leipzig")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".named")).to_contain_text("Leipzig")
    page.get_by_label("Monday").check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.locator("#poll")).to_contain_text("1 vote, 100 %")
