"""Searching in a browser: what answers is said while asking, and the place of what is opened is counted."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, SignIn, assert_accessible
from tests.factories import a_member, a_thread


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
    with page.expect_response("**/search/clicked**") as counted:
        page.get_by_role("link", name="The kaleidoscope does not turn").click()
    assert counted.value.status == 204
    page.goto("/ask")
    page.locator("#title").fill("")
    page.locator("#title").press_sequentially("Why does my kaleidoscope not turn")
    button.click()
    expect(page).to_have_url(f"/threads/{thread_id}")
    expect(page.get_by_text("Your question was not sent")).to_be_visible()
