"""Facts of the knowledge base."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ArticleEvent(Event):
    """What all facts about an article carry: who wrote it, and the thread it came from, if any."""

    subject = "article_id"
    article_id: int
    author_id: int
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleDrafted(ArticleEvent):
    """Somebody began an article. `actor_id` is its author."""

    name = "knowledge.article.drafted"


@dataclass(frozen=True, kw_only=True)
class ArticleEdited(ArticleEvent):
    """The text changed; the revision is kept. A validation is lost with it."""

    name = "knowledge.article.edited"
    revision: int


@dataclass(frozen=True, kw_only=True)
class ArticleValidated(ArticleEvent):
    """A second person, `actor_id`, read it and found it right."""

    name = "knowledge.article.validated"


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(ArticleEvent):
    """From now on its whole audience reads it; recorded when it is published for the first time."""

    name = "knowledge.article.published"


@dataclass(frozen=True, kw_only=True)
class ArticleArchived(ArticleEvent):
    """It is out of date: no longer listed or found."""

    name = "knowledge.article.archived"


@dataclass(frozen=True, kw_only=True)
class ArticleHelped(ArticleEvent):
    """A member, `actor_id`, says that it helped; recorded once for each member and article."""

    name = "knowledge.article.helped"
