"""Every type of page, in both themes, widths and languages: axe finds nothing, nothing scrolls sideways."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from bridge.queries import operations as desk
from bridge.queries import promotion
from bridge.queries.promotion import Choice
from community import public
from community.forum import operations
from tests.browser.conftest import LiveServer, SignIn, a_tab, assert_accessible
from tests.factories import a_member, a_reply, a_space, a_thread

ANSWER = "1. Install **5.1.4**\n2. Restart\n\n```\nvpn --status\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
SMALL, WIDE = {"width": 360, "height": 800}, {"width": 1280, "height": 900}
LOOKS = [
    pytest.param({"color_scheme": "light", "locale": "en-GB", "viewport": WIDE}, id="wide"),
    pytest.param({"color_scheme": "dark", "locale": "en-GB", "viewport": SMALL}, id="dark-small"),
    pytest.param({"color_scheme": "light", "locale": "zh-CN", "viewport": SMALL}, id="zh-small"),
    pytest.param({"color_scheme": "dark", "locale": "zh-CN", "viewport": WIDE}, id="zh-dark"),
]
ANYBODY = ("/", "/spaces", "/spaces/help", "/spaces/help/about", "/unanswered", "/ideas", "/news", "/people", "/help")
ANYBODY += (
    "/search?q=vpn",
    "/search?q=nothingatall",
    "/sign-in",
    "/join",
    "/forgotten",
    "/about",
    "/promise",
    "/nowhere",
)
ANYBODY += ("/design", "/knowledge")
MEMBER = ("/ask", "/drafts", "/mine", "/preferences", "/sign-ins", "/notifications", "/notifications/preferences")
ANYBODY += ("/threads?kind=question", "/hot", "/unsolved", "/unanswered?order=newest")
MEMBER += ("/unread", "/new", "/for-me")
MEMBER += ("/messages", "/messages/new?to=helper", "/blocked")
MEMBER += ("/people/asker", "/people/helper/standing")
STAFF = ("/desk", "/desk/suggestions", "/admin", "/admin/deliveries", "/admin/members", "/admin/spaces")
STAFF += ("/admin/priorities", "/admin/organisations", "/admin/organisations/new")


@dataclass(frozen=True)
class World:
    """Ids of what the pages show."""

    solved: int
    with_desk: int
    unsolved: int
    query: int
    reply: int


def _world(server: LiveServer) -> World:
    with server.data():
        space = a_space("help", name="Workplace 办公")
        asker, helper = a_member("asker", name="Ingrid Solheim"), a_member("helper", name="王伟")
        boss = a_member("boss", role="admin", name="Nadia Brandt")
        solved = a_thread(space, asker, title="VPN drops when the lid is closed", tags=["vpn", "laptop"])
        answer = a_reply(solved, helper, ANSWER)
        operations.accept(solved, answer, by_id=asker.id)
        operations.mark_helpful(answer, member_id=asker.id)
        operations.edit_post(answer, editor_id=helper.id, body=answer.body + "\n\nDone.", reason="More")
        unsolved = a_thread(space, asker, title="打印机脱机，无法打印文档", body="重启后还是不行。")
        waiting = a_thread(space, asker, title="VPN asks for the code twice", body="Since Monday nobody can work.")
        snapshot = public.thread_snapshot(waiting.id)
        assert snapshot is not None
        query = promotion.promote(snapshot, Choice("incident", 3, 2, "Three of us"), by_id=boss.id)
        desk.reply(query, "We are on it.", by_id=boss.id)
        desk.mark_major(query, major=True, by_id=boss.id)
        return World(solved.id, waiting.id, unsolved.id, query.id, answer.id)


def _look(page: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} scrolls sideways by {wide} px"


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible(live_server: LiveServer, browser: Browser, sign_in: SignIn, look: dict) -> None:  # type: ignore[type-arg]
    world = _world(live_server)
    live_server.run_jobs()
    window = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **look)
    page = a_tab(window)
    for path in (*ANYBODY, f"/threads/{world.solved}", f"/threads/{world.with_desk}"):
        _look(page, path)
    sign_in(page, "boss")
    threads = (world.solved, world.with_desk, world.unsolved)
    posts = (f"/posts/{world.reply}/edit", f"/posts/{world.reply}/revisions", f"/posts/{world.reply}/hiding")
    bridge = (f"/desk/queries/{world.query}", f"/threads/{world.unsolved}/promotion")
    for path in (*MEMBER, *STAFF, *posts, *bridge, *(f"/threads/{number}" for number in threads)):
        _look(page, path)
    window.close()
