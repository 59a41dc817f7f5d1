"""Whatever others read is asked about before it is published, not posts alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.forum.models import Post, PostRevision
from community.forum.reactions.thanking import Thanks
from community.forum.scheduling.operations import ScheduledNews
from community.forum.suggesting import operations as suggesting
from community.forum.suggesting.models import SuggestedEdit
from knowledge.articles.models import Article, ArticleRevision
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

WORD = "Tr0ub4dor&3"
SECRET = f"It works with password = {WORD} now"
SEND = {
    "suggested text": ("/posts/{post}/suggestion", "#suggest-form", {"body": SECRET, "reason": "Better"}),
    "suggestion's reason": ("/posts/{post}/suggestion", "#suggest-form", {"body": "Wait a while.", "reason": SECRET}),
    "accepted text": ("/suggested-edits/{suggestion}", "#accept-form", {"body": SECRET}),
    "refusal": ("/suggested-edits/{suggestion}", "#refuse-form", {"word": SECRET}),
    "edit's reason": ("/posts/{post}/edit", "#edit-form", {"body": "Wait a while.", "reason": SECRET}),
    "closing": ("/threads/{thread}/closing", "#arrange-form", {"reason": SECRET}),
    "merging": ("/threads/{thread}/merging", "#arrange-form", {"reason": SECRET, "other": "{other}"}),
    "moving": ("/threads/{thread}/moving", "#arrange-form", {"reason": SECRET, "space": "office"}),
    "hiding": ("/posts/{post}/hiding", "main form", {"reason": SECRET}),
    "article": ("/articles/{article}/edit", "#article-form", {"resolution": SECRET}),
    "article's environment": ("/articles/{article}/edit", "#article-form", {"environment": f"password: {WORD}"}),
    "news": ("/news/scheduled/new", "#news-form", {"title": "New client", "body": SECRET, "space": "home", "at": ""}),
}
BY_MEMBER = {"suggested text", "suggestion's reason"}


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Two threads with a reply, a suggestion to it, and an article."""
    home, ann = a_space("home"), a_member("ann")
    a_space("office")
    a_member("meg", role="manager")
    thread, bob = a_thread(home, ann), a_member("bob")
    post = a_reply(thread, ann, "Pull the cable.")
    made = suggesting.suggest(post, member_id=bob.id, title="", body="Pull the blue cable.", reason="Which one")
    other, article = a_thread(home, ann), an_article(ann, published=True)
    rows = {"thread": thread, "post": post, "suggestion": made, "other": other, "article": article}
    return {name: row.id for name, row in rows.items()}


def everything() -> str:
    """All texts that were kept."""
    db.session.expire_all()
    columns = (Post.body, PostRevision.body, PostRevision.reason, SuggestedEdit.body, SuggestedEdit.reason)
    more = (SuggestedEdit.word, ScheduledNews.body, Article.resolution, ArticleRevision.environment, Thanks.line)
    kept = [value for column in (*columns, *more, EventRecord.payload) for value in db.session.scalars(select(column))]
    return "\n".join(map(str, kept))


def asked(visitor: Visitor, send: Callable[[], object]) -> None:
    """It is asked about, and nothing was kept."""
    send()
    assert "This looks like a password" in visitor.text
    assert WORD in visitor.select("#guard mark")[0].text
    assert WORD not in everything()


@pytest.mark.parametrize("what", SEND)
def test_it_is_asked_about_and_masked(ids: dict[str, int], login_as: LoginAs, what: str) -> None:
    path, form, fields = SEND[what]
    given = {name: value.format(**ids) for name, value in fields.items()}
    if "at" in given:
        given["at"] = (utcnow() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    who = login_as("bob" if what in BY_MEMBER else "meg")
    who.get(path.format(**ids))
    asked(who, lambda: who.submit(form, follow=False, status=422, **given))
    who.submit(form, follow=False)
    assert who.status == 302
    assert WORD not in everything() and "[password]" in everything()


def test_a_line_of_thanks(ids: dict[str, int], login_as: LoginAs) -> None:
    bob, path = login_as("bob"), f"/posts/{ids['post']}/thanks"
    bob.post(path, {}, status=302)
    asked(bob, lambda: bob.post(path, {"line": SECRET}, status=422))
    bob.submit("main form", follow=False)
    assert "[password]" in everything()


def test_a_masked_line_that_grows_too_long_is_said_beside_the_field(ids: dict[str, int], login_as: LoginAs) -> None:
    bob, path = login_as("bob"), f"/posts/{ids['post']}/thanks"
    line = "password=Ab1x " + "a " * 63
    bob.post(path, {"line": line}, status=422)
    if bob.select("#guard"):
        bob.submit("main form", follow=False, status=422)
        assert bob.select("#line-error") and "[password]" in str(bob.select("#line")[0]["value"])
    assert "Ab1x" not in everything()


def test_what_an_article_said_before_is_not_asked_about(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"), resolution=SECRET)
    ann = login_as("ann")
    ann.get(f"/articles/{article.id}/edit")
    ann.submit("#article-form", title="Another title of it")
    assert article.title == "Another title of it"
