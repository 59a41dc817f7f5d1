"""Writing in a real browser: drafts, pictures, suggestions, preview, quotations."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from community.core.db import db
from community.drafts.models import Draft
from community.forum.models import Post
from tests.browser.conftest import LiveServer, SignIn, a_tab, assert_accessible
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.knowledge import an_article

BODY = "Since Monday every page that I scan comes out empty."
PASTE = """([html, plain]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  const target = document.activeElement;
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def _begin(live_server: LiveServer, page: Page, sign_in: SignIn) -> int:
    """A thread of somebody's, with Ann before it; its id."""
    with live_server.data():
        space = a_space("help", name="Workplace")
        bob = a_member("bob", name="Bob Lind")
        a_member("wang", name="王小明")
        a_member("ann")
        thread = a_thread(space, bob, tags=["vpn-client"])
        a_reply(thread, bob, "Install client **5.1.4** and restart the laptop.")
        thread_id = thread.id
    sign_in(page, "ann")
    return thread_id


def _picture(edge: int = 40) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (edge, edge), "teal").save(data, "PNG")
    return data.getvalue()


def _text(page: Page) -> str:
    return page.locator("[data-part=text]").first.input_value()


def test_a_draft_survives_a_closed_tab_and_is_there_in_another_browser(
    live_server: LiveServer, browser: Browser, context: BrowserContext, page: Page, sign_in: SignIn
) -> None:
    thread = _begin(live_server, page, sign_in)
    tab = a_tab(context)
    tab.goto(f"/threads/{thread}")
    tab.locator("#reply textarea").fill(BODY)
    expect(tab.locator(".draft-state")).to_have_text("Saved as a draft.")
    tab.close()
    page.goto(f"/threads/{thread}")
    expect(page.locator("#reply textarea")).to_have_value(BODY)
    elsewhere = a_tab(browser.new_context(base_url=live_server.url, locale="en-GB"))
    sign_in(elsewhere, "ann")
    elsewhere.goto("/drafts")
    elsewhere.get_by_role("link", name="Continue").click()
    expect(elsewhere.locator("#reply textarea")).to_have_value(BODY)
    expect(elsewhere.locator("#draft-note")).to_contain_text("We put back what you had written here")
    elsewhere.get_by_role("button", name="Reply", exact=True).click()
    expect(elsewhere.locator(".post--reply").last).to_contain_text(BODY)
    elsewhere.context.close()
    page.goto(f"/threads/{thread}")
    expect(page.locator("#reply textarea")).to_have_value("")
    with live_server.data():
        assert db.session.scalars(select(Draft)).all() == []


def test_a_text_that_could_not_be_sent_stays_in_the_browser(
    live_server: LiveServer, page: Page, context: BrowserContext, sign_in: SignIn
) -> None:
    _begin(live_server, page, sign_in)
    page.goto("/ask")
    page.route("**/drafts", lambda route: route.fulfill(status=429, json={}))
    page.get_by_label("Tell it in your own words").fill(BODY)
    expect(page.locator(".draft-state")).to_contain_text("Kept in this browser only")
    tab = a_tab(context)
    tab.goto("/ask")
    expect(tab.get_by_label("Tell it in your own words")).to_have_value(BODY)
    expect(tab.locator(".draft-state")).to_have_text("Saved as a draft.")
    tab.close()


