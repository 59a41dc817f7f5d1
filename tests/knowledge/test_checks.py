"""Articles that wait for a second person stand in the review inbox, and leave it when they were read."""

from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.moderation.models import Case
from knowledge.articles import operations
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.factories.knowledge import an_article


def test_an_article_waits_until_a_second_person_read_it(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    home = a_space("home")
    a_member("sue", super_user_in=[home])
    a_member("olga", super_user_in=[a_space("far")])
    ann = a_member("ann")
    article = an_article(ann, space=home, title="How to reset the lift")
    content = operations.Content(title=article.title, issue="It stands still.", resolution="Press the button.")
    operations.edit(article, content, editor_id=ann.id)
    run_jobs()
    for handle, found in (("sue", True), ("olga", False)):
        who = login_as(handle)
        who.get("/review")
        assert ("How to reset the lift" in who.text) is found
    login_as("ann").get("/review", status=404)
    sue = login_as("sue")
    sue.get("/review")
    (way,) = {link for link in sue.links("main .case a") if link.startswith("/articles/")}
    sue.get(way)
    sue.post(f"/articles/{article.id}/validation")
    run_jobs()
    assert db.session.scalars(select(Case)).one().decision == "validated"
    sue.get("/review")
    assert "How to reset the lift" not in sue.text
