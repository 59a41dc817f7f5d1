"""What packages above keep of a thread that was merged or named a duplicate: its queries and its articles."""

from flask import Flask
from sqlalchemy import select

from bridge.queries import operations as desk
from bridge.queries.models import Query, QueryThread
from community.accounts.models import Member
from community.core.db import db
from community.forum import operations as forum
from community.forum.arranging import operations as arranging
from community.forum.arranging import posts as arranging_posts
from community.forum.models import Post, Thread
from knowledge.articles.models import ArticleThread
from tests.conftest import RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.bridge import a_query
from tests.factories.knowledge import an_article


def two_threads() -> tuple[Thread, Thread, Member]:
    """Two threads of one space, and who arranges them."""
    space = a_space()
    return a_thread(space, title="Mail is slow"), a_thread(space, title="Mail is late"), a_member(super_user_in=[space])


def links(thread: Thread) -> list[QueryThread]:
    return list(db.session.scalars(select(QueryThread).where(QueryThread.thread_id == thread.id)))


def last_post(thread: Thread) -> Post:
    return db.session.scalars(select(Post).where(Post.thread_id == thread.id).order_by(Post.number.desc())).first()  # type: ignore[return-value]


def test_an_open_query_goes_along(app: Flask, run_jobs: RunJobs) -> None:
    source, target, mod = two_threads()
    forum.have_too(target, member_id=a_member().id)
    query = a_query(source, mod)
    arranging_posts.merge(source, target, by_id=mod.id, reason="same")
    agent = a_member(role="agent")
    desk.reply(query, "Said before the job ran", by_id=agent.id)
    assert last_post(target).body == "Said before the job ran"
    run_jobs()
    assert links(source) == []
    assert [link.topic for link in links(target)] == [""]
    assert (target.state, query.people_affected) == ("desk", 3)
    desk.resolve(query, "Restart the server", by_id=agent.id)
    assert (last_post(target).proposed, target.state) == (True, "resolved")


def test_where_the_target_has_a_query_both_stay_open(app: Flask, run_jobs: RunJobs) -> None:
    source, target, mod = two_threads()
    moved, own = a_query(source, mod), a_query(target, mod)
    arranging_posts.merge(source, target, by_id=mod.id, reason="same")
    run_jobs()
    assert {link.query_id: link.topic for link in links(target)} == {own.id: "", moved.id: f"thread-{source.id}"}
    assert all(link.active for link in links(target))
    agent = a_member(role="agent")
    desk.resolve(moved, "Of the first one", by_id=agent.id)
    assert last_post(target).body == "Of the first one"
    assert target.state == "desk"
    assert db.session.get_one(Query, own.id).status == "new"


def test_articles_keep_their_source(app: Flask, run_jobs: RunJobs) -> None:
    source, target, mod = two_threads()
    first, second = an_article(thread=source, published=True), an_article(thread=target, published=True)
    arranging_posts.merge(source, target, by_id=mod.id, reason="same")
    run_jobs()
    rows = db.session.scalars(select(ArticleThread).where(ArticleThread.thread_id == target.id))
    assert {row.article_id: row.kind for row in rows} == {first.id: "reused", second.id: "source"}


def test_people_of_a_duplicate_count_at_the_desk(app: Flask, run_jobs: RunJobs) -> None:
    thread, other, mod = two_threads()
    forum.have_too(thread, member_id=a_member().id)
    query = a_query(other, mod)
    assert query.people_affected == 1
    arranging.mark_duplicate(thread, other, by_id=mod.id, reason="same")
    run_jobs()
    assert query.people_affected == 3
    arranging.unmark_duplicate(thread, by_id=mod.id)
    run_jobs()
    assert query.people_affected == 1
