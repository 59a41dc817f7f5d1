"""Articles that a second person should read, in the one inbox of everything that needs a decision."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.public import Case, CaseKind
from knowledge.articles.models import Article, Confidence
from knowledge.articles.policies import VALIDATE
from knowledge.events import ArticleArchived, ArticleDrafted, ArticleEdited, ArticleEvent, ArticleValidated

KIND = "article"
WAITS = Confidence.NOT_VALIDATED


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


public.register_case_kind(
    CaseKind(KIND, _l("Article to validate"), "article", (), elsewhere=_page, permission=VALIDATE)
)
