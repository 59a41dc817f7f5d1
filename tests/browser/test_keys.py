"""Every key that the list on ? names does what it says."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, SignIn, assert_accessible
from tests.factories import a_member, a_reply, a_space, a_thread

WRITING = {
    "Control+b": "**word**",
    "Control+i": "*word*",
    "Control+e": "`word`",
    "Control+k": "[word](https://)",
    "Control+Shift+Digit7": "1. word",
    "Control+Shift+Digit8": "- word",
    "Control+Shift+Digit9": "> word",
    "Control+Shift+KeyX": "~~word~~",
}
# All that stands in the list; a key that is added there is tried here.
NAMED = "/ c j k Ctrl Enter Ctrl B I E K Ctrl Shift 7 8 9 X @ # / ↑ ↓ Enter Tab Esc ?"
FOCUSED = "() => document.activeElement.closest('[data-row]')?.id ?? document.activeElement.id"


def _thread(server: LiveServer) -> int:
    with server.data():
        a_member("ann")
        thread = a_thread(a_space("help"), a_member("bob"), tags=["vpn-client"])
        a_reply(thread, a_member("cleo"), "Install client 5.1.4 and restart the laptop.")
        return thread.id


def _help(server: LiveServer, page: Page) -> None:
    """The help page, once its script is there."""
    page.goto(f"{server.url}/help")
    expect(page.get_by_role("button", name="Show the keys")).to_be_visible()


def test_single_keys(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    number = _thread(live_server)
    sign_in(page, "ann")
    page.goto(f"/threads/{number}")
    expect(page.locator("#reply .composer__bar")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type("cj?")
    expect(page.locator("#site-search")).to_have_value("cj?")
    page.locator("h1").click()
    seen = []
    for key in "jjk":
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED))
    assert seen[0] == seen[2] != seen[1]
    page.keyboard.press("c")
    expect(page.locator("#reply textarea")).to_be_focused()
    _help(live_server, page)
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/ask$"))


def test_keys_while_writing(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    number = _thread(live_server)
    sign_in(page, "ann")
    page.goto(f"/threads/{number}")
    text = page.locator("#reply textarea")
    expect(page.locator("#reply .composer__bar")).to_be_visible()
    for key, expected in WRITING.items():
        text.fill("word")
        page.keyboard.press("Control+a")
        page.keyboard.press(key)
        expect(text).to_have_value(expected)
    text.fill("")
    page.keyboard.type("Thank you @bo")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    text.fill("This helped me, many thanks for it.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread-replies")).to_contain_text("This helped me")


def test_the_list_of_keys_without_a_mouse(live_server: LiveServer, page: Page) -> None:
    _help(live_server, page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert " ".join(dialog.locator("dt kbd").all_inner_texts()) == NAMED
    assert_accessible(page)
    page.keyboard.press("/")
    expect(page.locator("#site-search")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_are_switched_off_and_on_again(live_server: LiveServer, page: Page) -> None:
    _help(live_server, page)
    page.keyboard.press("?")
    switch = page.get_by_role("dialog").get_by_role("checkbox")
    switch.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    for key in ("/", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#site-search")).not_to_be_focused()
    page.get_by_role("button", name="Show the keys").focus()
    page.keyboard.press("Enter")
    switch.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()


@pytest.mark.browser_context(viewport={"width": 360, "height": 800})
def test_search_has_a_page_of_its_own_on_a_small_screen(live_server: LiveServer, page: Page) -> None:
    _help(live_server, page)
    page.keyboard.press("/")
    expect(page).to_have_url(re.compile(r"/search\??$"))
