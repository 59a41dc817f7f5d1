"""A manager makes a tag another word for a main one: everything that names it names that one from then on."""

from flask import Flask
from sqlalchemy import select

from bridge.promotion.conditions import HaveToo, Tags
from bridge.promotion.models import PromotionRule
from bridge.promotion.rules import Rule
from bridge.promotion.ruling import put
from community.core.db import db
from community.forum.searching import saved
from community.forum.searching.saved import Alert, SavedSearch
from knowledge.articles.models import ArticleTag
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.knowledge import an_article


def test_articles_rules_and_kept_searches_follow(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    space, ann = a_space("home"), a_member("ann")
    a_member("max", role="manager")
    a_thread(space, ann, tags=["vpn"])
    a_thread(space, ann, tags=["tunnel"])
    article = an_article(ann, tags=("tunnel", "vpn", "windows"), published=True)
    only = an_article(ann, tags=("tunnel",), published=True)
    put(Rule("tagged", "Tagged", (Tags(("Tunnel", "vpn", "outage")), HaveToo(3))), space.id, by_id=None)
    put(Rule("shared", "Shared", (HaveToo(3),)), 0, by_id=None)
    for text in ("broken tag:tunnel", "tag:tunnel", "tag:vpn", "tunnel"):
        saved.save(text, Alert.NONE, member_id=ann.id)
    boss = login_as("max")
    boss.get("/tags/vpn/edit")
    boss.submit("/tags/vpn/synonyms", other="tunnel")
    run_jobs()
    assert (article.tags, only.tags) == (["vpn", "windows"], ["vpn"])
    assert set(db.session.scalars(select(ArticleTag.tag))) == {"vpn", "windows"}
    rule = db.session.scalars(select(PromotionRule).where(PromotionRule.key == "tagged")).one().rule
    assert rule.conditions == (Tags(("vpn", "outage")), HaveToo(3))
    searches = db.session.scalars(select(SavedSearch.query).order_by(SavedSearch.query))
    assert sorted(searches) == ["broken tag:vpn", "tag:vpn", "tunnel"]
    boss.get("/knowledge", tag="vpn")
    assert len([link for link in boss.links(".row__title a") if "/articles/" in link]) == 2
    boss.get(f"/articles/{article.id}/edit")
    boss.submit("#article-form", tags="tunnel windows")
    assert article.tags == ["vpn", "windows"]
