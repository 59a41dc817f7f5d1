"""What an author marks private is read in the community and goes neither to the desk nor into an article."""

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.handovers.models import DeskMessage, HandOver, ServiceDesk
from bridge.queries.models import QueryThread
from bridge.queries.redaction import redact
from community.core.db import db
from community.core.markup import render, without_private
from community.core.policies import Role
from knowledge.articles.models import Article
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query

CANARY = "Falkenstein 4711"
BODY = f"It stops every night. [private]Our site is {CANARY}.\n\nI restarted {CANARY} twice.[/private] Please help."


@pytest.mark.parametrize(
    ("text", "left", "passages"),
    [
        ("a [private]b[/private] c", "a  c", 1),
        ("a [PRIVATE]b [private]c[/private] d[/private] e", "a  e", 1),
        ("a [private]b\n\n```\nc\n```", "a ", 1),
        ("[private]a[/private][private]b[/private]", "", 2),
        ("a [/private] b", "a [/private] b", 0),
    ],
)
def test_passages_are_found_whatever_is_open_or_nested(text: str, left: str, passages: int) -> None:
    assert without_private(text) == (left, passages)


def test_redacting_says_how_much_stays_and_may_be_repeated() -> None:
    first = redact(BODY)
    assert (first.removed["private"], CANARY in first.text) == (1, False)
    assert redact(first.text).text == first.text


def test_readers_see_the_passage_marked_and_formatted(app: Flask) -> None:
    html = render("a [private]**b** and `c`\n\nd[/private] `[private]e[/private]`").html
    assert '<span class="stays"><strong>b</strong> and <code>c</code></span>' in html
    assert '<span class="stays">d</span> <code>[private]e[/private]</code>' in html


def test_neither_preview_nor_query_nor_desk_nor_article_has_it(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, paper: Paper, desk: ServiceDesk
) -> None:
    space = a_space()
    a_member("priya", super_user_in=[space])
    ann = a_member("ann")
    thread = a_thread(space, ann, body=BODY)
    priya = login_as("priya")
    assert CANARY in priya.get(f"/threads/{thread.id}").text
    preview = priya.get(f"/threads/{thread.id}/promotion")
    assert "1 address, number, secret or private passage is left out." in priya.text
    assert CANARY not in preview.text
    query = a_query(thread)
    run_jobs()
    a_reply(thread, ann, body=f"More: [private]{CANARY}[/private] it goes on.")
    run_jobs()
    (sheet,) = paper.sheets.values()
    assert "Please help." in sheet.outgoing.text
    kept = [db.session.scalars(select(column)).all() for column in (QueryThread.handover, DeskMessage.text)]
    assert CANARY not in repr((sheet, kept, db.session.scalars(select(HandOver.outgoing)).all(), query.title))
    assert any("it goes on" in comment.text for comment in sheet.comments)


def test_an_article_begins_without_it(app: Flask, login_as: LoginAs) -> None:
    space, ann = a_space(), a_member("ann")
    a_member("jonas", role=Role.AGENT)
    thread = a_thread(space, ann, body=BODY)
    login_as("jonas").post(f"/threads/{thread.id}/article")
    article = db.session.scalars(select(Article)).one()
    assert "It stops every night." in article.issue
    assert CANARY not in repr((article.issue, article.resolution))


def test_a_title_leaves_without_addresses(app: Flask, run_jobs: RunJobs, paper: Paper, desk: ServiceDesk) -> None:
    a_query(a_thread(title="Mail to bob.private@example.org bounces"))
    run_jobs()
    (sheet,) = paper.sheets.values()
    assert sheet.outgoing.title == "Mail to [email] bounces"
