"""The same request sent many times at once: what it does is done, told and counted once."""

import contextvars
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from bridge.queries import operations
from bridge.queries.models import Query, QueryStep, QueryThread
from community.core.db import db
from community.core.events import EventRecord
from community.forum import operations as forum
from community.forum.models import Post, Thread
from gamification.models import LedgerEntry
from knowledge.articles.models import Article, ArticleFeedback
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.factories.knowledge import an_article
from tests.visit import Visitor

TIMES = 6
Press = Callable[..., list[int]]
PROMOTION = {"query_class": "incident", "impact": "2", "urgency": "2"}


@pytest.fixture
def press(app: Flask) -> Press:
    """`press(ann, path, data)`: the same request TIMES times at once, in turn by the people given; the answers."""

    def pressing(people: Visitor | list[Visitor], path: str, data: Mapping[str, str] | None = None) -> list[int]:
        chosen = people if isinstance(people, list) else [people]
        cookies = []
        for person in chosen:
            person.get("/help")
            cookie = person.client.get_cookie("isthmus")
            assert cookie is not None
            cookies.append((cookie.value, person.page.csrf_token))
        db.session.commit()
        start = Barrier(TIMES)

        def one(number: int) -> int:
            value, token = cookies[number % len(cookies)]
            client = app.test_client()
            client.set_cookie("isthmus", value)
            start.wait()
            return client.post(path, data={**(data or {}), "csrf_token": token}).status_code

        with ThreadPoolExecutor(TIMES) as pool:
            answers = list(pool.map(lambda number: contextvars.Context().run(one, number), range(TIMES)))
        db.session.expire_all()
        return answers

    return pressing


def counted(table: type[object], *conditions: object) -> int:
    """Rows of a table."""
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def facts(name: str) -> int:
    """How often something was recorded to have happened."""
    return counted(EventRecord, EventRecord.name == name)


def steps(kind: str) -> int:
    """How often a step is on the record."""
    return counted(QueryStep, QueryStep.kind == kind)


def test_an_article_helped_once(app: Flask, press: Press, login_as: LoginAs, run_jobs: RunJobs) -> None:
    article = an_article(a_member("author"), published=True)
    a_member("ann")
    assert press(login_as("ann"), f"/articles/{article.id}/feedback", {"helped": "yes"}) == [302] * TIMES
    assert db.session.get_one(Article, article.id).helped_count == 1
    assert (counted(ArticleFeedback), facts("knowledge.article.helped")) == (1, 1)
    before = counted(LedgerEntry)
    run_jobs()
    entries = counted(LedgerEntry)
    run_jobs()
    assert before < entries == counted(LedgerEntry)


def test_yes_and_no_at_once_leave_one_answer(app: Flask, login_as: LoginAs, press: Press) -> None:
    article = an_article(a_member("author"), published=True)
    a_member("ann")
    ann = login_as("ann")
    for answer in ("yes", "no"):
        press(ann, f"/articles/{article.id}/feedback", {"helped": answer})
        found = db.session.get_one(Article, article.id)
        assert (found.helped_count, found.not_helped_count) == ((1, 0) if answer == "yes" else (0, 1))
    assert counted(ArticleFeedback) == 1


def test_one_article_comes_of_a_thread(app: Flask, login_as: LoginAs, press: Press) -> None:
    space = a_space()
    thread = a_thread(space, a_member("ann"))
    a_member("priya", super_user_in=[space])
    answers = press([login_as("ann"), login_as("priya")], f"/threads/{thread.id}/article")
    assert set(answers) == {302}
    assert (counted(Article), facts("knowledge.article.drafted")) == (1, 1)


def test_an_article_is_validated_and_published_once(app: Flask, login_as: LoginAs, press: Press) -> None:
    article = an_article(a_member("author"))
    a_member("jonas", role="agent")
    a_member("lea", role="agent")
    people = [login_as("jonas"), login_as("lea")]
    for noun, fact in (("validation", "validated"), ("publication", "published"), ("archiving", "archived")):
        answers = press(people, f"/articles/{article.id}/{noun}")
        assert (answers.count(302), facts(f"knowledge.article.{fact}")) == (1, 1)


def test_a_thread_is_promoted_once_whoever_does_it(
    app: Flask, login_as: LoginAs, press: Press, run_jobs: RunJobs
) -> None:
    space = a_space()
    thread = a_thread(space, a_member("ann"))
    a_member("priya", super_user_in=[space])
    answers = press([login_as("ann"), login_as("priya")], f"/threads/{thread.id}/promotion", PROMOTION)
    assert set(answers) == {302}
    assert (counted(Query), counted(QueryThread), steps("received"), facts("bridge.query.received")) == (1, 1, 1, 1)
    run_jobs()


