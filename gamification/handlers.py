"""Facts that move standings."""

from community.core.events import Fact, subscribe
from community.forum.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HelpfulMarked,
    HelpfulUnmarked,
    PostHidden,
    PostRestored,
    ThreadEvent,
    ThreadHidden,
    ThreadRestored,
)
from community.importing.events import AcceptanceImported
from knowledge.events import ArticleEvent, ArticleHelped, ArticlePublished, ArticleValidated

from .ledger import follow


@subscribe(
    AnswerAccepted,
    AnswerUnaccepted,
    HelpfulMarked,
    HelpfulUnmarked,
    PostHidden,
    PostRestored,
    ThreadHidden,
    ThreadRestored,
)
def follow_thread(event: ThreadEvent, fact: Fact) -> None:
    """Points for what happened in a thread, or points that fall away."""
    follow(f"thread:{event.thread_id}", fact)


@subscribe(AcceptanceImported)
def follow_import(event: AcceptanceImported, fact: Fact) -> None:
    """Answers that were accepted elsewhere count as those accepted here."""
    follow(f"thread:{event.thread_id}", fact)


@subscribe(ArticlePublished, ArticleValidated, ArticleHelped)
def follow_article(event: ArticleEvent, fact: Fact) -> None:
    """Points for an article."""
    follow(f"article:{event.article_id}", fact)
