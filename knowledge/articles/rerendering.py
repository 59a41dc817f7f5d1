"""Articles that an older renderer made."""

from sqlalchemy import func, select

from community.core import indexing
from community.core.db import db
from community.core.markup import RENDERER_VERSION
from community.core.rerendering import Texts, sources

from .models import Article
from .operations import render_again

_OLD = Article.renderer_version < RENDERER_VERSION


def waiting() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(Article.id)).where(_OLD)) or 0


def renew(after: int, limit: int) -> tuple[int, int] | None:
    """Make the next articles again; nobody edits them meanwhile."""
    statement = select(Article).where(_OLD, Article.id > after).order_by(Article.id).limit(limit).with_for_update()
    articles = list(db.session.scalars(statement))
    if not articles:
        return None
    for article in articles:
        render_again(article)
    indexing.mark("article", *(article.id for article in articles))
    return articles[-1].id, len(articles)


def register() -> None:
    """Let `isthmus rerender` know of articles."""
    sources["articles"] = Texts(waiting, renew)
