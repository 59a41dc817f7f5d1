"""A community that came from elsewhere goes on: an old question crosses to the desk and comes back as an article."""

import pytest
from flask import Flask

from community.core.db import db
from community.core.policies import Role
from community.forum.models import Thread
from tests.community.importing.conftest import Import
from tests.community.importing.stackexchange_dumps import NO_SAMPLES, sample_dumps
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

BICYCLES = sample_dumps("bicycles-meta")
RESOLUTION = "The velodrome committee decided it: see the charter."


# On SQLite only: how the import fares on each database is tested beside it, and the way of a question is the same.
@pytest.mark.skipif(not BICYCLES, reason=NO_SAMPLES)
@pytest.mark.databases("sqlite")
def test_an_old_question_is_settled_and_becomes_knowledge(
    app: Flask, bring_in: Import, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    assert bring_in(BICYCLES[0]).changed
    a_member("jonas", name="Jonas Brandt", role=Role.AGENT)
    a_member("mia", name="Mia Roth", role=Role.MANAGER)
    run_jobs()
    jonas, mia, stranger = login_as("jonas"), login_as("mia"), Visitor(app)

    thread = promoted(jonas)
    page = f"/threads/{thread.id}"
    resolved_at_the_desk(jonas, page)
    accepted(mia, page)
    run_jobs()
    assert thread.state == "solved"

    article = written(jonas, page)
    stranger.get(article, status=404)
    checked_and_published(mia, article)
    run_jobs()

    stranger.get("/search", q="velodrome committee")
    assert article in stranger.links()
    stranger.get(article)
    assert stranger.page.heading == thread.title
    assert RESOLUTION in stranger.text
    assert page in stranger.links()
    stranger.get(page)
    assert "Accepted answer" in stranger.text
    assert article in stranger.links("#linked-articles a")


def promoted(agent: Visitor) -> Thread:
    """The question that waits longest, once the agent has taken it over."""
    agent.get("/desk")
    agent.get("/desk/unanswered")
    rows = agent.select("[data-row]")
    assert len(rows) == 50
    take_over = str(rows[0].select_one(".row__n a")["href"])
    thread = db.session.get_one(Thread, int(take_over.split("/")[2]))
    assert thread.author.email.endswith(".invalid")
    agent.get(take_over)
    assert thread.title in agent.text
    agent.submit("#promotion", query_class="service_request", impact=1, urgency=2, reason="It waited long enough")
    agent.get("/desk/unanswered")
    assert take_over not in agent.links()
    return thread


def resolved_at_the_desk(agent: Visitor, page: str) -> None:
    agent.get("/desk")
    (query,) = dict.fromkeys(link for link in agent.links() if link.startswith("/desk/queries/"))
    agent.get(query)
    agent.submit(f"{query}/acknowledgement")
    agent.submit("#say", button="Propose as the answer", text=RESOLUTION)
    agent.get(page)
    assert "Proposed answer from the service desk" in agent.text


def accepted(manager: Visitor, page: str) -> None:
    """Members who were brought in have no password; somebody who may decides for them."""
    manager.get(page)
    manager.submit(".decide form", button="Yes, accept")
    assert "Accepted answer" in manager.text


def written(agent: Visitor, page: str) -> str:
    agent.get(page)
    agent.submit("#article-offer form")
    agent.submit("#article-form")
    assert "This is a draft." in agent.text
    assert not agent.select("#validation")
    return agent.page.path


def checked_and_published(manager: Visitor, article: str) -> None:
    manager.get(article)
    manager.submit("#validation")
    manager.submit(f"{article}/publication")
    assert "It is published" in manager.text
