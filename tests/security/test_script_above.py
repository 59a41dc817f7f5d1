"""Script in articles, queries, spaces and names: nothing of it runs in any page, letter or feed."""

from collections.abc import Iterable

import pytest
from flask import Flask

from bridge.queries import operations
from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Attachment, Thread
from community.spaces.models import Space
from knowledge.articles import operations as articles
from knowledge.articles.models import Audience
from knowledge.articles.operations import Content
from tests.community.accounts.letters import Letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.security.running import PAYLOADS, faults_of, faults_of_feed, line_of
from tests.security.visiting import every_address, known, narrowed

BREAKING_OUT = [
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    '" onmouseover=alert(1) x="',
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7*'7' }}<script>alert(1)</script>",
    "Subject\r\nBcc: eve@example.org <script>alert(1)</script>",
]
CHOSEN = BREAKING_OUT + PAYLOADS[::40]
PARTS = 2


def written(payload: str, number: int, desk: Member) -> None:
    """A space, an article, a thread and a query, each made of the payload wherever somebody could type it."""
    line = line_of(payload)
    space = a_space(f"place-{number}", name=line_of(payload, 80))
    space.description, space.charter, space.tags = line_of(payload, 300), payload, [line_of(payload, 40)]
    author = a_member(f"author-{number}", name=line_of(payload, 80))
    author.about = payload
    thread = a_thread(space, author, title=line, body=f"{payload}\n\nvpn", tags=[line_of(payload, 40)])
    with_a_file(thread, author, payload)
    answered(thread, author, payload, desk)
    an_article(space, author, thread, payload, desk)


def with_a_file(thread: Thread, author: Member, payload: str) -> None:
    """A reply with a file whose name is the payload."""
    post = a_reply(thread, author, payload)
    key, name = f"{post.id:024d}.txt", line_of(payload, 120)
    post.attachments = [{"key": key, "name": name, "kind": "text", "size": 1}]
    row = {"content_type": "text/plain", "kind": "text", "size": 1, "member_id": author.id}
    db.session.add(Attachment(key=key, post_id=post.id, name=name, **row))


def answered(thread: Thread, author: Member, payload: str, desk: Member) -> None:
    """A query with the payload in each of its words."""
    query = a_query(thread, author, reason=payload)
    operations.classify(query, "service_request", by_id=desk.id, reason=payload)
    operations.note(query, payload, by_id=desk.id)
    operations.ask(query, payload, by_id=desk.id)
    operations.hear(query, by_id=author.id)
    operations.mark_major(query, major=True, by_id=desk.id)
    if thread.id % 3 == 0:
        operations.decline(query, payload, by_id=desk.id)
        return
    operations.resolve(query, payload, by_id=desk.id)
    if thread.id % 3 == 1:
        operations.reopen(query, by_id=desk.id, reason=payload)


def an_article(space: Space, author: Member, thread: Thread, payload: str, desk: Member) -> None:
    """A published article with a history."""
    content = Content(
        title=line_of(payload),
        issue=f"{payload}\n\nvpn",
        resolution=payload,
        cause=payload,
        environment=[[line_of(payload, 60), line_of(payload, 300)]],
        tags=[line_of(payload, 40)],
    )
    first = Content(title="vpn", issue="vpn", resolution="vpn")
    made = articles.draft(first, author_id=author.id, space_id=space.id, audience=Audience.PUBLIC, thread_id=thread.id)
    articles.edit(made, content, editor_id=author.id, reason=line_of(payload, 200))
    articles.validate(made, by_id=desk.id)
    articles.publish(made, by_id=desk.id)


def faults_in(app: Flask, people: Iterable[object], addresses: Iterable[str]) -> list[str]:
    """What could run, on every page and in every feed that these people get."""
    wrong = []
    for person in people:
        for address in addresses:
            answer = person.get(address)  # type: ignore[attr-defined]
            assert answer.status_code < 500, address
            text = answer.get_data(as_text=True) if answer.status_code == 200 else ""
            check = {"text/html": faults_of, "application/atom+xml": faults_of_feed}.get(answer.mimetype)
            wrong += [f"{address}: {fault}" for fault in (check(text) if check and text else [])]
    return wrong


@pytest.mark.databases("sqlite")  # what is escaped does not depend on the database
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_above_the_forum_can_run(
    app: Flask, part: int, login_as: LoginAs, run_jobs: RunJobs, letters: Letters
) -> None:
    desk = a_member("desk", role="admin", name=line_of(BREAKING_OUT[part], 80))
    for number, payload in enumerate(CHOSEN[part::PARTS]):
        written(payload, number, desk)
    run_jobs()
    addresses = [*every_address(app, known()), *narrowed(("vpn", "alert"), ())]
    people = (app.test_client(), login_as("desk").client, login_as("author-0").client)
    assert faults_in(app, people, addresses) == []
    assert {mail.to for mail in letters.sent} > {f"author-{number}@example.org" for number in range(4)}
    for mail in letters.sent:
        assert faults_of(mail.html) == [], mail.subject
        assert not [text for text in (mail.to, mail.subject, *mail.headers.values()) if {"\r", "\n"} & set(text)]
