"""What is private to an article: on no page, in no feed, letter, piece of news, hit or header of others."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from community.core.jobs import Delivery
from community.forum import operations as forum
from community.forum.models import Thread
from community.notifications.models import Notification
from community.spaces.models import Space
from knowledge.articles import operations
from knowledge.articles.models import Article, Audience
from knowledge.articles.operations import Content
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.security.visiting import every_address, known, narrowed, seen_by

PARTS = ("title", "issue", "resolution", "cause", "name", "value", "tag", "reason", "before")
DRAFT, INNER, PUT_APART = "draft", "inner", "apart"
# Whose words each may read: writers of the space all, authors their own, members of a space what is for them.
MAY_READ = {
    "anonymous": (),
    "eve": (),
    "farmod": (),
    "ann": (DRAFT,),
    "insider": (INNER,),
    "priya": (DRAFT, PUT_APART),
    "jonas": (DRAFT, INNER, PUT_APART),
}


def word(kind: str, part: str) -> str:
    """The word that stands in one part of one article only."""
    return f"zqx{kind}{part}zqx"


def words_of(kind: str) -> set[str]:
    """All planted words of one article."""
    return {word(kind, part) for part in PARTS}


def content(kind: str, more: str = "") -> Content:
    """An article full of planted words, and of words that everything here has in common."""
    return Content(
        title=f"{word(kind, 'title')}{more} vpn drops",
        issue=f"{word(kind, 'issue')}{more} vpn @eve",
        resolution=f"{word(kind, 'resolution')}{more} vpn @eve",
        cause=f"{word(kind, 'cause')}{more} vpn @eve",
        environment=[[word(kind, "name"), word(kind, "value")]],
        tags=["hushed", word(kind, "tag")],
    )


def an_article_of(kind: str, author: Member, thread: Thread) -> Article:
    """Drafted from the thread and saved a second time; what it said before has a word of its own."""
    audience = Audience.PUBLIC if thread.space.is_open else Audience.SPACE
    first = Content(title="vpn drops", issue=f"{word(kind, 'before')} vpn @eve", resolution="x")
    place = {"space_id": thread.space_id, "audience": audience, "thread_id": thread.id}
    article = operations.draft(first, author_id=author.id, **place)  # type: ignore[arg-type]
    operations.edit(article, content(kind), editor_id=author.id, reason=word(kind, "reason"))
    return article


def publish(article: Article, by: Member) -> None:
    """A second person finds it right and shows it to its audience."""
    operations.validate(article, by_id=by.id)
    operations.publish(article, by_id=by.id)


def people() -> dict[str, Member]:
    """Authors, a writer of the space, one of another, the desk, and somebody who is mentioned everywhere."""
    home, far, inner = a_space("home"), a_space("far"), a_space("inner", visibility="members")
    return {
        "jonas": a_member("jonas", role="agent"),
        "ann": a_member("ann"),
        "eve": a_member("eve"),
        "priya": a_member("priya", super_user_in=[home]),
        "farmod": a_member("farmod", super_user_in=[far]),
        "insider": a_member("insider", member_of=[inner]),
    }


@pytest.fixture
def planted(app: Flask, run_jobs: RunJobs) -> dict[str, Member]:
    """A draft, a published article of a members-only space, and one that lost its validation before it was shown."""
    who = people()
    space = {row.slug: row for row in db.session.scalars(select(Space))}
    source = a_thread(space["home"], who["ann"], title="vpn drops here", tags=["hushed"])
    forum.have_too(source, member_id=who["eve"].id)
    forum.accept(source, a_reply(source), by_id=who["ann"].id)
    inside = a_thread(space["inner"], who["insider"], title="vpn drops inside")
    forum.have_too(inside, member_id=who["eve"].id)
    other = a_thread(space["home"], who["jonas"], title="vpn drops there", tags=["hushed"])
    forum.have_too(other, member_id=who["eve"].id)
    run_jobs()
    an_article_of(DRAFT, who["ann"], source)
    publish(an_article_of(INNER, who["insider"], inside), who["jonas"])
    apart = an_article_of(PUT_APART, who["jonas"], other)
    operations.validate(apart, by_id=who["priya"].id)
    operations.archive(apart, by_id=who["priya"].id)
    run_jobs()
    return who


@pytest.mark.parametrize("handle", MAY_READ)
def test_what_is_private_to_an_article_is_in_no_answer(
    app: Flask, planted: dict[str, Member], handle: str, login_as: LoginAs
) -> None:
    client = app.test_client() if handle == "anonymous" else login_as(handle).client
    addresses = [*every_address(app, known()), *narrowed(("vpn", "vpn drops", "eve"), ("hushed",))]
    needles = words_of(DRAFT) | words_of(INNER) | words_of(PUT_APART)
    seen = seen_by(client, addresses, needles)
    allowed = set().union(*(words_of(kind) for kind in MAY_READ[handle]))
    assert {needle: where for needle, where in seen.items() if needle not in allowed} == {}
    assert set(seen) == allowed, "what may be read was not visited"


def test_nobody_is_told_of_articles_they_may_not_read(app: Flask, planted: dict[str, Member]) -> None:
    needles = words_of(DRAFT) | words_of(INNER) | words_of(PUT_APART)
    eve = planted["eve"]
    told = [f"{row.title} {row.url}" for row in db.session.scalars(select(Notification)) if row.member_id == eve.id]
    told += [str(row.args) for row in db.session.scalars(select(Delivery)) if row.args.get("to") == eve.email]
    told += [str(row.payload) for row in db.session.scalars(select(EventRecord))]
    assert not [text for text in told for needle in needles if needle in text]


def test_what_an_article_said_before_stands_in_its_history_only(
    app: Flask, planted: dict[str, Member], login_as: LoginAs, run_jobs: RunJobs
) -> None:
    article = db.session.scalars(select(Article).where(Article.author_id == planted["ann"].id)).one()
    publish(article, planted["priya"])
    operations.edit(article, content(DRAFT, "new"), editor_id=planted["priya"].id)
    run_jobs()
    old = {word(DRAFT, "before"), word(DRAFT, "title") + " "}
    addresses = [*every_address(app, known()), *narrowed(("vpn", "vpn drops"), ("hushed",))]
    seen = seen_by(login_as("eve").client, addresses, old)
    history = f"/articles/{article.id}/revisions"
    assert {where for places in seen.values() for where in places} <= {history}


def test_a_published_article_that_is_taken_out_of_view_leaves_nothing_behind(
    app: Flask, planted: dict[str, Member], run_jobs: RunJobs
) -> None:
    """An open space becomes members-only: its articles are found by their new audience alone."""
    article = db.session.scalars(select(Article).where(Article.author_id == planted["ann"].id)).one()
    publish(article, planted["priya"])
    run_jobs()
    addresses = [*every_address(app, known()), *narrowed(("vpn", "vpn drops"), ("hushed",))]
    assert seen_by(app.test_client(), addresses, words_of(DRAFT))
    article.audience = Audience.SPACE.value
    db.session.get_one(Space, article.space_id).visibility = "members"
    operations.edit(article, content(DRAFT), editor_id=planted["priya"].id)
    db.session.commit()
    assert seen_by(app.test_client(), addresses, words_of(DRAFT)) == {}  # before the index knows it
    run_jobs()
    assert seen_by(app.test_client(), addresses, words_of(DRAFT)) == {}
