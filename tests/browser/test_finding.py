"""Lists and open threads in a browser: what was looked at is read, and new replies come without a jump."""

from playwright.sync_api import Page, expect

from community.core.db import db
from community.forum.models import Thread
from tests.browser.conftest import LiveServer, SignIn, attached
from tests.factories import a_member, a_reply, a_thread


def test_what_was_looked_at_is_read(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    with live_server.data():
        a_member("ann")
        a_thread(title="A thread")
    sign_in(page, "ann")
    page.goto("/threads")
    expect(page.locator(".unread")).to_have_text("New")
    with page.expect_response("**/read"):
        page.get_by_role("link", name="A thread").click()
    page.goto("/threads")
    expect(page.locator(".unread")).to_have_count(0)


def test_new_replies_are_offered_and_nothing_moves(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    with live_server.data():
        a_member("ann")
        thread = a_thread(body="Words.\n\n" * 60)
        a_reply(thread, body="The first reply")
        thread_id = thread.id
    sign_in(page, "ann")
    page.clock.install()
    page.goto(f"/threads/{thread_id}")
    attached(page)
    page.evaluate("scrollTo(0, 300)")
    with live_server.data():
        for words in ("The second reply", "The third reply"):
            a_reply(db.session.get_one(Thread, thread_id), body=words)
    with page.expect_response("**/live"):
        page.clock.run_for(21_000)
    offer = page.get_by_role("link", name="2 new replies: show them")
    expect(offer).to_be_visible()
    assert page.evaluate("scrollY") == 300
    offer.click()
    expect(page.locator("#thread-replies .post")).to_have_count(3)
    expect(offer).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent.includes('The second reply')")
    with page.expect_response("**/live") as asked:
        page.clock.run_for(21_000)
    assert asked.value.status == 304


def test_replies_that_could_not_be_brought_are_not_taken_for_read(
    live_server: LiveServer, page: Page, sign_in: SignIn
) -> None:
    with live_server.data():
        a_member("ann")
        thread = a_thread()
        a_reply(thread, body="The first reply")
        thread_id = thread.id
    sign_in(page, "ann")
    page.clock.install()
    page.goto(f"/threads/{thread_id}")
    attached(page)
    with live_server.data():
        a_reply(db.session.get_one(Thread, thread_id), body="The second reply")
    with page.expect_response("**/live"):
        page.clock.run_for(21_000)
    page.route(f"**/threads/{thread_id}", lambda route: route.fulfill(status=429, body="Later"), times=1)
    page.get_by_role("link", name="1 new reply: show it").click()
    expect(page.get_by_text("The second reply")).to_be_visible()


def test_a_double_click_sends_a_form_once(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    with live_server.data():
        a_member("ann")
    sign_in(page, "ann")
    page.goto("/following")
    attached(page)
    asked: list[str] = []
    page.on("request", lambda request: request.method == "POST" and asked.append(request.url))
    page.locator("#by-itself-form button").dblclick()
    expect(page.get_by_text("Your choices are saved.")).to_be_visible()
    assert len(asked) == 1
