"""The whole way in a real browser: asked, taken to the desk, resolved, accepted, written up, found again."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LiveServer, SignIn, a_tab
from tests.factories import a_member, a_space

TITLE = "Label printer in hall 2 prints half a label"


def _window(browser: Browser, server: LiveServer, sign_in: SignIn, handle: str) -> Page:
    page = a_tab(browser.new_context(base_url=server.url, locale="en-GB", reduced_motion="reduce"))
    sign_in(page, handle)
    return page


def _ask(page: Page) -> str:
    page.goto("/ask")
    page.get_by_label("What is it about, in one line?").fill(TITLE)
    page.get_by_label("Tell it in your own words").fill("Since this morning every second label is cut. I cannot ship.")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    return page.url


def _reply(page: Page, thread: str, words: str) -> None:
    page.goto(thread)
    page.get_by_label("Your reply", exact=True).last.fill(words)
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator(".post--reply").last).to_contain_text(words)


def _take_to_the_desk(page: Page, thread: str) -> None:
    page.goto(thread)
    page.locator("a[href$='/promotion']").click()
    expect(page.locator("main")).to_contain_text("Clean the sensor")
    page.get_by_role("radio", name=re.compile("^Incident")).check()
    page.get_by_role("button", name="Take it to the service desk").click()
    expect(page.locator(".query .ref")).to_contain_text("QRY-")


def _work_on_it(page: Page) -> None:
    page.goto("/desk")
    page.get_by_role("link", name=TITLE).click()
    page.locator("#take button").click()
    page.locator("#say textarea").fill("We are changing the sensor at noon.")
    page.get_by_role("button", name="Send news").click()
    page.locator("#say textarea").fill("The sensor is changed. Switch the printer off and on once.")
    page.get_by_role("button", name="Propose as the answer").click()
    expect(page.locator("main")).to_contain_text("Resolved")


def _accept(page: Page, thread: str) -> None:
    page.goto(thread)
    expect(page.locator("main")).to_contain_text("We are changing the sensor at noon.")
    expect(page.locator(".answer h2")).to_contain_text("Proposed answer from the service desk")
    page.get_by_role("button", name="Yes, accept").click()
    expect(page.locator(".state--framed")).to_contain_text("Solved")


def _write_it_up(page: Page, thread: str) -> str:
    page.goto(thread)
    page.get_by_role("button", name="Make an article").click()
    expect(page).to_have_url(re.compile("/articles/[0-9]+/edit$"))
    expect(page.locator("main")).to_contain_text("The sensor is changed")
    page.locator("main form button[type=submit].btn--primary").first.click()
    expect(page.locator("main")).to_contain_text("This is a draft.")
    return page.url


def _check_and_publish(page: Page, article: str) -> None:
    page.goto(article)
    page.get_by_role("button", name="I checked it: validate").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".trust")).to_contain_text("Validated")


def test_a_question_crosses_the_bridge_and_comes_back(
    live_server: LiveServer, browser: Browser, sign_in: SignIn
) -> None:
    with live_server.data():
        space = a_space("hall", name="Shop floor")
        a_member("asker")
        a_member("priya", super_user_in=[space])
        a_member("jonas", role="agent")
    asker, priya, jonas = (_window(browser, live_server, sign_in, name) for name in ("asker", "priya", "jonas"))
    thread = _ask(asker)
    _reply(priya, thread, "Clean the sensor with the blue cloth.")
    _reply(asker, thread, "Clean the sensor: tried, no change.")
    _take_to_the_desk(priya, thread)
    _work_on_it(jonas)
    _accept(asker, thread)
    article = _write_it_up(priya, thread)
    _check_and_publish(jonas, article)
    live_server.run_jobs()
    asker.goto("/search?q=printer half label type:article")
    expect(asker.locator(".row__title")).to_contain_text(TITLE)
    asker.goto(thread)
    expect(asker.locator("#article-offer")).to_contain_text("There is an article about this.")
    for page in (asker, priya, jonas):
        page.context.close()
