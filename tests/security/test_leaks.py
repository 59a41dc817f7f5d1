"""The leaks that come back again and again: indirect reads, script in titles, races, account recovery."""

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, url_for
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.markup import clean_text
from community.forum import operations
from community.forum.models import Attachment, Post
from tests.community.accounts.letters import OWN_LINK
from tests.conftest import LoginAs, RunJobs
from tests.core.markup.payloads import ALL
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

CANARY = "qzxcanary"
PAYLOADS = (ALL + [f"{text} {n}" for n, text in enumerate(ALL)])[:200]
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"}
BAD_SCHEME = re.compile(r"^[\x00-\x20]*(javascript|vbscript|data)[\x00-\x20]*:", re.IGNORECASE)


def hidden_things() -> list[int]:
    """Threads that an outsider may not read, each full of canaries; their ids."""
    inner = a_space(f"{CANARY}-inner", visibility="members", name=f"{CANARY} space")
    inner.tags = [f"{CANARY}-tag"]
    author, words = a_member("author", member_of=[inner]), {"tags": [f"{CANARY}-tag"]}
    threads = [
        a_thread(inner, author, title=f"{CANARY} inner vpn", body=f"{CANARY} hello @eve", **words),
        a_thread(author=author, title=f"{CANARY} restricted vpn", body=f"{CANARY} @eve", **words),
        a_thread(author=author, title=f"{CANARY} hidden vpn", body=f"{CANARY} @eve", **words),
    ]
    for thread in threads:
        post = a_reply(thread, author, f"{CANARY} reply vpn to @eve")
        row = {"content_type": "text/plain", "kind": "text", "size": 1, "member_id": author.id}
        db.session.add(Attachment(key=f"{CANARY}{post.id}.txt", post_id=post.id, name=f"{CANARY}.txt", **row))
        operations.edit_post(post, editor_id=author.id, body=f"{CANARY} edited", reason=f"{CANARY} reason")
        operations.have_too(thread, member_id=a_member().id)
    operations.restrict(threads[1], by_id=None)
    opening = db.session.scalars(select(Post).where(Post.thread_id == threads[2].id, Post.number == 1)).one()
    operations.hide_post(opening, by_id=author.id, reason=f"{CANARY} reason")
    shown = a_thread(title="vpn in view")
    reply = a_reply(shown, author, f"{CANARY} hidden reply")
    operations.hide_post(reply, by_id=author.id, reason=f"{CANARY} reason")
    db.session.flush()
    return [thread.id for thread in threads]


def every_page(app: Flask) -> list[str]:
    """Every address that can be opened without knowing more than numbers and handles."""
    paths = []
    numbers = {"int": ["1", "2"], "handle": ["author", "eve"], "slug": [f"{CANARY}-inner", "open"]}
    posts = [str(id_) for id_ in db.session.scalars(select(Post.id))]
    threads = [str(id_) for id_ in db.session.scalars(select(Post.thread_id).distinct())]
    keys = [str(key) for key in db.session.scalars(select(Attachment.key))]
    known = {"post_id": posts, "thread_id": threads, "key": keys, **numbers}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or len(rule.arguments) > 1 or rule.endpoint == "web.design":
            continue
        for value in known.get(next(iter(rule.arguments), ""), [""] if not rule.arguments else []):
            with app.test_request_context():
                paths.append(url_for(rule.endpoint, **dict.fromkeys(rule.arguments, value)))
    words = ("vpn", "q=vpn hello edited", f"tag:{CANARY}-tag", "by:author", f"space:{CANARY}-inner")
    paths += [f"/search?q={word}" for word in words] + [f"/similar?q={word}" for word in ("vpn", "inner vpn")]
    return [*paths, "/threads?order=newest", "/threads?state=solved", "/people?page=1", "/threads?kind=question"]


