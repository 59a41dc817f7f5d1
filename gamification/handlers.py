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
    ThreadMerged,
    ThreadRestored,
    ThreadSplit,
    VoteGivenBack,
    VoteSetAside,
)
from community.importing.events import ThreadImported
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
    ThreadMerged,
    ThreadSplit,
    VoteSetAside,
    VoteGivenBack,
)
def follow_thread(event: ThreadEvent, fact: Fact) -> None:
    """Points for what happened in a thread, or points that fall away."""
    follow(f"thread:{event.thread_id}", fact)


@subscribe(ThreadImported)
def follow_import(event: ThreadImported, fact: Fact) -> None:
    """Votes given and answers accepted elsewhere count as those here do: one settlement for all of a thread's."""
    follow(f"thread:{event.thread_id}", fact)


@subscribe(ArticlePublished, ArticleValidated, ArticleHelped)
def follow_article(event: ArticleEvent, fact: Fact) -> None:
    """Points for an article."""
    follow(f"article:{event.article_id}", fact)