def test_two_windows_keep_both_texts(
    live_server: LiveServer, page: Page, context: BrowserContext, sign_in: SignIn
) -> None:
    thread = _begin(live_server, page, sign_in)
    other = a_tab(context)
    for tab, words in ((page, "From the first window"), (other, "From the second window")):
        tab.goto(f"/threads/{thread}")
        tab.locator("#reply textarea").fill(words)
        expect(tab.locator(".draft-state")).to_have_text("Saved as a draft.")
    page.locator("#reply textarea").fill("From the first window, again")
    expect(page.locator(".draft-state")).to_contain_text("changed in another window too")
    other.close()
    page.goto("/drafts")
    expect(page.locator("main .row")).to_have_count(2)
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 800})
    page.get_by_role("link", name="Continue").first.click()
    expect(page.locator("main")).to_contain_text("There is another version of this text")
    expect(page.locator("#reply .composer__bar")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_pictures_with_progress(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    _begin(live_server, page, sign_in)
    page.goto("/ask")
    held: list[Route] = []
    page.route("**/files", lambda route: held.append(route))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Picture", exact=True).click()
    pictures = [{"name": f"p{n}.png", "mimeType": "image/png", "buffer": _picture(n + 8)} for n in range(3)]
    chooser.value.set_files([*pictures, {"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture"}])
    lines = page.locator(".composer__files li")
    expect(lines).to_have_count(4)
    expect(lines.first.locator("progress")).to_be_visible()
    lines.nth(1).get_by_role("button", name="Cancel").click()
    expect(lines).to_have_count(3)
    expect(page.locator(".composer [data-part=news]")).to_have_text("Sending p0.png")
    page.route("**/files", lambda route: route.continue_())
    held[0].continue_()
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("bad.png")
    expect(lines.first.locator(".error")).to_be_visible()
    lines.first.get_by_role("button", name="Close").click()
    expect(lines).to_have_count(0)
    words = _text(page)
    assert words.index("![p0.png](/files/") < words.index("![p2.png](/files/")
    assert "p1.png" not in words


def test_a_file_is_dropped(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    _begin(live_server, page, sign_in)
    page.goto("/ask")
    expect(page.locator(".composer__bar")).to_be_visible()
    data = page.evaluate_handle(
        """() => { const data = new DataTransfer();
        data.items.add(new File(["line 1"], "client.log", { type: "text/plain" })); return data; }"""
    )
    page.locator("#body").dispatch_event("drop", {"dataTransfer": data})
    expect(page.locator("#body")).to_have_value(re.compile(r"^\[client.log\]\(/files/"))


def test_completion_by_keyboard(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    thread = _begin(live_server, page, sign_in)
    with live_server.data():
        an_article(title="Print labels in hall 2", published=True)
    page.goto(f"/threads/{thread}")
    text = page.locator("#reply textarea")
    options = page.get_by_role("option")
    expect(page.locator("#reply .composer__bar")).to_be_visible()
    text.focus()
    page.keyboard.type("Thank you @bo")
    expect(options).to_have_count(1)
    expect(text).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    page.evaluate("scrollTo(0, 0)")  # what the bar at the top covers is no target
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(text).to_have_value("Thank you @bob ")
    page.keyboard.type("and 感谢@小明")
    expect(options).to_have_text(["王小明@wang"])
    page.keyboard.press("Tab")
    expect(text).to_have_value("Thank you @bob and 感谢@wang ")
    page.keyboard.type("#vpn")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value("Thank you @bob and 感谢@wang [#vpn-client](/threads?tag=vpn-client) ")
    page.keyboard.press("Control+a")
    page.keyboard.type("/label")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("s")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r"^\[Print labels in hall 2\]\(/articles/"))


def test_a_preview_beside_the_text(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    thread = _begin(live_server, page, sign_in)
    page.goto(f"/threads/{thread}")
    text = page.locator("#reply textarea")
    text.fill("Hello @bob, **look**:\n\n- [ ] one\n- [x] two")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator(".composer__preview strong")).to_have_text("look")
    expect(text).to_be_visible()
    text.press_sequentially(" ~~three~~")
    expect(page.locator(".composer__preview del")).to_have_text("three")
    assert_accessible(page)
    shown = page.locator(".composer__preview").inner_html()
    page.set_viewport_size({"width": 360, "height": 800})
    expect(text).to_be_hidden()
    page.get_by_role("button", name="Write", exact=True).click()
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator(".post--reply")).to_have_count(2)
    with live_server.data():
        assert shown.strip() == db.session.scalars(select(Post.html).order_by(Post.id.desc())).first()


def test_tools_by_key_and_what_is_pasted(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    _begin(live_server, page, sign_in)
    page.goto("/ask")
    text = page.locator("#body")
    expect(page.locator(".composer__bar")).to_be_visible()
    text.focus()
    page.keyboard.press("Control+b")
    page.keyboard.type("bold")
    assert _text(page) == "**bold**"
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+Shift+7")
    assert _text(page) == "1. **bold**"
    text.fill("")
    table = "<table><tr><th>Name</th><th>State</th></tr><tr><td>P1</td><td>a|b</td></tr></table>"
    text.focus()
    page.evaluate(PASTE, [f"<p>See <a href='https://x.org/a'>this</a></p>{table}", "x"])
    assert _text(page) == "See [this](https://x.org/a)\n\n| Name | State |\n|---|---|\n| P1 | a\\|b |"
    page.keyboard.press("Control+z")
    assert _text(page) == ""
    text.fill("short")
    expect(page.locator(".composer__count")).to_have_text("15 more to go")


def test_a_selection_is_quoted(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    thread = _begin(live_server, page, sign_in)
    page.goto(f"/threads/{thread}")
    page.locator(".post--reply .prose strong").dblclick()
    page.evaluate(
        """() => { const words = document.querySelector(".post--reply .prose p");
        getSelection().selectAllChildren(words); }"""
    )
    page.get_by_role("button", name="Quote this").click()
    expect(page.locator("#reply textarea")).to_have_value(re.compile("Install client"))
    words = page.locator("#reply textarea").input_value()
    assert words.startswith("> [Bob Lind](/posts/")
    assert "> Install client **5.1.4** and restart the laptop.\n\n" in words


@pytest.mark.browser_context(java_script_enabled=False)
def test_without_a_script(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    thread = _begin(live_server, page, sign_in)
    page.goto(f"/threads/{thread}")
    page.locator(".post--reply").get_by_role("link", name="Quote").click()
    expect(page.locator("#reply textarea")).to_have_value("> " + page.locator("#reply textarea").input_value()[2:])
    page.locator("#reply textarea").fill(BODY)
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#reply textarea")).to_have_value(BODY)
    expect(page.locator("main")).to_contain_text("Saved as a draft")


def test_who_leaves_is_warned_only_when_nothing_could_keep_the_text(
    live_server: LiveServer, page: Page, sign_in: SignIn
) -> None:
    _begin(live_server, page, sign_in)
    page.goto("/ask")
    expect(page.locator(".composer__bar")).to_be_visible()
    page.route("**/drafts", lambda route: route.fulfill(status=429, json={"error": "Not now."}))
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.locator("#body").click()
    page.keyboard.type(BODY)
    expect(page.locator(".draft-state")).to_contain_text("Your text could not be saved.")
    expect(page.locator(".draft-state")).to_contain_text("Not now.")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("() => { location.href = '/help'; }")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.unroute("**/drafts")
    page.keyboard.type(" More.")
    expect(page.locator(".draft-state")).to_have_text("Saved as a draft.")
    page.goto("/help")
    assert asked == ["beforeunload"]


def test_going_back_to_a_published_text_makes_no_draft_of_it(
    live_server: LiveServer, page: Page, sign_in: SignIn
) -> None:
    thread = _begin(live_server, page, sign_in)
    page.goto(f"/threads/{thread}")
    page.locator("#reply textarea").fill(BODY)
    expect(page.locator(".draft-state")).to_have_text("Saved as a draft.")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator(".post--reply")).to_have_count(2)
    page.go_back()
    expect(page.locator("#reply .composer__bar")).to_be_visible()
    page.wait_for_timeout(2500)
    with live_server.data():
        assert db.session.scalars(select(Draft)).all() == []


def test_a_draft_removed_elsewhere_is_begun_anew(live_server: LiveServer, page: Page, sign_in: SignIn) -> None:
    thread = _begin(live_server, page, sign_in)
    page.goto(f"/threads/{thread}")
    page.locator("#reply textarea").fill("Begun once, removed elsewhere.")
    expect(page.locator(".draft-state")).to_have_text("Saved as a draft.")
    with live_server.data():
        db.session.delete(db.session.scalars(select(Draft)).one())
    page.locator("#reply textarea").fill(BODY)
    expect(page.locator("input[name=draft_version]")).to_have_value("")
    expect(page.locator("input[name=draft_version]")).to_have_value("1")
    with live_server.data():
        assert db.session.scalars(select(Draft.body)).all() == [BODY]
