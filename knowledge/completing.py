"""Articles as the composer offers them, by words of their title."""

from flask import url_for

from community.core.completion import MOST, Suggestion, link
from community.core.db import db
from community.core.policies import Actor
from knowledge.articles.models import Article
from knowledge.articles.pages import CONFIDENCE
from knowledge.articles.queries import LISTED, articles_visible_to

LEAST = 2  # characters, for a stroke stands in many a text that means no article


def articles(who: Actor, query: str, slug: str) -> list[Suggestion]:
    """Published articles that one may read, whose title has every word typed; the newest first."""
    if len(query) < LEAST:
        return []
    titled = (Article.title.icontains(word, autoescape=True) for word in query.split())
    rows = db.session.scalars(
        articles_visible_to(who).where(LISTED, *titled).order_by(Article.published_at.desc(), Article.id).limit(MOST)
    )
    return [_suggestion(article) for article in rows]


def _suggestion(article: Article) -> Suggestion:
    address = url_for("knowledge.article", article_id=article.id)
    return Suggestion(link(article.title, address) + " ", article.title, str(CONFIDENCE[article.confidence][1]))
