"""What letters of recognition tell of articles."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.core.db import db
from community.public import register_figure
from knowledge.articles.models import Article


def _articles(member_id: int, since: datetime, until: datetime) -> float:
    """Articles of theirs that were published in these days, and still are."""
    wanted = select(func.count(Article.id)).where(Article.author_id == member_id)
    return db.session.scalar(wanted.where(Article.published_at >= since, Article.published_at < until)) or 0


register_figure("articles", _l("Articles published"), _articles)
