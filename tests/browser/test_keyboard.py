"""The main ways through the product with the keyboard alone."""

from playwright.sync_api import Page, expect

from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Thread
from tests.browser.conftest import LiveServer, SignIn
from tests.factories import a_member, a_reply, a_space

NAMED = """
(name) => {
  const here = document.activeElement;
  const words = [here.innerText, here.ariaLabel, ...[...(here.labels || [])].map((label) => label.innerText)];
  return words.some((word) => (word || "").includes(name));
}
"""


def _tab_to(page: Page, name: str, *, most: int = 90) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(NAMED, name):
            return
    raise AssertionError(f"the keyboard never reached {name!r} on {page.url}")


def test_ask_accept_and_promote_by_keyboard(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    with live_server.data():
        a_space("help", name="Workplace")
        a_member("asker")
        a_member("helper")
    sign_in(page, "asker")
    page.goto("/ask")
    _tab_to(page, "What is it about")
    page.keyboard.type("Label printer prints half a label")
    _tab_to(page, "Tell it in your own words")
    page.keyboard.type("Since this morning every second label is cut.")
    _tab_to(page, "Publish")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Label printer prints half a label")
    thread_id = int(page.url.rstrip("/").split("/")[-1].split("#")[0])
    _answer_it(live_server, thread_id)
    page.reload()
    _tab_to(page, "Accept as answer")
    page.keyboard.press("Enter")
    expect(page.locator(".answer h2")).to_contain_text("Accepted answer")
    _tab_to(page, "It does not help after all")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _tab_to(page, "service desk")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Take this to the service desk")
    _tab_to(page, "Take it to the service desk")
    page.keyboard.press("Enter")
    expect(page.locator(".query")).to_be_visible()
    expect(page.locator(".query .ref")).to_contain_text("QRY-")


def _answer_it(server: LiveServer, thread_id: int) -> None:
    with server.data():
        helper = db.session.query(Member).filter_by(handle="helper").one()
        a_reply(db.session.get_one(Thread, thread_id), helper, "Clean the sensor.")
