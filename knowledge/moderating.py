"""Articles as things that can be reported and taken from view."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.core.policies import Actor
from community.public import Target, TargetKind, register_target
from knowledge.articles import operations, queries
from knowledge.articles.models import Article

EXCERPT = 2000


def _look(ids: Collection[int]) -> dict[int, Target]:
    return {row.id: _of(row) for row in db.session.scalars(select(Article).where(Article.id.in_(ids)))}


def _of(article: Article) -> Target:
    return Target(
        kind="article",
        id=article.id,
        author_id=article.author_id,
        space_id=article.space_id,
        title=article.title,
        html=f"{article.issue_html}{article.resolution_html}",
        words=article.plain[:EXCERPT],
        address=url_for("knowledge.article", article_id=article.id),
        language=article.language,
        hidden=article.is_draft,
    )


def _readable(actor: Actor, ids: Collection[int]) -> set[int]:
    return set(queries.articles_by_id(actor, ids))


def _hide(article_id: int, _reason: str, _by_id: int | None) -> dict[str, Any]:
    """It is a draft again, which its author and those who check articles see."""
    article = _locked(article_id)
    if article.published_at is None:
        return {"hidden": True}
    before = {"published_at": article.published_at.isoformat()}
    operations.withdraw(article)
    return before


def _show(article_id: int, before: dict[str, Any], _by_id: int | None) -> None:
    article = _locked(article_id)
    if not before.get("hidden") and article.published_at is None:
        operations.put_back(article, datetime.fromisoformat(before["published_at"]))


def _locked(article_id: int) -> Article:
    db.session.flush()
    return db.session.get_one(Article, article_id, with_for_update=True, populate_existing=True)


register_target(TargetKind("article", _l("Article"), _look, _readable, hide=_hide, show=_show))
