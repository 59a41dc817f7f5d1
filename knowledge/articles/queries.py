"""Named reads of articles, through the actor wherever somebody asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import g
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select, union_all

from community import public
from community.core.db import db, utcnow
from community.core.paging import Page
from community.core.policies import Actor

from .models import (
    Article,
    ArticleFeedback,
    ArticleRevision,
    ArticleTag,
    ArticleThread,
    Audience,
    Confidence,
    LinkKind,
    SimilarArticle,
)
from .policies import VALIDATE, can_read

ARTICLES_A_PAGE = 25
REVISIONS_A_PAGE = 10
ARTICLES_ON_A_PROFILE = 10
LATELY = timedelta(days=7)
SIMILAR, SIMILAR_SHOWN = "similar", 3


def visible(actor: Actor, space_ids: frozenset[int]) -> ColumnElement[bool]:
    """The query form of `policies.can_read`."""
    audience = or_(Article.audience == Audience.PUBLIC, Article.space_id.in_(space_ids))
    if actor.can(VALIDATE):
        return audience
    shown: ColumnElement[bool] = Article.published_at.is_not(None)
    if actor.is_member:
        shown = or_(shown, Article.author_id == actor.id, Article.space_id.in_(actor.leads_in))
    return and_(audience, shown)


def articles_visible_to(actor: Actor) -> Select[Article]:
    """Articles that the actor may read, drafts and archived ones among them."""
    return select(Article).where(visible(actor, public.space_ids_visible_to(actor)))


def article_for(actor: Actor, article_id: int, *, lock: bool = False) -> Article | None:
    """A readable article; with `lock` nobody else changes it until this transaction ends."""
    statement = articles_visible_to(actor).where(Article.id == article_id)
    return db.session.scalar(statement.with_for_update() if lock else statement)


def articles_by_id(actor: Actor, ids: Iterable[int]) -> dict[int, Article]:
    """Those of the articles that the actor may read."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(articles_visible_to(actor).where(Article.id.in_(wanted)))}


