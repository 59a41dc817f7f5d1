"""A real browser on a real server: Chromium, waitress and a worker, each in this process or started by it."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, url_for
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from waitress.server import create_server

from community.core.db import db, transaction
from community.core.jobs import run_all
from tests.conftest import PASSWORD, address_of, built, empty, emptying, settings_for
from tests.servers import free_port

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# target-size is only looked at with wcag22aa
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNATTACHED = "html:has(script[src$='/js/app.js']):not([data-attached])"
PATIENCE = 20_000  # milliseconds; only a test that fails waits so long
IDLE = 0.1  # seconds that the worker rests when nothing is due

SignIn = Callable[..., None]
expect.set_options(timeout=PATIENCE)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser_context(**options): Playwright's options of a new context")


class LiveServer:
    """The application served on a port of this machine, with a worker that does what is due."""

    def __init__(self, home: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        settings = settings_for(home, f"sqlite:///{home / 'isthmus.db'}", public_url=self.url)
        self.app: Flask = built(settings)
        with self.app.app_context():
            self._emptying = emptying(db.engine)
        self._pause = threading.Lock()
        self._ended = threading.Event()
        self._server = create_server(self.app, host="127.0.0.1", port=port, threads=4)
        self._threads = [threading.Thread(target=self._serve), threading.Thread(target=self._work)]
        for thread in self._threads:
            thread.start()

    def _serve(self) -> None:
        with suppress(OSError):  # closing the socket is how the loop is told to end
            self._server.run()

    def _work(self) -> None:
        while not self._ended.wait(IDLE):
            with self._pause:
                run_all(self.app)

    def run_jobs(self) -> None:
        """Wait until nothing is due any more."""
        with self._pause:
            run_all(self.app)

    def empty(self) -> None:
        """Begin a new test with no data."""
        with self._pause:
            empty(self.app, self._emptying)

    @contextmanager
    def data(self) -> Iterator[None]:
        """Make or read data as the server sees it; commits at the end. Keep ids, not objects."""
        with self.app.app_context(), transaction():
            yield

    def url_for(self, endpoint: str, **values: object) -> str:
        """Path of a view."""
        with self.app.test_request_context():
            path: str = url_for(endpoint, **values)
            return path

    def stop(self) -> None:
        """End the worker and the server."""
        self._ended.set()
        self._server.close()
        for thread in self._threads:
            thread.join(10)
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def _live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path_factory.mktemp("live"))
    yield server
    server.stop()


@pytest.fixture
def live_server(_live_server: LiveServer) -> LiveServer:
    """The served application, without data."""
    _live_server.empty()
    return _live_server


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """Chromium, one for the whole run."""
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium here")
    running = _playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser window of its own; options come from `@pytest.mark.browser_context(...)`."""
    mark = request.node.get_closest_marker("browser_context")
    options: dict[str, Any] = {"base_url": live_server.url, "viewport": {"width": 1280, "height": 900}}
    options |= {"locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce"}
    window = browser.new_context(**options | (mark.kwargs if mark else {}))
    yield window
    window.close()


def a_tab(context: BrowserContext) -> Page:
    """A new page on which nothing is done or expected before its controllers are there, as a person would not."""
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    tab.add_locator_handler(tab.locator(UNATTACHED), lambda _: None)
    return tab


def attached(page: Page) -> None:
    """Wait until the page's controllers are there, where what follows is no action of Playwright's own."""
    expect(page.locator("html")).to_have_attribute("data-attached", "")


def eventually(holds: Callable[[], bool], seconds: float = PATIENCE / 1000) -> bool:
    """Whether it holds within the time; for what a server or a worker does after its answer."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(IDLE)
    return held


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty page. What the browser complains about, a broken content policy too, fails the test."""
    mark = request.node.get_closest_marker("browser_context")
    scripts = mark is None or mark.kwargs.get("java_script_enabled", True)
    tab = a_tab(context) if scripts else context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    tab.on("console", lambda said: said.type == "error" and complaints.append(f"console: {said.text}"))
    yield tab
    tab.close()
    expected = "Failed to load resource: the server responded with a status of 4"
    unexpected = [complaint for complaint in complaints if expected not in complaint]
    assert not unexpected, "the browser complained:\n" + "\n".join(unexpected)


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """Sign in through the form: `sign_in(page, "ann")`."""

    def through_the_form(page: Page, handle: str, *, password: str = PASSWORD) -> None:
        with live_server.data():
            address = address_of(handle)
        page.goto(live_server.url_for("accounts.sign_in"))
        form = page.locator("form:has(input[type=password])")
        form.locator("input[type=text], input[type=email], input:not([type])").first.fill(address)
        secret = form.locator("input[type=password]")
        secret.fill(password)
        with page.expect_navigation():
            secret.press("Enter")
        assert form.count() == 0, f"{handle} could not sign in: {page.inner_text('main')[:500]}"

    return through_the_form


def assert_accessible(page: Page) -> None:
    """Fail with every violation of WCAG 2.2 AA or good practice that axe finds on the open page."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}}).response["violations"]
    report = [f"{fault['id']} ({fault['impact']}): {fault['help']}\n" + "\n".join(_where(fault)) for fault in found]
    assert not found, f"{page.url} breaks {len(found)} rules of accessibility:\n" + "\n".join(report)


def _where(fault: dict[str, Any]) -> list[str]:
    return [f"    {node['target']}: {node['html'][:160]}" for node in fault["nodes"][:5]]
