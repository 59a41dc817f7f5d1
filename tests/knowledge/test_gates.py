"""Articles ask the gate as posts do: masked, refused beside the field, or an edit that waits."""

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.moderation.gates.models import Action, GateRules, HeldWriting, Look, WatchedWord
from community.moderation.models import Case
from community.spaces.models import Space
from knowledge.articles import operations
from knowledge.articles.models import Article, ArticleRevision
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

WORDS = {"casino": Action.REFUSE, "lottery": Action.HOLD, "damn": Action.MASK}


@pytest.fixture
def article(app: Flask) -> Article:
    """A validated draft of Ann's in a space that Sue looks after, in which some words are watched."""
    home = a_space("home")
    a_member("sue", super_user_in=[home])
    a_member("olga", super_user_in=[a_space("far")])
    db.session.add_all(
        WatchedWord(space_id=home.id, look=Look.WORD.value, text=text, action=action.value)
        for text, action in WORDS.items()
    )
    return an_article(a_member("ann"), space=home, validated_by=a_member(role="agent"))


@pytest.fixture
def ann(article: Article, login_as: LoginAs) -> Visitor:
    return login_as("ann")


def save(who: Visitor, article: Article, status: int | None = None, **fields: object) -> None:
    who.get(f"/articles/{article.id}/edit")
    who.submit("#article-form", status=status, **fields)


def row() -> HeldWriting:
    return db.session.query(HeldWriting).filter_by(state="waiting").one()


def case_of(held: HeldWriting) -> Case:
    return db.session.query(Case).filter_by(kind="held", target_id=held.id).one()


def decide(who: Visitor, held: HeldWriting, key: str, words: str = "", status: int | None = None) -> None:
    who.get(f"/review/{case_of(held).id}")
    who.post(f"/review/{case_of(held).id}/decision", {"decision": key, "words": words}, status=status)


def test_refused_beside_the_field(article: Article, ann: Visitor) -> None:
    save(ann, article, resolution="Go to the casino.", status=422)
    assert "“casino” is not published here" in ann.select("#resolution-error")[0].get_text()
    assert "Go to the casino." in ann.html
    save(ann, article, environment="Hall: casino", status=422)
    assert "“casino” is not published here" in ann.select("#environment-error")[0].get_text()
    assert article.revision_count == 1


def test_masked_in_every_field(article: Article, ann: Visitor) -> None:
    given = {"title": "A damn title of an article", "cause": "That damn lid", "environment": "System: damn old"}
    save(ann, article, **given, tags="vpn damn", resolution="Close the damn lid.")
    assert (article.title, article.cause) == ("A ■■■■ title of an article", "That ■■■■ lid")
    assert (article.environment, article.tags) == ([["System", "■■■■ old"]], ["vpn"])
    assert "damn" not in article.plain


