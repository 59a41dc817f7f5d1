"""Articles keep up with tags: where one becomes another word for a main tag, they carry that."""

from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import TagMerged
from knowledge.articles import operations
from knowledge.articles.models import Article, ArticleTag


@subscribe(TagMerged)
def carry_main_tag(event: TagMerged, _fact: Fact) -> None:
    """Articles with the tag carry the main one. What a revision said stays as it was."""
    carrying = select(ArticleTag.article_id).where(ArticleTag.tag == event.tag)
    wanted = select(Article).where(Article.id.in_(carrying)).order_by(Article.id).with_for_update(of=Article)
    for article in db.session.scalars(wanted).all():
        operations.rename_tag(article, event.tag, event.main)
