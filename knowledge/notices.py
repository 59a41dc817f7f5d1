"""Whom the knowledge base tells of what."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from knowledge.articles.models import Article
from knowledge.articles.queries import articles_by_id
from knowledge.events import ArticlePublished


def _readable(actor: Actor, facts: Mapping[int, Mapping[str, Any]]) -> Collection[int]:
    known = articles_by_id(actor, {payload["article_id"] for payload in facts.values()})
    return [id_ for id_, payload in facts.items() if payload["article_id"] in known]


public.register_notification(
    "article",
    _l("An article about a question that you have too"),
    sentence=_l("%(name)s published an article about a question that you have too"),
    why=_l("You get this mail because it is your question, or you said that you have it too."),
    icon="book",
    reads=_readable,
)


@subscribe(ArticlePublished)
def tell_the_affected(event: ArticlePublished, fact: Fact) -> None:
    """Those who have the problem of the source thread, as far as they may read both."""
    article = db.session.get(Article, event.article_id)
    if event.thread_id is None or article is None or not article.is_listed:
        return
    # Whoever reads the thread reads its space, and with it an article for readers of that space.
    affected = public.affected_members([event.thread_id]) - {event.actor_id, event.author_id}
    public.notify(
        fact.id,
        "article",
        public.readers_of(event.thread_id, affected),
        article.title,
        url_for("knowledge.article", article_id=article.id),
        event.actor_id,
        thread_id=event.thread_id,
    )
