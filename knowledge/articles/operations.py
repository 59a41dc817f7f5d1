"""What moves several things of an article at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from community import public
from community.core import events, indexing
from community.core.db import db, utcnow
from community.core.markup import render, without_private
from community.public import PostSnapshot, ThreadSnapshot
from knowledge.events import (
    ArticleArchived,
    ArticleDrafted,
    ArticleEdited,
    ArticleEvent,
    ArticleHelped,
    ArticlePublished,
    ArticleValidated,
)

from . import queries
from .models import (
    Article,
    ArticleFeedback,
    ArticleRevision,
    ArticleTag,
    ArticleThread,
    Audience,
    Confidence,
    LinkKind,
)


@dataclass(frozen=True)
class Content:
    """What an article says: Markdown but for title, tags and the environment's names and values."""

    title: str
    issue: str
    resolution: str
    cause: str = ""
    environment: list[list[str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    language: str = ""


def draft(
    content: Content, *, author_id: int, space_id: int | None, audience: Audience, thread_id: int | None = None
) -> Article:
    """Begin an article; `thread_id` names the thread that it comes from."""
    article = Article(
        space_id=space_id,
        audience=audience.value,
        author_id=author_id,
        last_editor_id=author_id,
        created_at=utcnow(),
    )
    _write(article, content, editor_id=author_id, reason="")
    if thread_id is not None:
        db.session.add(ArticleThread(article_id=article.id, thread_id=thread_id, kind=LinkKind.SOURCE.value))
    _record(ArticleDrafted, article, actor_id=author_id)
    _changed(article)
    return article


def draft_from_thread(
    thread: ThreadSnapshot, opening: PostSnapshot, answer: PostSnapshot | None, by_id: int
) -> Article:
    """Begin an article with what the thread holds; the thread is locked, so that two at once make one."""
    public.lock_thread(thread.id)
    existing = queries.source_article(thread.id)
    if existing is not None:
        return existing
    issue, resolution = (without_private(post.body)[0] if post else "" for post in (opening, answer))
    content = Content(title=thread.title, issue=issue, resolution=resolution, tags=list(thread.tags))
    audience = Audience.PUBLIC if thread.space.is_open else Audience.SPACE
    return draft(content, author_id=by_id, space_id=thread.space.id, audience=audience, thread_id=thread.id)


def edit(article: Article, content: Content, *, editor_id: int, reason: str = "", unfinished: bool = False) -> None:
    """Save a new text and keep it as a revision. The validation was of another text, so it is gone."""
    _write(article, content, editor_id=editor_id, reason=reason)
    article.confidence = (Confidence.WORK_IN_PROGRESS if unfinished else Confidence.NOT_VALIDATED).value
    article.validated_by_id = article.validated_at = None
    events.record(
        ArticleEdited(
            actor_id=editor_id,
            article_id=article.id,
            author_id=article.author_id,
            thread_id=queries.source_thread_id(article.id),
            revision=article.revision_count,
        )
    )
    _changed(article)


def find_as_before(article: Article, was: Mapping[str, Any]) -> None:
    """The text is again one that was found right, by whom and when, and who changed it last; moments in ISO 8601."""
    article.confidence, article.validated_by_id = was["confidence"], was["validated_by_id"]
    article.validated_at = datetime.fromisoformat(was["validated_at"]) if was["validated_at"] else None
    article.last_editor_id = was["last_editor_id"]
    _changed(article)


def restore(article: Article, revision: ArticleRevision, *, editor_id: int, reason: str) -> None:
    """Say again what a revision said; the restored text is the newest revision."""
    content = Content(
        title=revision.title,
        issue=revision.issue,
        resolution=revision.resolution,
        cause=revision.cause,
        environment=revision.environment,
        tags=revision.tags,
    )
    edit(article, content, editor_id=editor_id, reason=reason)


def validate(article: Article, *, by_id: int) -> None:
    """A second person found the text right; the caller has checked that it is a second one."""
    article.confidence = Confidence.VALIDATED.value
    article.validated_by_id = by_id
    article.validated_at = article.last_checked_at = utcnow()
    _record(ArticleValidated, article, actor_id=by_id)
    _changed(article)


def publish(article: Article, *, by_id: int) -> None:
    """Show it to its whole audience."""
    article.published_at = utcnow()
    _record(ArticlePublished, article, actor_id=by_id)
    _changed(article)


def archive(article: Article, *, by_id: int) -> None:
    """Put it away: links to it still lead there, lists and search leave it out."""
    article.confidence = Confidence.ARCHIVED.value
    _record(ArticleArchived, article, actor_id=by_id)
    _changed(article)


def withdraw(article: Article) -> None:
    """Take a published article from view: a draft again, with everything it has."""
    article.published_at = None
    _changed(article)


def put_back(article: Article, published_at: datetime) -> None:
    """Show one again that was taken from view, as published then."""
    article.published_at = published_at
    _changed(article)


def give_feedback(article: Article, *, member_id: int, helped: bool) -> None:
    """Note one member's answer; a later one takes the place of the earlier. Each use that helped is a check."""
    row = db.session.get(ArticleFeedback, (article.id, member_id))
    if row is not None and row.helped == helped:
        return
    if row is None:
        row = ArticleFeedback(article_id=article.id, member_id=member_id, credited=False)
        db.session.add(row)
    else:
        _count(article, helped=row.helped, by=-1)
    row.helped, row.at = helped, utcnow()
    _count(article, helped=helped, by=1)
    if helped:
        article.last_checked_at = row.at
        _credit(article, row)
    indexing.mark("article", article.id)


def _count(article: Article, *, helped: bool, by: int) -> None:
    if helped:
        article.helped_count += by
    else:
        article.not_helped_count += by


def _credit(article: Article, row: ArticleFeedback) -> None:
    if not row.credited:
        row.credited = True
        _record(ArticleHelped, article, actor_id=row.member_id)


def says(article: Article, content: Content) -> bool:
    """Whether the article says just that."""
    texts = ("title", "issue", "resolution", "cause", "environment")
    same = all(getattr(article, name) == getattr(content, name) for name in texts)
    return same and article.tags == public.main_tags(content.tags)


def _write(article: Article, content: Content, *, editor_id: int, reason: str) -> None:
    article.title = content.title
    article.issue, article.resolution, article.cause = content.issue, content.resolution, content.cause
    article.environment = [list(pair) for pair in content.environment]
    article.tags = public.main_tags(content.tags)
    article.last_editor_id = editor_id
    article.revision_count = (article.revision_count or 0) + 1
    _render(article, content.language)
    db.session.add(article)
    db.session.flush()
    _keep_tags(article)
    _keep_revision(article, reason)


def render_again(article: Article) -> None:
    """Make an article's pages from its texts as the present renderer does."""
    _render(article, article.language)


def _render(article: Article, language: str) -> None:
    parts = [render(text) for text in (article.issue, article.resolution, article.cause)]
    article.issue_html, article.resolution_html, article.cause_html = (part.html for part in parts)
    environment = [f"{name}: {value}" for name, value in article.environment]
    article.plain = "\n".join([*(part.plain for part in parts if part.plain), *environment])
    article.renderer_version = parts[0].version
    article.language = language or parts[0].language


def _keep_tags(article: Article) -> None:
    db.session.execute(delete(ArticleTag).where(ArticleTag.article_id == article.id))
    db.session.add_all(ArticleTag(article_id=article.id, tag=tag) for tag in article.tags)


def rename_tag(article: Article, old: str, new: str) -> None:
    """Let the article carry another tag in the place of one. It says nothing else, so this is no edit."""
    article.tags = sorted({new if tag == old else tag for tag in article.tags})
    db.session.flush()
    _keep_tags(article)
    indexing.mark("article", article.id)


def _keep_revision(article: Article, reason: str) -> None:
    revision = ArticleRevision(
        article_id=article.id,
        number=article.revision_count,
        title=article.title,
        issue=article.issue,
        environment=article.environment,
        resolution=article.resolution,
        cause=article.cause,
        tags=article.tags,
        editor_id=article.last_editor_id,
        reason=reason,
        at=utcnow(),
    )
    db.session.add(revision)


def _record(kind: type[ArticleEvent], article: Article, *, actor_id: int) -> None:
    source = queries.source_thread_id(article.id)
    events.record(kind(actor_id=actor_id, article_id=article.id, author_id=article.author_id, thread_id=source))


def _changed(article: Article) -> None:
    """Search and the pages of the threads show something else now."""
    indexing.mark("article", article.id)
    _touch(queries.thread_ids_of(article.id))
    public.touch_threads(queries.similar_thread_ids(article.id))


def _touch(thread_ids: Iterable[int]) -> None:
    for thread_id in thread_ids:
        public.touch_thread(thread_id)