def test_a_thread_joins_once(app: Flask, login_as: LoginAs, press: Press, run_jobs: RunJobs) -> None:
    query = a_query(a_thread(title="VPN asks for the code twice"))
    mine = a_thread(author=a_member("ann"), title="VPN asks twice for the code")
    answers = press(login_as("ann"), f"/threads/{mine.id}/promotion", {"join": str(query.id)})
    assert set(answers) == {302}
    assert (counted(QueryThread), steps("joined")) == (2, 1)
    assert db.session.get_one(Query, query.id).people_affected == 2
    run_jobs()


@pytest.mark.parametrize(("noun", "data", "step"), [
    ("acknowledgement", {}, "acknowledged"),
    ("resolution", {"text": "Restart it"}, "resolved"),
    ("decline", {"text": "Not ours"}, "declined"),
])  # fmt: skip
def test_the_desk_does_once_what_two_agents_send_at_once(
    app: Flask, noun: str, data: dict[str, str], step: str, login_as: LoginAs, press: Press, run_jobs: RunJobs
) -> None:
    query = a_query(thread := a_thread())
    a_member("jonas", role="agent")
    a_member("lea", role="agent")
    answers = press([login_as("jonas"), login_as("lea")], f"/desk/queries/{query.id}/{noun}", data)
    assert sorted(answers) == [302] + [422] * (TIMES - 1)
    assert (steps(step), facts(f"bridge.query.{step}")) == (1, 1)
    said = counted(Post, Post.thread_id == thread.id, Post.number > 1)
    assert said == (1 if data else 0)
    run_jobs()


def test_a_query_is_closed_once(app: Flask, login_as: LoginAs, press: Press) -> None:
    query, jonas = a_query(), a_member("jonas", role="agent")
    operations.resolve(query, "Restart it", by_id=jonas.id)
    answers = press(login_as("jonas"), f"/desk/queries/{query.id}/closure")
    assert sorted(answers) == [302] + [422] * (TIMES - 1)
    assert (steps("closed"), facts("bridge.query.closed")) == (1, 1)


def test_a_query_is_reopened_once(app: Flask, login_as: LoginAs, press: Press) -> None:
    thread = a_thread(author=a_member("ann"))
    query, jonas = a_query(thread), a_member("jonas", role="agent")
    operations.resolve(query, "Restart it", by_id=jonas.id)
    answers = press(login_as("ann"), f"/queries/{query.reference}/reopening", {"still": "It still drops"})
    assert sorted(answers) == [302] + [404] * (TIMES - 1)
    assert (steps("reopened"), db.session.get_one(Query, query.id).reopen_count) == (1, 1)
    assert counted(Post, Post.thread_id == thread.id, Post.author_id == thread.author_id, Post.number > 1) == 1


def test_who_claims_a_query_many_times_claims_it_once(
    app: Flask, login_as: LoginAs, press: Press, run_jobs: RunJobs
) -> None:
    query, jonas = a_query(), a_member("jonas", role="agent")
    answers = press(login_as("jonas"), f"/desk/queries/{query.id}/assignment", {"assignee": str(jonas.id)})
    assert set(answers) <= {302, 422}
    assert db.session.get_one(Query, query.id).assignee_id == jonas.id
    run_jobs()
    assert (steps("assigned"), facts("bridge.query.assigned")) == (1, 1)


def test_points_for_an_accepted_answer_are_given_once(
    app: Flask, login_as: LoginAs, press: Press, run_jobs: RunJobs
) -> None:
    thread = a_thread(author=a_member("ann"))
    post = a_reply(thread, helper := a_member("bob"))
    assert press(login_as("ann"), f"/posts/{post.id}/acceptance") == [302] * TIMES
    assert db.session.get_one(Thread, thread.id).solution_id == post.id
    run_jobs()
    rules = list(db.session.scalars(select(LedgerEntry.rule).where(LedgerEntry.member_id == helper.id)))
    assert rules
    assert sorted(rules) == sorted(set(rules))


def test_an_answer_is_accepted_once(app: Flask, login_as: LoginAs, press: Press) -> None:
    post = a_reply(a_thread(author=a_member("ann")))
    press(login_as("ann"), f"/posts/{post.id}/acceptance")
    assert facts("forum.answer.accepted") == 1


def test_an_answer_is_taken_back_once(app: Flask, login_as: LoginAs, press: Press) -> None:
    thread = a_thread(author=a_member("ann"))
    forum.accept(thread, a_reply(thread), by_id=thread.author_id)
    press(login_as("ann"), f"/threads/{thread.id}/solution/withdrawal")
    assert db.session.get_one(Thread, thread.id).solution_id is None
    assert facts("forum.answer.unaccepted") == 1
