"""Profile cards and the page of a standing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from community.core import cli as kernel
from community.core import events
from community.core.db import at_time, db
from community.forum import operations
from gamification.cli import gamification
from gamification.public import standing_of
from knowledge.events import ArticleHelped, ArticlePublished
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


def test_profile_shows_standing_badges_and_help(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    kim = a_member("kim")
    thread = a_thread(title="Docking station forgets the second screen")
    post = a_reply(thread, kim)
    operations.accept(thread, post, by_id=thread.author_id)
    operations.mark_helpful(post, member_id=a_member().id)
    run_jobs()
    visitor.get("/people/kim")
    assert "Standing: member, second of four levels" in visitor.text
    assert "20 points" in visitor.text
    assert "130 points more" in visitor.text
    assert "Accepted answers 15" in visitor.text
    assert "First light A first answer was accepted" in " ".join(visitor.text.split())
    assert "1 of 8" in visitor.text
    assert "Docking station forgets the second screen" in visitor.text


def test_profile_of_somebody_new_says_how_to_begin(app: Flask, visitor: Visitor) -> None:
    a_member("new")
    visitor.get("/people/new")
    assert "first of four levels" in visitor.text
    assert "0 of 8" in visitor.text
    assert "Nothing yet that you may see" in visitor.text


def test_titles_are_shown_to_those_who_may_read_them(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    space = a_space("inner", visibility="private")
    kim = a_member("kim", member_of=[space])
    thread = a_thread(space, title="The secret of the boiler room")
    operations.accept(thread, a_reply(thread, kim), by_id=thread.author_id)
    run_jobs()
    member = login_as("kim")
    for path in ("/people/kim", "/people/kim/standing"):
        visitor.get(path)
        assert "15" in visitor.text
        assert "boiler" not in visitor.html
        member.get(path)
        assert "boiler" in member.text


def test_standing_lists_every_entry_with_its_reason(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    kim, voter = a_member("kim"), a_member()
    posts = [a_reply(a_thread(), kim) for _number in range(9)]
    with at_time(datetime(2026, 3, 2, 8, tzinfo=UTC)):
        for post in posts:
            operations.mark_helpful(post, member_id=voter.id)
    run_jobs()
    operations.hide_post(posts[0], by_id=voter.id, reason="spam")
    run_jobs()
    operations.restore_post(posts[0], by_id=voter.id)
    run_jobs()
    visitor.get("/people/kim/standing")
    for words in (
        "Above the limit of 40 points a day",
        "Taken back: A post was found helpful",
        "There is room again below the limit of the day",
        "Given again: A post was found helpful",
        "40 points",
        "An article was published",
    ):
        assert words in visitor.text
    assert len(visitor.select("tbody tr")) == 14
    visitor.get("/people/nobody/standing", status=404)


def test_a_long_ledger_is_paged(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    kim = a_member("kim")
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    for number in range(31):
        events.record(
            ArticlePublished(actor_id=kim.id, article_id=1000 + number, author_id=kim.id),
            at=start + timedelta(days=number),
        )
    run_jobs()
    visitor.get("/people/kim/standing")
    assert "1 to 30 of 31" in visitor.text
    visitor.get("/people/kim/standing", page="2")
    assert len(visitor.select("tbody tr")) == 1
    visitor.get("/people/kim")
    assert "highest of four levels" in visitor.text
    assert "This is the highest level" in visitor.text


def test_an_article_that_helps_five_people_is_a_lighthouse(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    kim = a_member("kim")
    for _number in range(5):
        events.record(ArticleHelped(actor_id=a_member().id, article_id=1, author_id=kim.id))
    run_jobs()
    visitor.get("/people/kim")
    assert "One article helped five people" in visitor.text


def test_cards_cost_the_same_however_long_the_ledger(
    app: Flask, visitor: Visitor, run_jobs: RunJobs, count_statements: CountStatements
) -> None:
    kim = a_member("kim")
    counts = []
    for _round in range(2):
        for _number in range(4):
            thread = a_thread()
            operations.accept(thread, a_reply(thread, kim), by_id=thread.author_id)
        run_jobs()
        with count_statements() as sent:
            visitor.get("/people/kim")
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_rebuild_command(app: Flask, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    thread = a_thread()
    post = a_reply(thread)
    operations.accept(thread, post, by_id=thread.author_id)
    author_id = post.author_id
    db.session.commit()
    monkeypatch.setattr(kernel, "application", lambda: app)
    result = CliRunner().invoke(gamification, ["rebuild"])
    assert result.exit_code == 0, result.output
    assert "Standings follow from 2 facts." in result.output
    assert standing_of(author_id).points == 15
