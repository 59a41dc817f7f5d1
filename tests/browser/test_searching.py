"""Searching in a browser: what answers is said while asking, and the place of what is opened is counted."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from community.core.db import db
from community.forum.searching.log import SearchAsked, flush
from tests.browser.conftest import LiveServer, SignIn, assert_accessible, eventually
from tests.factories import a_member, a_thread


def _clicks(server: LiveServer) -> int | None:
    with server.data():
        flush()
        return db.session.scalar(select(func.sum(SearchAsked.clicks)))


def test_what_answers_is_taken_while_asking(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    with live_server.data():
        a_member("ann")
        thread_id = a_thread(title="The kaleidoscope does not turn").id
    live_server.run_jobs()
    sign_in(page, "ann")
    page.goto("/ask")
    page.locator("#title").press_sequentially("My kaleidoscope does not turn")
    button = page.get_by_role("button", name="This answers it")
    expect(button).to_be_visible()
    assert_accessible(page)
    page.locator("#title").press("Enter")
    expect(page).to_have_url("/ask")
    page.goto("/search?q=kaleidoscope+-printer+kind:question")
    page.get_by_text("Narrow the search").click()
    page.get_by_text("Keep this search").click()
    assert_accessible(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Searches you keep")).to_be_visible()
    assert_accessible(page)
    page.goto("/search?q=kaleidoscope")
    page.get_by_role("link", name="The kaleidoscope does not turn").click()
    expect(page).to_have_url(f"/threads/{thread_id}")
    assert eventually(lambda: _clicks(live_server) == 1)
    page.goto("/ask")
    page.locator("#title").fill("")
    page.locator("#title").press_sequentially("Why does my kaleidoscope not turn")
    button.click()
    expect(page).to_have_url(f"/threads/{thread_id}")
    expect(page.get_by_text("Your question was not sent")).to_be_visible()
