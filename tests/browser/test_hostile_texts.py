"""Two hundred hostile texts wherever people type, in a real browser: nothing runs, nothing is asked of elsewhere."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Request
from sqlalchemy import select

from community.core.db import db
from community.forum import operations
from community.forum.models import Post, Thread
from community.spaces.models import Space
from tests.browser.conftest import LiveServer, SignIn
from tests.factories import a_member, a_space
from tests.security.running import PAYLOADS, line_of

BATCH = 20
SCHEMES = "[...new Set([...document.querySelectorAll('[href]')].map((link) => new URL(link.href, location).protocol))]"


def hostile_threads(server: LiveServer) -> list[int]:
    """A thread for each text, as title, name, tag and field; every twentieth holds twenty of them as replies."""
    with server.data():
        a_space("home", name=line_of(PAYLOADS[0], 60))
        a_member("ann")
    # A transaction for each batch: the worker of the server writes meanwhile.
    return [written(server, start) for start in range(0, len(PAYLOADS), BATCH)]


def written(server: LiveServer, start: int) -> int:
    texts = PAYLOADS[start : start + BATCH]
    with server.data():
        threads = [one(start + number, text) for number, text in enumerate(texts)]
        first = threads[0].id
    with server.data():
        fill(db.session.get_one(Thread, first), texts)
    return first


def one(number: int, text: str) -> Thread:
    line = line_of(text)
    author = a_member(f"h{number}", name=line[:60])
    fields = [{"key": f"f{number}", "label": line[:80], "look": "text", "value": text}]
    thread = operations.start_thread(
        space=db.session.scalars(select(Space)).one(),
        author_id=author.id,
        kind="question",
        title=line,
        body=text,
        fields=fields,
    )
    thread.tags = [line[:40]]
    return thread


def fill(thread: Thread, texts: list[str]) -> None:
    """Twenty texts in one page: as replies, as names of files, and as fields."""
    thread.fields = [
        {"key": f"k{n}", "label": line_of(text, 80), "look": "text", "value": text} for n, text in enumerate(texts)
    ]
    thread.tags = [line_of(text, 40) for text in texts]
    for text in texts:
        post: Post = operations.reply(thread, author_id=thread.author_id, body=text)
        post.attachments = [{"key": "0123456789.txt", "name": line_of(text, 120), "kind": "file", "size": 1}]


def test_nothing_runs_and_nothing_is_asked_of_elsewhere(page: Page, live_server: LiveServer, sign_in: SignIn) -> None:
    threads = hostile_threads(live_server)
    sign_in(page, "ann")
    elsewhere: list[str] = []
    ran: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(live_server.url).netloc:
            elsewhere.append(request.url)

    page.on("request", note)
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    lists = [f"/threads?page={number}" for number in range(1, len(PAYLOADS) // 25 + 1)]
    for address in [*(f"/threads/{id_}" for id_ in threads), *lists, "/tags", "/people", "/spaces", "/ask"]:
        answer = page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert answer.ok or answer.status == 404
        assert urlsplit(page.url).path == urlsplit(address).path
        assert set(page.evaluate(SCHEMES)) <= {"http:", "https:", "mailto:"}
    assert ran == []
    assert elsewhere == []
