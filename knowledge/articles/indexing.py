"""What the search index knows of articles, and how its hits are loaded again."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import ngettext
from sqlalchemy import select

from community import public
from community.core.db import db
from community.core.indexing import Source, sources
from community.core.policies import Actor
from community.core.results import Result, Traits, describers, loaders
from community.core.search.documents import Document

from . import queries
from .models import Article, Audience
from .pages import CONFIDENCE

FULL_WEIGHT_AT = 50


def register() -> None:
    """Say where documents of articles come from."""
    sources["article"] = Source(load, ids)
    loaders["article"] = results
    describers["article"] = traits


def load(article_ids: list[int]) -> Iterable[Document]:
    """Articles that their audience finds, as documents."""
    rows = list(db.session.scalars(select(Article).where(Article.id.in_(article_ids), queries.LISTED)))
    people = public.members({row.author_id for row in rows})
    for row in rows:
        yield _document(row, people[row.author_id].handle)


def _document(article: Article, author: str) -> Document:
    return Document(
        kind="article",
        id=article.id,
        thread_id=None,
        space_id=None if article.audience == Audience.PUBLIC else article.space_id,
        audience="public",
        title=article.title,
        body=article.plain,
        tags=tuple(article.tags),
        author=author,
        solved=None,
        at=article.published_at or article.created_at,
        weight=1 + min(article.helped_count, FULL_WEIGHT_AT) / FULL_WEIGHT_AT,
    )


def ids(after: int, limit: int) -> list[int]:
    """Ids of articles, ascending, from `after` on."""
    return list(db.session.scalars(select(Article.id).where(Article.id > after).order_by(Article.id).limit(limit)))


def results(actor: Actor, article_ids: Iterable[int]) -> dict[int, Result]:
    """Hits among listed articles that the actor may read."""
    articles = queries.articles_by_id(actor, article_ids)
    return {id_: _result(article) for id_, article in articles.items() if article.is_listed}


def traits(actor: Actor, article_ids: Iterable[int]) -> dict[int, Traits]:
    """What listed articles that the actor may read are counted by; a space that the actor may not read is none."""
    spaces = {space.id: space for space in public.spaces_visible_to(actor)}
    rows = db.session.execute(
        select(
            Article.id,
            Article.space_id,
            Article.tags,
            Article.published_at,
            Article.created_at,
            Article.helped_count,
            Article.author_id,
        ).where(queries.visible(actor, frozenset(spaces)), queries.LISTED, Article.id.in_(list(article_ids)))
    )
    found = {}
    for row in rows:
        space = spaces.get(row.space_id)
        found[row.id] = Traits(
            space=space.slug if space else "",
            space_name=space.name if space else "",
            kind="article",
            state="",
            tags=tuple(row.tags),
            at=row.published_at or row.created_at,
            votes=row.helped_count,
            author_id=row.author_id,
        )
    return found


def _result(article: Article) -> Result:
    helped = ngettext("Helped %(num)s person", "Helped %(num)s people", article.helped_count)
    return Result(
        kind="article",
        id=article.id,
        title=article.title,
        url=url_for("knowledge.article", article_id=article.id),
        state="article",
        body=article.plain,
        meta=(str(CONFIDENCE[article.confidence][1]), *([helped] if article.helped_count else [])),
        language=article.language,
    )
