"""Articles keep the threads that they came from, wherever those go."""

from sqlalchemy import select

from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import ThreadMerged
from knowledge.articles.models import ArticleThread, LinkKind


@subscribe(ThreadMerged)
def follow_the_thread(event: ThreadMerged, _fact: Fact) -> None:
    """What was linked to a merged thread is linked to the other one; a second source there is a mention."""
    there = {link.article_id: link for link in _links(event.target_id)}
    has_source = any(link.kind == LinkKind.SOURCE for link in there.values())
    for link in _links(event.thread_id):
        if link.article_id in there:
            db.session.delete(link)
            continue
        if link.kind == LinkKind.SOURCE and has_source:
            link.kind = LinkKind.REUSED.value
        has_source = has_source or link.kind == LinkKind.SOURCE
        link.thread_id = event.target_id
        public.touch_thread(event.target_id)


def _links(thread_id: int) -> list[ArticleThread]:
    wanted = select(ArticleThread).where(ArticleThread.thread_id == thread_id).order_by(ArticleThread.article_id)
    return list(db.session.scalars(wanted))