@dataclass(frozen=True)
class Filter:
    """What a list of articles is narrowed to; empty fields narrow nothing, an empty state means published."""

    space_id: int | None = None
    tag: str = ""
    state: str = ""
    language: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions of a statement over Article."""
        found = [STATES.get(self.state, LISTED)]
        if self.space_id is not None:
            found.append(Article.space_id == self.space_id)
        if self.tag:
            found.append(Article.id.in_(select(ArticleTag.article_id).where(ArticleTag.tag == self.tag)))
        if self.language:
            found.append(Article.language == self.language)
        return found


LISTED = and_(Article.published_at.is_not(None), Article.confidence != Confidence.ARCHIVED)
STATES: dict[str, ColumnElement[bool]] = {
    "": LISTED,
    "validated": and_(LISTED, Article.confidence == Confidence.VALIDATED),
    "not-validated": and_(LISTED, Article.confidence != Confidence.VALIDATED),
    "draft": and_(Article.published_at.is_(None), Article.confidence != Confidence.ARCHIVED),
    "archived": Article.confidence == Confidence.ARCHIVED,
}


def article_page(actor: Actor, space_ids: frozenset[int], narrowed: Filter, number: int) -> Page[Article]:
    """One page of readable articles, newest first."""
    conditions = [visible(actor, space_ids), *narrowed.conditions()]
    total = db.session.scalar(select(func.count(Article.id)).where(*conditions)) or 0
    rows = db.session.scalars(
        select(Article)
        .where(*conditions)
        .order_by(func.coalesce(Article.published_at, Article.created_at).desc(), Article.id.desc())
        .limit(ARTICLES_A_PAGE)
        .offset((number - 1) * ARTICLES_A_PAGE)
    )
    return Page(list(rows), number, ARTICLES_A_PAGE, total)


def articles_by(actor: Actor, member_id: int) -> Page[Article]:
    """The newest published articles of an author that the actor may read, and how many there are."""
    conditions = [visible(actor, public.space_ids_visible_to(actor)), LISTED, Article.author_id == member_id]
    total = func.count().over()
    rows = db.session.execute(
        select(Article, total)
        .where(*conditions)
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(ARTICLES_ON_A_PROFILE)
    ).all()
    return Page([row[0] for row in rows], 1, ARTICLES_ON_A_PROFILE, rows[0][1] if rows else 0)


def linked_to_thread(actor: Actor, thread_id: int) -> tuple[list[Article], list[Article]]:
    """(readable articles of a thread that the actor may read, then those that are like it).

    A second statement only where members-only ones are among them.
    """
    rows = [(row, kind) for row, kind in _links(thread_id) if row.confidence != Confidence.ARCHIVED]
    readable = {row.id for row in _readable(actor, [row for row, _kind in rows])}
    linked = {row.id: row for row, kind in rows if kind != SIMILAR and row.id in readable}
    similar = [row for row, kind in rows if kind == SIMILAR and row.is_listed and row.id in readable]
    return list(linked.values()), [row for row in similar if row.id not in linked][:SIMILAR_SHOWN]


def _links(thread_id: int) -> list[tuple[Article, str]]:
    """All articles of a thread with the kind of their link; read once for all slots of a page."""
    kept: dict[int, list[tuple[Article, str]]] = g.setdefault("article_links", {})
    if thread_id not in kept:
        kept[thread_id] = _present_links(thread_id)
    return kept[thread_id]


_FOUND = union_all(
    select(ArticleThread.article_id, ArticleThread.kind, literal(0).label("rank")).where(
        ArticleThread.thread_id == bindparam("thread_id")
    ),
    select(SimilarArticle.article_id, literal(SIMILAR), SimilarArticle.rank).where(
        SimilarArticle.thread_id == bindparam("thread_id")
    ),
).subquery()
# Built once, for every page of a thread asks it.
_LINKS = (
    select(Article, _FOUND.c.kind)
    .join(_FOUND, _FOUND.c.article_id == Article.id)
    .order_by(_FOUND.c.kind.desc(), _FOUND.c.rank, Article.id)
)


def _present_links(thread_id: int) -> list[tuple[Article, str]]:
    rows = db.session.execute(_LINKS, {"thread_id": thread_id})
    return [(row[0], row[1]) for row in rows]


def _readable(actor: Actor, rows: Sequence[Article]) -> list[Article]:
    narrow = any(row.audience != Audience.PUBLIC for row in rows)
    space_ids = public.space_ids_visible_to(actor) if narrow else frozenset()
    return [row for row in rows if can_read(actor, row, space_ids)]


def readable_source_article(actor: Actor, thread_id: int) -> tuple[Article | None, bool]:
    """(the article made from a thread as far as the actor may read it, whether there is one at all)."""
    made = _sources(_links(thread_id))
    return next(iter(_readable(actor, made)), None), bool(made)


def source_article(thread_id: int) -> Article | None:
    """The article made from a thread, whoever asks; read anew, for the caller has locked the thread since."""
    return next(iter(_sources(_present_links(thread_id))), None)


def _sources(links: Iterable[tuple[Article, str]]) -> list[Article]:
    return [row for row, kind in links if kind == LinkKind.SOURCE]


def source_thread_id(article_id: int) -> int | None:
    """The thread that an article was made from."""
    return db.session.scalar(
        select(ArticleThread.thread_id).where(
            ArticleThread.article_id == article_id, ArticleThread.kind == LinkKind.SOURCE
        )
    )


def thread_ids_of(article_id: int) -> list[int]:
    """All threads that an article is linked with."""
    return list(db.session.scalars(select(ArticleThread.thread_id).where(ArticleThread.article_id == article_id)))


def similar_thread_ids(article_id: int) -> list[int]:
    """Threads beside which an article stands as similar."""
    return list(db.session.scalars(select(SimilarArticle.thread_id).where(SimilarArticle.article_id == article_id)))


def links_of(article_id: int) -> dict[int, str]:
    """Thread ids and what each thread is to the article."""
    rows = db.session.scalars(select(ArticleThread).where(ArticleThread.article_id == article_id))
    return {row.thread_id: row.kind for row in rows}


def feedback_of(actor: Actor, article_id: int) -> bool | None:
    """What the actor said of the article, None where nothing yet."""
    if not actor.is_member:
        return None
    return db.session.scalar(
        select(ArticleFeedback.helped).where(
            ArticleFeedback.article_id == article_id, ArticleFeedback.member_id == actor.id
        )
    )


def revision(article_id: int, number: int) -> ArticleRevision | None:
    """One revision of an article."""
    return db.session.scalar(
        select(ArticleRevision).where(ArticleRevision.article_id == article_id, ArticleRevision.number == number)
    )


def newest_revisions(article_id: int, *, limit: int = 3) -> list[ArticleRevision]:
    """The last saves, newest first."""
    return list(
        db.session.scalars(
            select(ArticleRevision)
            .where(ArticleRevision.article_id == article_id)
            .order_by(ArticleRevision.number.desc())
            .limit(limit)
        )
    )


def revision_page(
    article: Article, number: int, *, drafts: bool = True
) -> tuple[Page[ArticleRevision], ArticleRevision | None]:
    """(one page of revisions, newest first; the one before the last of them, to compare with).

    Without `drafts` the history begins with the text that was published.
    """
    first = 1 if drafts else _published_number(article)
    rows = list(
        db.session.scalars(
            select(ArticleRevision)
            .where(ArticleRevision.article_id == article.id, ArticleRevision.number >= first)
            .order_by(ArticleRevision.number.desc())
            .limit(REVISIONS_A_PAGE + 1)
            .offset((number - 1) * REVISIONS_A_PAGE)
        )
    )
    before = rows[REVISIONS_A_PAGE] if len(rows) > REVISIONS_A_PAGE else None
    shown = article.revision_count - first + 1
    return Page(rows[:REVISIONS_A_PAGE], number, REVISIONS_A_PAGE, shown), before


def _published_number(article: Article) -> int:
    """The number of the revision that was published."""
    newest = func.max(ArticleRevision.number)
    then = select(newest).where(ArticleRevision.article_id == article.id, ArticleRevision.at <= article.published_at)
    return db.session.scalar(then) or 1


def written_lately(member_id: int, article_id: int) -> list[str]:
    """What somebody wrote into other articles within a week, the newest fifty."""
    mine = (ArticleRevision.editor_id == member_id, ArticleRevision.at > utcnow() - LATELY)
    wanted = select(ArticleRevision).where(*mine, ArticleRevision.article_id != article_id)
    rows = db.session.scalars(wanted.order_by(ArticleRevision.id.desc()).limit(50))
    return ["\n\n".join(text for text in (row.issue, row.resolution, row.cause) if text) for row in rows]
