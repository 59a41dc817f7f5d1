"""Asking experts: the pool hears of it, one answers, the answer comes back, and only its text is published."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Grant, Member
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.policies import Role
from community.forum import operations as forum
from community.forum.models import Post, Thread
from community.notifications.models import Notification
from community.spaces.models import Space
from community.superusers.inner.experts.models import ExpertPool, ExpertQuestion, PoolExpert
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.visit import Visitor

ASKED = {"title": "Why does the tunnel need port 4433", "body": "They ask again and again about port 4433."}
PUBLIC = "It carries the keys of the tunnel."


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


@pytest.fixture
def jo(app: Flask, login_as: LoginAs) -> Visitor:
    """An agent, and an expert."""
    a_member("jo", role="agent")
    return login_as("jo")


@pytest.fixture
def pool(space: Space, mia: Visitor, jo: Visitor) -> ExpertPool:
    """A pool made by the manager, with the agent in it."""
    mia.get("/inner/experts/pools/new")
    mia.submit("#pool-form", name="Network", tags="vpn", people="@jo")
    db.session.expire_all()
    return db.session.scalars(select(ExpertPool)).one()


def asked(sue: Visitor, pool: ExpertPool, thread: Thread | None = None) -> ExpertQuestion:
    """A question, perhaps for the sake of a thread."""
    sue.get("/inner/experts/ask" + (f"?thread={thread.id}" if thread else ""))
    sue.submit("#ask-form", pool=str(pool.id), **ASKED)
    db.session.expire_all()
    return db.session.scalars(select(ExpertQuestion)).one()


def told(handle: str) -> list[str]:
    rows = select(Notification).where(Notification.member_id == member(handle).id, Notification.kind == "expert")
    return [row.title for row in db.session.scalars(rows)]


def test_a_question_goes_there_and_comes_back(
    space: Space, home: Space, pool: ExpertPool, sue: Visitor, jo: Visitor, ann: Visitor, run_jobs: RunJobs
) -> None:
    thread = a_thread(home, member("ann"), tags=["vpn"])
    assert "Ask an expert" in sue.get(f"/threads/{thread.id}").text
    assert "Ask an expert" not in ann.get(f"/threads/{thread.id}").text
    sue.get(f"/inner/experts/ask?thread={thread.id}")
    assert [tag.get("value") for tag in sue.select("#pool option[selected]")] == [str(pool.id)]
    question = asked(sue, pool, thread)
    run_jobs()
    assert told("jo") == [f"A super user asks: {ASKED['title']}"]
    address = f"/inner/experts/questions/{question.id}"
    assert ASKED["title"] in jo.get("/inner").text
    jo.get(address)
    jo.submit(f"{address}/taking")
    run_jobs()
    assert told("sue") == [f"An expert has taken your question: {ASKED['title']}"]
    jo.get(address)
    jo.submit("#answer-form", body=f"{PUBLIC}\n\n[private]Acme pays for it.[/private]")
    run_jobs()
    db.session.refresh(question)
    made = db.session.get_one(Thread, question.inner_thread_id)
    assert (made.space_id, made.author.handle, made.reply_count) == (space.id, "sue", 1)
    assert PUBLIC in sue.get(f"/threads/{made.id}").text
    assert "Time to answer" in sue.get(address).text
    ann.get(f"/threads/{made.id}", status=404)
    sue.get(f"{address}/publication")
    assert PUBLIC in sue.select("#preview-text")[0].text and "Acme" not in sue.html
    sue.submit("#publish-form")
    words = ann.get(f"/threads/{thread.id}").text
    assert PUBLIC in words
    for secret in ("Acme", "Network", "port 4433", "Jo"):
        assert secret not in ann.select("main")[0].text
    sue.get(f"{address}/publication", status=404)
    posts = db.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number > 1)).all()
    assert [(post.author.handle, post.body) for post in posts] == [("sue", PUBLIC)]


def test_nobody_else_finds_a_question(
    space: Space, home: Space, pool: ExpertPool, sue: Visitor, ann: Visitor, visitor: Visitor, login_as: LoginAs
) -> None:
    a_member("bo", role="agent")
    a_member("sam", super_user_in=[home])
    question = asked(sue, pool)
    address = f"/inner/experts/questions/{question.id}"
    for other in (login_as("bo"), login_as("sam"), ann):
        other.get(address, status=404)
        for verb in ("taking", "return", "answer", "publication"):
            other.post(f"{address}/{verb}", {"body": "Words of a stranger"}, status=404)
        for page in ("/", "/threads", "/search?q=4433", f"/spaces/{home.slug}", "/feeds/own", "/notifications"):
            assert "4433" not in other.get(page).text.replace("q=4433", "").replace("“4433”", "")
    for insider in (login_as("bo"), login_as("sam")):
        assert "4433" not in insider.get("/inner/experts").text
        insider.get("/inner/experts/pools/new", status=404)
    ann.get("/inner/experts", status=404)
    visitor.get(address, status=302)


def test_who_is_silenced_publishes_nothing(
    space: Space, home: Space, pool: ExpertPool, sue: Visitor, jo: Visitor
) -> None:
    thread = a_thread(home)
    address = f"/inner/experts/questions/{asked(sue, pool, thread).id}"
    jo.get(address)
    jo.submit(f"{address}/taking")
    jo.submit("#answer-form", body=PUBLIC)
    member("sue").silenced_until = utcnow() + timedelta(days=3)
    sue.get(f"{address}/publication")
    sue.submit("#publish-form", status=422)
    assert "write nothing, until" in sue.text
    assert thread.reply_count == 0
    member("sue").silenced_until = None
    sue.submit("#publish-form")
    assert thread.reply_count == 1


def test_what_an_expert_took_who_left_the_pool_waits_again(
    space: Space, pool: ExpertPool, mia: Visitor, sue: Visitor, jo: Visitor, login_as: LoginAs
) -> None:
    a_member("bo", role="agent")
    address = f"/inner/experts/questions/{asked(sue, pool).id}"
    jo.get(address)
    jo.submit(f"{address}/taking")
    mia.get(f"/inner/experts/pools/{pool.id}")
    mia.submit("#pool-form", people="@bo")
    bo = login_as("bo")
    bo.get(address)
    bo.submit(f"{address}/taking")
    db.session.expire_all()
    assert db.session.scalars(select(ExpertQuestion.taken_by_id)).one() == member("bo").id


def test_an_expert_who_leaves_the_provider_reads_nothing_more(
    space: Space, pool: ExpertPool, sue: Visitor, jo: Visitor, home: Space, run_jobs: RunJobs
) -> None:
    question = asked(sue, pool)
    address = f"/inner/experts/questions/{question.id}"
    jo.get(address)
    expert = member("jo")
    expert.role = str(Role.MEMBER)
    db.session.add(Grant(member_id=expert.id, space_id=home.id, kind="super_user"))
    jo.get(address, status=404)
    run_jobs()
    assert told("jo") == []


def test_a_super_user_whose_term_is_over_reads_nothing_more(space: Space, pool: ExpertPool, sue: Visitor) -> None:
    question = asked(sue, pool)
    sue.get(f"/inner/experts/questions/{question.id}")
    for grant in db.session.scalars(select(Grant).where(Grant.member_id == member("sue").id)):
        db.session.delete(grant)
    sue.get(f"/inner/experts/questions/{question.id}", status=404)


def test_a_thread_that_not_everybody_reads_names_nothing(
    space: Space, home: Space, pool: ExpertPool, sue: Visitor, mia: Visitor, ann: Visitor
) -> None:
    thread = a_thread(home, member("ann"), title="Payroll of Acme is broken")
    forum.restrict(thread, by_id=None)
    sue.get(f"/inner/experts/ask?thread={thread.id}", status=404)
    mia.get(f"/inner/experts/ask?thread={thread.id}")
    assert mia.select("#title")[0].get("value") == ""


def test_only_people_of_the_provider_are_experts(space: Space, mia: Visitor, sue: Visitor) -> None:
    mia.post("/inner/experts/pools/new", {"name": "Network", "people": "@sue"}, status=422)
    assert "“sue” is nobody of the provider" in mia.text


def test_one_of_many_takes_it(app: Flask, space: Space, pool: ExpertPool, sue: Visitor, login_as: LoginAs) -> None:
    handles = [f"expert{number}" for number in range(4)]
    for handle in handles:
        a_member(handle, role="agent")
    people = [login_as(handle) for handle in handles]
    db.session.add_all(PoolExpert(pool_id=pool.id, member_id=member(handle).id) for handle in handles)
    question = asked(sue, pool)
    for person in people:
        person.get(f"/inner/experts/questions/{question.id}")
    question_id = question.id
    db.session.commit()
    start = Barrier(len(people))

    def press(person: Visitor) -> None:
        start.wait()
        person.post(f"/inner/experts/questions/{question_id}/taking", {})

    with ThreadPoolExecutor(len(people)) as workers:
        list(workers.map(press, people))
    db.session.expire_all()
    facts = db.session.scalars(select(EventRecord).where(EventRecord.name == "inner.expert.took")).all()
    assert [fact.actor_id for fact in facts] == [question.taken_by_id]
