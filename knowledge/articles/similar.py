"""Which articles are like a thread, kept beside it, so that its page costs no more for showing them.

Whether somebody may read an article is asked when it is shown; kept are published ones of the open knowledge base and
of the thread's own space.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from community import public
from community.core import indexing
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.jobs import enqueue, job
from community.core.search.documents import Reader
from community.forum.events import (
    AnswerAccepted,
    PostEdited,
    ThreadEvent,
    ThreadMerged,
    ThreadMoved,
    ThreadSplit,
    ThreadStarted,
)
from community.public import ThreadSnapshot
from knowledge.events import ArticleArchived, ArticleEdited, ArticleEvent, ArticlePublished

from . import queries
from .models import Article, Audience, SimilarArticle

KEPT = 5
COMPARED = 40
ENOUGH = 0.25  # of what the thread itself scores: one shared word among many is not likeness
THREADS_AROUND = 20
INDEX_PAUSE = timedelta(seconds=20)
AUDIENCE = frozenset({"public"})


def find_for(thread_id: int, *, again: bool = True) -> None:
    """Find the articles that are like a thread; its page is another one where they changed.

    Where the index does not know the thread yet it is looked for once more; one that not everybody in its space may
    read is never known there, and has none.
    """
    thread = public.thread_snapshot(thread_id)
    found = _like(thread) if thread is not None else []
    if found is None and again:
        enqueue(find_later, run_at=utcnow() + INDEX_PAUSE, thread_id=thread_id)
        return
    _keep(thread_id, found or [])


@job
def find_later(thread_id: int) -> None:
    """The second and last look."""
    find_for(thread_id, again=False)


def _keep(thread_id: int, found: list[int]) -> None:
    of_thread = SimilarArticle.thread_id == thread_id
    before = db.session.scalars(select(SimilarArticle.article_id).where(of_thread).order_by(SimilarArticle.rank))
    if found == list(before):
        return
    db.session.execute(delete(SimilarArticle).where(of_thread))
    db.session.add_all(
        SimilarArticle(thread_id=thread_id, article_id=article_id, rank=rank) for rank, article_id in enumerate(found)
    )
    public.touch_threads([thread_id])


def _like(thread: ThreadSnapshot) -> list[int] | None:
    """Ids of the articles, best first; None where the thread itself is not found, with which they are compared."""
    reader = Reader(frozenset({thread.space.id}), AUDIENCE)
    hits = indexing.index().similar(thread.title, reader, limit=COMPARED, kinds=frozenset({"article", "thread"}))
    itself = next((hit.score for hit in hits if hit.key == ("thread", thread.id)), None)
    if itself is None:
        return None
    ids = [hit.id for hit in hits if hit.kind == "article" and hit.score >= itself * ENOUGH][:KEPT]
    known = set(db.session.scalars(select(Article.id).where(Article.id.in_(ids), queries.LISTED)))
    return [id_ for id_ in ids if id_ in known]


@job
def find(thread_id: int) -> None:
    """The first look, in a job of its own: by then the index has been told of what is new."""
    find_for(thread_id)


@subscribe(ThreadStarted, ThreadMoved, AnswerAccepted)
def look_from_thread(event: ThreadEvent, _fact: Fact) -> None:
    """A new thread, one elsewhere, and one that was answered."""
    enqueue(find, thread_id=event.thread_id)


@subscribe(ThreadSplit)
def look_from_what_was_split_off(event: ThreadSplit, _fact: Fact) -> None:
    """What was split off is a new thread."""
    enqueue(find, thread_id=event.new_thread_id)


@subscribe(ThreadMerged)
def forget_what_was_merged(event: ThreadMerged, _fact: Fact) -> None:
    """A thread without posts is like nothing."""
    db.session.execute(delete(SimilarArticle).where(SimilarArticle.thread_id == event.thread_id))


@subscribe(PostEdited)
def look_from_edited_thread(event: PostEdited, _fact: Fact) -> None:
    """A new title may be like other articles."""
    post = public.post_snapshot_of(event.post_id)
    if post is not None and post.number == 1:
        enqueue(find, thread_id=event.thread_id)


@subscribe(ArticlePublished, ArticleEdited, ArticleArchived)
def look_from_article(event: ArticleEvent, _fact: Fact) -> None:
    """Once the index knows of it, threads around an article are looked at again."""
    enqueue(look_around, article_id=event.article_id)


@job
def look_around(article_id: int) -> None:
    """Find the similar articles of the threads beside which it stands, and of those that are like it."""
    article = db.session.get(Article, article_id)
    around = set(queries.similar_thread_ids(article_id))
    if article is not None and article.is_listed:
        reader = Reader(_spaces_of(article), AUDIENCE)
        threads = frozenset({"thread"})
        hits = indexing.index().similar(article.title, reader, limit=THREADS_AROUND, kinds=threads)
        around |= {hit.id for hit in hits}
    for thread_id in sorted(around):
        find_for(thread_id)


def _spaces_of(article: Article) -> frozenset[int]:
    if article.audience == Audience.PUBLIC or article.space_id is None:
        return public.all_space_ids()
    return frozenset({article.space_id})
