"""Lists, search, feedback; and nobody learns of what they may not read."""

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.core.events import EventRecord
from community.forum import operations as forum_operations
from knowledge.articles.models import ArticleFeedback, ArticleThread
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

WORD = "kaleidoscope"


def found(visitor: Visitor) -> list[str]:
    visitor.get("/search", q=WORD)
    return [link for link in visitor.links("main .row__title a") if link.startswith("/articles/")]


def test_search_follows_publishing_and_archiving(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    article = an_article(title=f"Turn the {WORD}", validated_by=a_member())
    a_member("max", role="agent")
    max_in = login_as("max")
    run_jobs()
    assert found(visitor) == found(max_in) == []
    max_in.post(f"/articles/{article.id}/publication")
    run_jobs()
    assert found(visitor) == [f"/articles/{article.id}"]
    max_in.post(f"/articles/{article.id}/archiving")
    assert found(visitor) == []
    run_jobs()
    assert app.extensions["isthmus.search"].count() == 0
    visitor.get(f"/articles/{article.id}")
    assert "This article is archived." in visitor.text
    visitor.get("/knowledge")
    assert f"/articles/{article.id}" not in visitor.links()
    visitor.get("/knowledge", state="archived")
    assert f"/articles/{article.id}" in visitor.links()
    max_in.get(f"/articles/{article.id}/edit")
    max_in.submit("#article-form", resolution="Newer")
    run_jobs()
    assert found(visitor) == [f"/articles/{article.id}"]


def test_members_only_articles_never_reach_outsiders(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    closed = a_space("tern", visibility="members")
    ann = a_member("ann", member_of=[closed])
    thread, other = a_thread(closed, ann), a_thread()
    post = a_reply(thread, ann)
    forum_operations.accept(thread, post, by_id=ann.id)
    article = an_article(ann, thread=thread, title=f"The {WORD} of Tern", published=True)
    a_member("eve")
    a_member("sue", super_user_in=[other.space])
    run_jobs()
    for outsider in (visitor, login_as("eve"), login_as("sue")):
        outsider.get(f"/articles/{article.id}", status=404)
        outsider.get(f"/articles/{article.id}/revisions", status=404)
        outsider.get("/knowledge")
        assert WORD not in outsider.html
        outsider.get("/knowledge", state="draft")
        assert WORD not in outsider.html
        outsider.get("/knowledge", status=404, space="tern")
        assert found(outsider) == []
        outsider.get("/similar", q=f"{WORD} tern")
        assert "/articles/" not in outsider.html
    insider = login_as("ann")
    assert found(insider) == [f"/articles/{article.id}"]
    insider.get(f"/articles/{article.id}")
    assert "Only those who read the space Tern." in insider.text
    insider.get("/knowledge", space="tern")
    assert f"/articles/{article.id}" in insider.links()


def test_a_thread_shows_no_article_of_a_closed_space(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    closed = a_space("tern", visibility="members")
    article = an_article(space=closed, title=f"The {WORD} of Tern", published=True)
    thread = a_thread(author=a_member("eve"))
    forum_operations.accept(thread, a_reply(thread), by_id=thread.author_id)
    link_as_source(article.id, thread.id)
    a_member("ann", member_of=[closed])
    for outsider in (visitor, login_as("eve")):
        outsider.get(f"/threads/{thread.id}")
        assert WORD not in outsider.html
    insider = login_as("ann")
    insider.get(f"/threads/{thread.id}")
    assert insider.select("#linked-articles a")


def link_as_source(article_id: int, thread_id: int) -> None:
    db.session.add(ArticleThread(article_id=article_id, thread_id=thread_id, kind="source"))


def test_feedback_is_counted_once(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"), published=True)
    a_member("eve")
    eve = login_as("eve")
    eve.get(f"/articles/{article.id}")
    eve.submit("#feedback-form", button="Yes, it works now")
    eve.post(f"/articles/{article.id}/feedback", {"helped": "yes"})
    assert (article.helped_count, article.not_helped_count) == (1, 0)
    assert article.last_checked_at is not None and article.last_checked_at != article.validated_at
    eve.get(f"/articles/{article.id}")
    assert "1 of 1 person" in eve.text and "yes, it works now" in eve.text
    eve.submit("#feedback-form", button="No")
    assert (article.helped_count, article.not_helped_count) == (0, 1)
    eve.submit("#feedback-form", button="Yes, it works now")
    assert (article.helped_count, article.not_helped_count) == (1, 0)
    assert db.session.scalar(select(func.count()).select_from(ArticleFeedback)) == 1
    helped = db.session.scalars(select(EventRecord).where(EventRecord.name == "knowledge.article.helped")).all()
    assert [row.payload["author_id"] for row in helped] == [article.author_id]


def test_feedback_is_for_other_members(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    article, draft = an_article(a_member("ann"), published=True), an_article()
    ann = login_as("ann")
    ann.post(f"/articles/{article.id}/feedback", {"helped": "yes"}, status=404)
    a_member("max", role="agent")
    max_in = login_as("max")
    max_in.post(f"/articles/{draft.id}/feedback", {"helped": "yes"}, status=404)
    max_in.post(f"/articles/{article.id}/feedback", {"helped": "maybe"}, status=400)
    visitor.get(f"/articles/{article.id}")
    assert "Sign in to say so" in visitor.text
    visitor.post(f"/articles/{article.id}/feedback", {"helped": "yes"})
    assert "/sign-in" in visitor.location
    assert article.answers == 0


def test_the_list_is_narrowed(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    space = a_space("print")
    one = an_article(space=space, tags=("scanner",), published=True)
    two = an_article(
        title="另一篇", issue="打印机没有反应，灯是红的", resolution="重新启动打印机，再试一次", published=True
    )
    draft = an_article(a_member("ann"))
    every = {f"/articles/{one.id}", f"/articles/{two.id}"}
    expected = [
        ({}, every),
        ({"space": "print"}, {f"/articles/{one.id}"}),
        ({"tag": "scanner"}, {f"/articles/{one.id}"}),
        ({"language": "zh-Hans"}, {f"/articles/{two.id}"}),
        ({"state": "validated"}, every),
        ({"state": "not-validated"}, set()),
        ({"state": "draft"}, set()),
        ({"state": "nonsense", "page": "x"}, every),
    ]
    for query, wanted in expected:
        visitor.get("/knowledge", **query)
        assert set(visitor.links("main .row__title a")) == wanted, query
    ann = login_as("ann")
    ann.get("/knowledge", state="draft")
    assert ann.links("main .row__title a") == [f"/articles/{draft.id}"]


def test_pages_ask_a_fixed_number_of_times(app: Flask, visitor: Visitor, count_statements: CountStatements) -> None:
    article = an_article(thread=a_thread(), published=True)
    with count_statements() as few:
        visitor.get("/knowledge")
    for _turn in range(5):
        an_article(published=True)
    with count_statements() as many:
        visitor.get("/knowledge")
    assert len(many) == len(few) <= 6
    with count_statements() as page:
        visitor.get(f"/articles/{article.id}")
    assert len(page) <= 9


def test_names_of_spaces_say_their_language_in_every_list(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    space, helper = a_space(name="邮件与日历", language="zh-Hans"), a_member("wei")
    thread = a_thread(space, title="为什么收不到邮件")
    answer = a_reply(thread, helper)
    forum_operations.accept(thread, answer, by_id=thread.author_id)
    an_article(space=space, published=True)
    a_member("super", super_user_in=[space])
    reader = login_as(a_member("ann").handle)
    reader.post(f"/posts/{answer.id}/bookmark", {})
    lists = ((reader, "/bookmarks"), (visitor, "/knowledge"), (reader, "/people/wei/answers"), (reader, "/super-users"))
    for who, path in lists:
        who.get(path)
        named = [each for each in who.select(".meta span[lang]") if each.get_text() == space.name]
        assert named, path
        assert {each["lang"] for each in named} == {"zh-Hans"}
