"""Articles that a second person should read, in the one inbox of everything that needs a decision."""

from collections.abc import Collection

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.public import Case, CaseKind, Shown, Target, TargetKind
from knowledge.articles import queries
from knowledge.articles.models import Article, Confidence
from knowledge.articles.policies import VALIDATE
from knowledge.events import ArticleArchived, ArticleDrafted, ArticleEdited, ArticleEvent, ArticleValidated

KIND = "article"
WAITS = Confidence.NOT_VALIDATED


def _of(article: Article) -> Target:
    return Target(
        kind="article",
        id=article.id,
        author_id=article.author_id,
        space_id=article.space_id,
        title=article.title,
        html=article.issue_html,
        words=article.issue[:2000],
        address=url_for("knowledge.article", article_id=article.id),
        language=article.language,
    )


def _look(ids: Collection[int]) -> dict[int, Target]:
    return {row.id: _of(row) for row in db.session.scalars(select(Article).where(Article.id.in_(ids)))}


def _readable(actor: Actor, ids: Collection[int]) -> set[int]:
    return set(queries.articles_by_id(actor, ids))


def _show(case: Case, target: Target | None, _actor: Actor) -> Shown | None:
    if target is None or not target.readable:
        return None
    return Shown(target.title, target.address, target.html, target.language)


def _page(case: Case) -> str:
    return url_for("knowledge.article", article_id=case.target_id)


@subscribe(ArticleDrafted, ArticleEdited, ArticleValidated, ArticleArchived)
def follow(event: ArticleEvent, fact: Fact) -> None:
    """One case while an article waits for a second person; settled when somebody has read it or it is put away."""
    article = db.session.get(Article, event.article_id)
    if article is None:
        return
    if article.confidence != WAITS:
        public.settle_case(KIND, KIND, article.id, decision=article.confidence, by_id=event.actor_id)
        return
    public.open_case(KIND, KIND, article.id, space_id=article.space_id, member_id=article.author_id)


public.register_target(TargetKind(KIND, _l("Article"), _look, _readable))
public.register_case_kind(
    CaseKind(KIND, _l("Article to validate"), "article", (), _show, elsewhere=_page, permission=VALIDATE)
)
