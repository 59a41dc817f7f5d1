"""From a solved thread to a published article: who may do what, and what is kept."""

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.forum import operations as forum_operations
from community.forum.models import Thread
from knowledge.articles import operations
from knowledge.articles.models import Article, ArticleRevision, ArticleThread
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

OFFER = "#article-offer form"


def a_solved_thread(author: str = "ann", answer_by: str = "ben", **options: object) -> Thread:
    ann = a_member(author)
    thread = a_thread(options.pop("space", None), ann, tags=("vpn",))  # type: ignore[arg-type]
    post = a_reply(thread, a_member(answer_by), body="Install client **5.1.4**")
    forum_operations.accept(thread, post, by_id=ann.id)
    return thread


def the_article() -> Article:
    return db.session.scalars(select(Article)).one()


def test_an_answer_becomes_an_article(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    thread = a_solved_thread()
    ben = login_as("ben")
    ben.get(f"/threads/{thread.id}")
    ben.submit(OFFER)
    article = the_article()
    assert (article.title, article.tags, article.audience) == (thread.title, ["vpn"], "public")
    assert "lid" in article.issue and article.resolution == "Install client **5.1.4**"
    assert "<strong>5.1.4</strong>" in article.resolution_html
    ben.submit("#article-form", environment="System: Windows 11\nVPN client：5.0.9", cause="It gave up too early.")
    assert article.environment == [["System", "Windows 11"], ["VPN client", "5.0.9"]]
    assert article.confidence == "not_validated"
    assert "This is a draft." in ben.text
    visitor.get(f"/articles/{article.id}", status=404)
    visitor.get(f"/threads/{thread.id}")
    assert not visitor.select("#linked-articles")


def test_a_second_attempt_leads_to_the_one_there_is(app: Flask, login_as: LoginAs) -> None:
    thread = a_solved_thread()
    ann, ben = login_as("ann"), login_as("ben")
    ben.post(f"/threads/{thread.id}/article")
    ben.post(f"/threads/{thread.id}/article")
    assert ben.location.endswith(f"/articles/{the_article().id}")
    ann.post(f"/threads/{thread.id}/article")
    assert ann.location.endswith(f"/threads/{thread.id}")
    ann.follow()
    assert "Somebody else is writing" in ann.text
    assert db.session.scalar(select(func.count(ArticleThread.article_id))) == 1


def test_only_writers_and_those_involved_make_one(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    space = a_space()
    thread = a_solved_thread(space=space)
    a_member("eve")
    a_member("sue", super_user_in=[space])
    eve, sue = login_as("eve"), login_as("sue")
    eve.get(f"/threads/{thread.id}")
    assert not eve.select(OFFER)
    eve.post(f"/threads/{thread.id}/article", status=404)
    visitor.get(f"/threads/{thread.id}")
    assert not visitor.select("#article-offer")
    sue.get(f"/threads/{thread.id}")
    sue.submit(OFFER)
    assert the_article().title == thread.title
    forum_operations.restrict(thread, by_id=None)
    ann = login_as("ann")
    ann.post(f"/threads/{thread.id}/article", status=404)


def test_a_second_person_validates_and_publishes(
    app: Flask, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    space = a_space()
    thread = a_solved_thread(space=space)
    forum_operations.have_too(thread, member_id=a_member("too").id)
    sue = a_member("sue", super_user_in=[space])
    a_member("max", role="agent")
    article = an_article(sue, thread=thread)
    sue_in, max_in = login_as("sue"), login_as("max")
    sue_in.get(f"/articles/{article.id}")
    assert "somebody else has to check it" in sue_in.text and not sue_in.select("#validation")
    sue_in.post(f"/articles/{article.id}/validation", status=404)
    sue_in.post(f"/articles/{article.id}/publication", status=404)
    max_in.get(f"/articles/{article.id}")
    max_in.submit("#validation")
    assert (article.confidence, article.is_draft) == ("validated", True)
    max_in.submit(f"/articles/{article.id}/publication")
    assert article.published_at is not None
    visitor.get(f"/articles/{article.id}")
    assert visitor.page.heading == article.title
    visitor.get("/knowledge")
    assert f"/articles/{article.id}" in visitor.links()
    visitor.get(f"/threads/{thread.id}")
    assert visitor.select("#article-offer a") and visitor.select("#linked-articles a")
    run_jobs()
    too = login_as("too")
    too.get("/notifications")
    assert article.title in too.text


def test_whoever_changed_it_last_does_not_validate(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"))
    a_member("max", role="agent")
    a_member("mia", role="manager")
    max_in, mia = login_as("max"), login_as("mia")
    mia.get(f"/articles/{article.id}")
    max_in.get(f"/articles/{article.id}/edit")
    max_in.submit("#article-form", resolution="Another way")
    max_in.post(f"/articles/{article.id}/validation", status=404)
    mia.submit("#validation")
    assert "Somebody changed it while you read" in mia.text
    assert article.confidence == "not_validated"
    mia.submit("#validation")
    assert article.confidence == "validated"


def test_members_do_not_run_the_desk(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"), published=True)
    a_member("eve")
    for handle in ("ann", "eve"):
        member = login_as(handle)
        member.get(f"/articles/{article.id}/edit", status=404)
        for verb in ("validation", "publication", "archiving", "revisions/1/restoration"):
            member.post(f"/articles/{article.id}/{verb}", status=404)


def test_an_edit_takes_the_validation_away_and_says_so(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    article = an_article(published=True)
    a_member("max", role="agent")
    max_in = login_as("max")
    max_in.get(f"/articles/{article.id}/edit")
    max_in.submit("#article-form", resolution="Other steps", reason="Newer client")
    visitor.get(f"/articles/{article.id}")
    assert "Not validated" in visitor.text and "Newer client" in visitor.text
    assert (article.validated_by_id, article.is_listed) == (None, True)


def test_every_revision_is_kept_compared_and_restored(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"), resolution="Press the red button")
    ann = login_as("ann")
    ann.get(f"/articles/{article.id}/edit")
    ann.submit("#article-form", resolution="Press the green button", tags="button")
    ann.get(f"/articles/{article.id}/revisions")
    assert [tag.get_text() for tag in ann.select("#revision-2 .diff del")] == ["red"]
    assert "green" in ann.select("#revision-2 .diff ins")[0].get_text()
    ann.submit(f"/articles/{article.id}/revisions/1/restoration")
    assert (article.resolution, article.tags, article.revision_count) == ("Press the red button", [], 3)
    assert db.session.scalar(select(func.count(ArticleRevision.id))) == 3
    ann.post(f"/articles/{article.id}/revisions/9/restoration", status=404)


def test_long_histories_have_pages(app: Flask, login_as: LoginAs) -> None:
    author = a_member("ann")
    article = an_article(author)
    for turn in range(11):
        content = operations.Content(title=article.title, issue="x", resolution=f"Wait {turn} minutes")
        operations.edit(article, content, editor_id=author.id)
    ann = login_as("ann")
    ann.get(f"/articles/{article.id}/revisions", page=2)
    assert [tag["id"] for tag in ann.select("section.case")] == ["revision-2", "revision-1"]
    ann.get(f"/articles/{article.id}/revisions")
    assert len(ann.select("section.case")) == 10 and ann.select("#revision-3 del")


def test_bad_input_is_said_beside_its_field(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"))
    ann = login_as("ann")
    ann.get(f"/articles/{article.id}/edit")
    bad = {"title": "x", "issue": " ", "environment": "no colon here", "resolution": "", "tags": "a b c d e f"}
    ann.submit("#article-form", status=422, **bad)
    for field in ("title", "issue", "environment", "resolution", "tags"):
        assert ann.select(f"#{field}-error"), field
    assert "no colon here" in ann.html
    mended = {"title": "Good title", "issue": "x", "environment": "A: b", "resolution": "y", "tags": "<b>"}
    ann.submit("#article-form", status=422, **mended)
    assert ann.select("#tags-error")
    assert article.revision_count == 1


def test_two_editors_do_not_overwrite_each_other(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"))
    ann = login_as("ann")
    ann.get(f"/articles/{article.id}/edit")
    content = operations.Content(title=article.title, issue="x", resolution="Mine")
    operations.edit(article, content, editor_id=a_member("max", name="Max Orr", role="agent").id)
    ann.submit("#article-form", resolution="Hers", follow=False, status=409)
    assert "Max Orr saved this article meanwhile" in ann.text
    assert "Max Orr changed this meanwhile." in ann.select("#resolution-error")[0].text
    assert "Mine" in ann.select("#meanwhile")[0].text
    assert ann.select("textarea[name=resolution]")[0].text.strip() == "Hers"
    assert article.resolution == "Mine"
    ann.submit("#article-form")
    assert article.resolution == "Hers"


def test_what_is_written_is_sanitised(app: Flask, visitor: Visitor) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    article = an_article(title=f"Title {evil}", issue=evil, resolution=evil, published=True)
    visitor.get(f"/articles/{article.id}")
    assert "<script>alert" not in visitor.html and not visitor.select("main img")


def test_a_double_click_saves_once(app: Flask, login_as: LoginAs) -> None:
    article = an_article(a_member("ann"))
    ann = login_as("ann")
    ann.get(f"/articles/{article.id}/edit")
    for _ in range(2):
        ann.post(
            f"/articles/{article.id}/edit",
            {"revision": "1", "title": "A good title", "issue": "x", "environment": "A: b", "resolution": "Wait"},
        )
    assert (article.title, article.revision_count) == ("A good title", 2)
