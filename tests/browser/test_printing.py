"""Threads and articles on paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, SignIn
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.knowledge import an_article

BODY = """The printer stops, see [the manual](https://example.com/manual) and this:

```python
def print_label():
    return "a very long line that has to be wrapped on paper because nobody can scroll there, " * 3
```

??? "The log"
    Sensor 4 is dirty
"""
SCREEN_ONLY = (".topbar", ".side", ".aside", ".foot", ".crumbs", ".composer", ".post__acts", "form", ".btn", ".skip")
COLOURS = """() => [...document.querySelectorAll("html, body, main :is(h1, .prose, .prose p):not(.composer *)")]
    .map((one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor])"""
LIGHTNESS = """(colour) => {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return (red + green + blue) / 3;
}"""


def _thread(server: LiveServer) -> int:
    with server.data():
        a_member("asker")
        thread = a_thread(a_space("help"), body=BODY)
        a_reply(thread, a_member("helper"), "Clean the sensor: it helped here.")
        return thread.id


def _not_ink_on_white(page: Page) -> list[str]:
    clear = ("rgba(0, 0, 0, 0)", "transparent")
    found = page.evaluate(COLOURS)
    pale = [ink for ink, _ground in found if page.evaluate(LIGHTNESS, ink) > 90]
    return pale + [ground for _ink, ground in found if ground not in clear and page.evaluate(LIGHTNESS, ground) < 250]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_thread_on_paper(live_server: LiveServer, page: Page, sign_in: SignIn, theme: str) -> None:
    number = _thread(live_server)
    sign_in(page, "asker")
    page.goto(f"{live_server.url}/theme/{theme}")
    page.goto(f"{live_server.url}/threads/{number}")
    page.emulate_media(media="print", color_scheme="dark")
    for selector in SCREEN_ONLY:
        assert page.locator(f"{selector}:visible").count() == 0, selector
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("Clean the sensor")).to_be_visible()
    expect(page.get_by_text("Sensor 4 is dirty")).to_be_visible()
    after = "(link) => getComputedStyle(link, '::after').content"
    assert "https://example.com/manual" in page.locator(".prose a", has_text="the manual").evaluate(after)
    code = page.locator("pre")
    assert code.evaluate("(pre) => getComputedStyle(pre).breakInside") == "avoid"
    assert code.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")
    assert _not_ink_on_white(page) == []
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.browser_context(color_scheme="dark")
def test_an_article_on_paper(live_server: LiveServer, page: Page) -> None:
    with live_server.data():
        keeper = a_member("keeper")
        article = an_article(keeper, resolution=BODY, validated_by=a_member("checker"), published=True)
        number, title = article.id, article.title
    page.goto(f"{live_server.url}/articles/{number}")
    page.emulate_media(media="print", color_scheme="dark")
    for selector in SCREEN_ONLY:
        assert page.locator(f"{selector}:visible").count() == 0, selector
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("Sensor 4 is dirty")).to_be_visible()
    assert _not_ink_on_white(page) == []