@pytest.mark.parametrize("who", ["anonymous", "outsider"])
def test_nothing_of_what_is_closed_off_is_read_indirectly(
    app: Flask, who: str, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("eve")
    a_space("open")
    run_jobs()
    hidden_things()
    run_jobs()
    client = login_as("eve").client if who == "outsider" else app.test_client()
    leaking = []
    for path in every_page(app):
        text = client.get(path, headers={"Referer": "/"}).get_data(as_text=True)
        if CANARY in re.sub(r'(href|value|action|data-url)="[^"]*"', "", text.replace(path, "")):
            leaking.append(path)
    assert not leaking


def test_nobody_is_told_of_what_they_may_not_read(app: Flask, run_jobs: RunJobs) -> None:
    eve = a_member("eve")
    hidden_things()
    run_jobs()
    assert eve.unread == 0
    from community.core.jobs import Delivery
    from community.notifications.models import Notification

    assert db.session.scalar(select(Notification.id).where(Notification.member_id == eve.id)) is None
    letters = [str(row.args) for row in db.session.scalars(select(Delivery)) if row.args]
    assert not [letter for letter in letters if eve.email in letter]


def test_related_threads_are_those_the_reader_may_read(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    first = a_thread(title="The printer in hall 2 is jammed")
    run_jobs()
    second = a_thread(title="The printer in hall 3 is jammed")
    run_jobs()
    visitor.get(f"/threads/{second.id}")
    assert "hall 2" in visitor.text
    operations.restrict(first, by_id=None)
    second.touch()
    visitor.get(f"/threads/{second.id}")
    assert "hall 2" not in visitor.text


def faults_of(html: str) -> list[str]:
    """Whatever in a page could run."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [fault for element in tree.iter() if isinstance(element.tag, str) for fault in _faults(element)]


def _faults(element: Element) -> list[str]:
    found = []
    name = str(element.tag).rpartition("}")[2]
    if name == "script" and not (element.get("src") or "").startswith("/assets/"):
        found.append("a script")
    if name in {"iframe", "object", "embed", "base", "applet"}:
        found.append(name)
    for key, value in element.attrib.items():
        attribute = str(key).rpartition("}")[2].lower()
        if attribute.startswith("on") or attribute in {"style", "srcdoc"}:
            found.append(f"{name} {attribute}")
        if attribute in ADDRESSES and BAD_SCHEME.match(value):
            found.append(f"{name} {attribute}={value[:40]}")
    return found


def test_there_are_two_hundred_payloads() -> None:
    assert len(PAYLOADS) == 200
    assert faults_of("<p><img src=x onerror=alert(1)><a href=' java\nscript:x'>")


@pytest.mark.databases("sqlite")  # what is escaped does not depend on the database
@pytest.mark.parametrize("part", range(4))
def test_nothing_that_people_write_can_run(
    app: Flask, part: int, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    boss, space = a_member("boss", role="admin"), a_space("open")
    for number, payload in enumerate(PAYLOADS[part::4]):
        author = a_member(f"p{number}", name=" ".join(clean_text(payload).split())[:80] or "x")
        author.about = payload
        line = " ".join(clean_text(payload).split())  # what forms leave of it
        title, tag = line[:160] or "empty", (line.split() or ["x"])[0][:40]
        thread = a_thread(space, author, title=title, body=f"{payload}\n\n{tag}", tags=[tag])
        post = a_reply(thread, author, payload)
        row = {"content_type": "text/plain", "kind": "text", "size": 1, "member_id": author.id}
        post.attachments = [{"key": f"x{post.id}.txt", "name": payload[:120], "kind": "text", "size": 1}]
        db.session.add(Attachment(key=f"x{post.id}.txt", post_id=post.id, name=payload[:120], **row))
        operations.edit_post(post, editor_id=author.id, body=f"{payload} edited", reason=payload[:200])
        if number % 5 == 0:
            operations.hide_post(post, by_id=boss.id, reason=payload[:300])
    run_jobs()
    looking, wrong = login_as("boss"), []
    for path in pages_of_payloads():
        for who in (visitor, looking):
            page = who.client.get(path)
            faults = faults_of(page.get_data(as_text=True)) if page.status_code == 200 else []
            wrong += [f"{path}: {fault}" for fault in faults]
    assert not wrong


def pages_of_payloads() -> list[str]:
    """Everything that shows what was written; feeds are XML and never parsed as HTML by a browser."""
    threads = sorted(set(db.session.scalars(select(Post.thread_id))))
    replies = list(db.session.scalars(select(Post.id).where(Post.number > 1)))
    handles = list(db.session.scalars(select(Member.handle)))
    lists = ["/", "/threads", "/threads?page=2", "/people", "/spaces/open", "/unanswered", "/search?q=alert"]
    return [
        *lists,
        *(f"/threads/{id_}" for id_ in threads),
        *(f"/posts/{id_}/revisions" for id_ in replies[::3]),
        *(f"/people/{handle}" for handle in handles[::3]),
    ]


@pytest.mark.databases("sqlite")  # the same
def test_feeds_are_well_formed_whatever_is_written(app: Flask) -> None:
    from xml.etree import ElementTree

    for payload in PAYLOADS[::5]:
        a_thread(title=" ".join(clean_text(payload).split())[:160] or "x")
    text = app.test_client().get("/feeds/threads.atom").get_data(as_text=True)
    feed = ElementTree.fromstring(text)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 30


def test_recovery_answers_everybody_alike(app: Flask) -> None:
    known = a_member("known")
    unconfirmed, suspended = a_member("unconfirmed"), a_member("suspended")
    unconfirmed.email_confirmed_at, suspended.suspended_at = None, known.joined_at
    addresses = [known.email, unconfirmed.email, suspended.email, "nobody@example.org"]
    for path, more in (("/forgotten", {}), ("/join", {"name": "Ann", "password": "four quiet herons"})):
        answers = set()
        for address in addresses:
            visitor = Visitor(app)
            visitor.get(path)
            visitor.submit("main form", email=address, **more)
            headers = {key for key, _ in visitor.page.response.headers if key != "Content-Length"}
            answers.add((visitor.status, visitor.html.replace(address, "x"), frozenset(headers)))
        assert len(answers) == 1, path
    for address in addresses:
        visitor = Visitor(app)
        visitor.get("/sign-in")
        visitor.submit("main form", email=address, password="a wrong guess", status=422)
        assert "do not belong together" in visitor.text
    assert OWN_LINK.search("http://localhost/x")
