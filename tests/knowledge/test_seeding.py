"""The demo's articles load through the product's own operations."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from community.core.db import db
from knowledge import seeding
from knowledge.articles.models import Article
from tests.conftest import RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor


def test_the_demo_articles_load(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    rows = seeding.tomllib.loads(seeding.ARTICLES.read_text(encoding="utf-8"))["article"]
    for handle in sorted({row[key] for row in rows for key in ("author", "validated_by") if row.get(key)}):
        a_member(handle)
    spaces = {slug: a_space(slug) for slug in sorted({row["space"] for row in rows if row["space"]})}
    threads = {row["from_thread"]: a_thread(spaces[row["space"]]).id for row in rows if row.get("from_thread")}
    with app.test_request_context():
        assert seeding.seed(threads, datetime.now(UTC)) == len(rows)
    articles = db.session.scalars(select(Article)).all()
    assert {article.title: article.is_listed for article in articles} == {
        row["title"]: row["state"] == "published" for row in rows
    }
    assert all(article.created_at < datetime.now(UTC) for article in articles)
    run_jobs()
    visitor.get("/search", q="VPN")
    assert any(link.startswith("/articles/") for link in visitor.links())
