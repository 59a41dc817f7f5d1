"""The directory and what people know, in a browser: on a narrow screen nothing is cut off, and axe finds nothing."""

import pytest
from playwright.sync_api import Page

from community.expertise import operations
from tests.browser.conftest import LiveServer, SignIn, assert_accessible
from tests.factories import a_member, a_space, a_thread

PATHS = ("/people", "/people?tag=vpn", "/people/eve", "/people/eve/answers", "/tags/vpn", "/preferences/expertise")


@pytest.mark.parametrize("width", [360, 1280])
def test_people_are_found_and_endorsed_on_any_screen(
    live_server: LiveServer, page: Page, sign_in: SignIn, width: int
) -> None:
    with live_server.data():
        a_member("ann", super_user_in=[a_space()])
        eve = a_member("eve", name="Eve Moore-Featherstonehaugh")
        operations.name_tags(eve.id, ["vpn", "a-tag-that-is-as-long-as-tags-can-be-made", "打印机"])
        a_thread(tags=["vpn"])
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "ann")
    page.goto(live_server.url + "/people/eve")
    page.get_by_role("button", name="Endorse · vpn").click()
    page.get_by_text("1 person agrees").click()
    assert page.locator("details.folded").get_by_role("link", name="Ann").is_visible()
    for path in PATHS:
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert_accessible(page)