def test_an_edit_waits_and_is_published_as_its_authors(
    article: Article, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    save(ann, article, resolution="Win in the lottery.", tags="vpn")
    held, sue = row(), login_as("sue")
    assert (article.revision_count, article.resolution) == (1, "1. Install client 5.1.4")
    assert "Somebody looks at it before others can read it" in ann.text
    assert "Edit of an article" in ann.text
    ann.get(f"/articles/{article.id}/edit")
    assert "The article reads as before until somebody looked at it." in ann.text
    login_as("olga").get(f"/review/{case_of(held).id}", status=404)
    decide(sue, held, "publish")
    run_jobs()
    assert (article.resolution, article.tags, article.is_validated) == ("Win in the lottery.", ["vpn"], False)
    newest = db.session.query(ArticleRevision).filter_by(article_id=article.id, number=2).one()
    assert newest.editor_id == article.author_id
    ann.get("/notifications")
    assert f"It is published: {article.title}" in ann.text


def test_taken_back_it_is_as_right_as_before(
    article: Article, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    was = (article.resolution, article.confidence, article.validated_by_id, article.validated_at)
    save(ann, article, resolution="Win in the lottery.")
    held, sue = row(), login_as("sue")
    decide(sue, held, "publish")
    run_jobs()
    sue.get(f"/review/{case_of(held).id}")
    sue.submit(f"/review/{case_of(held).id}/undoing")
    run_jobs()
    assert (article.resolution, article.confidence, article.validated_by_id, article.validated_at) == was
    assert row().id == held.id
    assert db.session.query(Case).filter_by(kind="article", state="open").count() == 0
    decide(sue, held, "publish")
    assert article.resolution == "Win in the lottery."


def test_refused_by_a_person_its_author_goes_on_with_it(article: Article, ann: Visitor, login_as: LoginAs) -> None:
    save(ann, article, resolution="Win in the lottery.", tags="vpn")
    held = row()
    decide(login_as("sue"), held, "refuse", "No games here.")
    ann.get("/waiting-for-approval")
    assert "No games here." in ann.text
    ann.get(ann.links("main .hint a")[0])
    assert "Win in the lottery." in ann.html
    ann.submit("#article-form", resolution="Close the lid.")
    assert (article.resolution, article.tags) == ("Close the lid.", ["vpn"])


def test_what_somebody_saved_meanwhile_is_not_overwritten(article: Article, ann: Visitor, login_as: LoginAs) -> None:
    save(ann, article, resolution="Win in the lottery.")
    held, sue = row(), login_as("sue")
    operations.edit(article, operations.Content("A newer title", "Newer issue", "Newer"), editor_id=article.author_id)
    decide(sue, held, "publish", status=422)
    assert article.resolution == "Newer"


def test_those_who_look_after_the_space_write_as_they_like(article: Article, login_as: LoginAs) -> None:
    sue = login_as("sue")
    save(sue, article, resolution="Win in the lottery, or in the casino.")
    assert article.resolution == "Win in the lottery, or in the casino."


def _home(article: Article) -> Space:
    return db.session.get_one(Space, article.space_id)


def rules(article: Article, **numbers: int) -> None:
    db.session.merge(GateRules(scope=f"space:{article.space_id}", space_id=article.space_id, **numbers))
    db.session.flush()


def test_first_contributions_wait_and_later_ones_do_not(article: Article, ann: Visitor, login_as: LoginAs) -> None:
    rules(article, first_posts=1)
    save(ann, article, resolution="Close the lid and open it.")
    assert row().rule == "first_posts"
    decide(login_as("sue"), row(), "publish")
    assert article.resolution == "Close the lid and open it."
    a_thread(_home(article), author=db.session.get_one(Member, article.author_id))
    save(ann, article, resolution="Close the lid, then open it.")
    assert article.resolution == "Close the lid, then open it."


def test_what_is_like_something_recent_waits_but_not_what_it_was_made_of(article: Article, ann: Visitor) -> None:
    rules(article, alike=90)
    bob = a_member("bob")
    a_thread(_home(article), author=bob, body=f"{article.issue} {article.resolution}")
    save(ann, article, issue=f"{article.issue}.", resolution=f"{article.resolution}.", cause="")
    assert article.revision_count == 2
    spam = "Cheap watches and bags at the lowest price, write to me today for number"
    a_thread(_home(article), author=bob, body=f"{spam} 1")
    save(ann, article, issue="For sale:", resolution=f"{spam} 2", cause="")
    assert row().rule == "alike"
    save(
        ann, article, issue="For you:", resolution=f"{spam} 3 and some words that nobody wrote before, at all", cause=""
    )
    assert article.revision_count == 3


def test_the_same_into_several_articles_waits(article: Article, ann: Visitor) -> None:
    rules(article, alike=90)
    other = an_article(db.session.get_one(Member, article.author_id), space=_home(article), title="Another article")
    words = "Cheap watches and bags at the lowest price, write to me today for number"
    save(ann, article, issue="For sale:", resolution=f"{words} 1", cause="")
    save(ann, other, issue="For sale:", resolution=f"{words} 2", cause="")
    assert (row().rule, row().typed["article"]) == ("alike", other.id)
