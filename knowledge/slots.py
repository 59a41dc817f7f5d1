"""What the knowledge base puts into pages of the community."""

from flask import render_template

from community import public
from community.core.policies import Actor
from community.core.slots import fill
from knowledge.articles import policies, queries
from knowledge.articles.pages import CONFIDENCE


@fill("thread.solved")
def make_article(*, thread_id: int, actor: Actor, **_others: object) -> str:
    """Beside an accepted answer: the article made of it, or the offer to make one."""
    article, exists = queries.readable_source_article(actor, thread_id)
    if article is None and (exists or not _may_draft(actor, thread_id)):
        return ""
    return render_template("knowledge/offer.html", article=article, thread_id=thread_id, words=CONFIDENCE)


def _may_draft(actor: Actor, thread_id: int) -> bool:
    if not actor.is_member:
        return False
    thread = public.thread_for(actor, thread_id)
    return thread is not None and policies.can_draft(actor, thread, public.opening_and_answer(thread_id)[1])


@fill("thread.aside")
def linked_articles(*, thread_id: int, actor: Actor, **_others: object) -> str:
    """Articles that came from the thread or were used in it."""
    articles = queries.linked_to_thread(actor, thread_id)
    return render_template("knowledge/linked.html", articles=articles, words=CONFIDENCE) if articles else ""
