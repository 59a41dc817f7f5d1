"""In a real browser and with a real desk: a rule suggests, a super user looks first, staff accept, the desk answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from bridge.desks.contract import DeskStatus
from bridge.handovers.models import HandOver
from bridge.handovers.polling import poll_all
from bridge.promotion.looking import look_at_due
from bridge.promotion.models import ThreadWatch
from community.core.db import db, utcnow
from community.core.jobs import enqueue
from community.forum import operations
from tests.bridge.connectors.benches import Bench
from tests.bridge.connectors.conftest import bench as bench
from tests.bridge.handovers.test_killed import connected
from tests.browser.conftest import LiveServer, SignIn, a_tab, eventually
from tests.factories import a_member, a_space, a_thread

TITLE = "Label printer stopped working, error 41 at every label"
ANSWER = "Install driver 5.2.3 and restart the printer."
PATIENCE = 60.0


def _window(browser: Browser, server: LiveServer, sign_in: SignIn, handle: str) -> Page:
    page = a_tab(browser.new_context(base_url=server.url, locale="en-GB", reduced_motion="reduce"))
    sign_in(page, handle)
    return page


def _prepared(server: LiveServer, bench: Bench) -> str:
    """Four people have the same trouble within the hour; the path of their thread."""
    with server.data():
        space = a_space("hall", name="Shop floor")
        asker = a_member("asker")
        a_member("priya", super_user_in=[space])
        a_member("jonas", role="agent")
        connected(bench)
        thread = a_thread(
            space, asker, title=TITLE, body="It does not work since this morning, error 41. We cannot ship."
        )
        for _number in range(3):
            operations.have_too(thread, member_id=a_member().id)
        path = f"/threads/{thread.id}"
    _look(server)
    return path


def _look(server: LiveServer) -> None:
    """As the worker does each minute."""
    server.run_jobs()
    with server.data():
        db.session.execute(update(ThreadWatch).values(next_look_at=utcnow()))
        enqueue(look_at_due)
    server.run_jobs()


def _until(server: LiveServer, done: Callable[[], object]) -> None:
    def held() -> bool:
        with server.data():
            return bool(done())

    assert eventually(held, PATIENCE)


def _claim(page: Page, thread: str) -> None:
    page.goto(thread)
    expect(page.locator("#window")).to_contain_text("Suggested to the service desk")
    page.get_by_role("button", name="I look at it, wait").click()
    expect(page.locator("#window")).to_contain_text("A super user looks at it until")


def _let_the_claim_expire(server: LiveServer) -> None:
    with server.data():
        db.session.execute(update(ThreadWatch).values(claimed_until=utcnow() - timedelta(minutes=1)))
    _look(server)


def _accept_suggestion(page: Page) -> None:
    page.goto("/desk/suggestions")
    expect(page.locator("#suggestions")).to_contain_text(TITLE)
    page.locator("#suggestions").get_by_role("button", name="Accept").click()
    expect(page.locator("main")).to_contain_text("QRY-")


def _work_there(server: LiveServer, bench: Bench) -> None:
    """Somebody answers at the desk itself."""
    _until(server, lambda: db.session.scalar(select(HandOver.remote_id).where(HandOver.state == "sent")))
    with server.data():
        remote_id = db.session.scalars(select(HandOver.remote_id)).one()
    bench.agent_note(remote_id, "CANARY, only for the desk")
    bench.agent_reply(remote_id, ANSWER)
    bench.agent_status(remote_id, DeskStatus.RESOLVED)
    with server.data():
        enqueue(poll_all)
    _until(server, lambda: db.session.scalar(select(HandOver.desk_status)) == DeskStatus.RESOLVED)


@pytest.mark.parametrize("bench", ["rt", "roundup"], indirect=True)
def test_a_rule_a_super_user_and_a_real_desk(
    live_server: LiveServer, browser: Browser, sign_in: SignIn, bench: Bench
) -> None:
    thread = _prepared(live_server, bench)
    asker, priya, jonas = (_window(browser, live_server, sign_in, name) for name in ("asker", "priya", "jonas"))
    _claim(priya, thread)
    _let_the_claim_expire(live_server)
    _accept_suggestion(jonas)
    asker.goto(thread)
    expect(asker.locator(".query .ref")).to_contain_text("QRY-")
    _work_there(live_server, bench)
    asker.goto(thread)
    expect(asker.locator(".answer")).to_contain_text(ANSWER)
    expect(asker.locator("body")).not_to_contain_text("CANARY")
    asker.get_by_role("button", name="Yes, accept").click()
    expect(asker.locator(".state--framed")).to_contain_text("Solved")
    asker.get_by_role("button", name="Make an article").click()
    expect(asker.locator("main")).to_contain_text(ANSWER)
