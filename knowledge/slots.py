"""What the knowledge base puts into pages of the community."""

from flask import render_template

from community.core.policies import Actor
from community.core.slots import fill
from community.public import ThreadSnapshot
from knowledge.articles import policies, queries
from knowledge.articles.pages import CONFIDENCE


@fill("thread.solved")
def make_article(*, thread: ThreadSnapshot, solver_id: int, actor: Actor, **_others: object) -> str:
    """Beside an accepted answer: the article made of it, or the offer to make one."""
    article, exists = queries.readable_source_article(actor, thread.id)
    if article is None and (exists or not policies.can_draft(actor, thread, solver_id)):
        return ""
    return render_template("knowledge/offer.html", article=article, thread_id=thread.id, words=CONFIDENCE)


@fill("thread.aside")
def linked_articles(*, thread_id: int, actor: Actor, **_others: object) -> str:
    """Articles that came from the thread or were used in it, and similar ones."""
    linked, similar = queries.linked_to_thread(actor, thread_id)
    if not linked and not similar:
        return ""
    return render_template("knowledge/linked.html", articles=linked, similar=similar, words=CONFIDENCE)


@fill("profile.articles")
def articles_on_profile(*, member_id: int, actor: Actor, **_others: object) -> str:
    """The newest articles that somebody wrote, as far as the reader may see them."""
    page = queries.articles_by(actor, member_id)
    return render_template("knowledge/of_member.html", page=page, words=CONFIDENCE) if page.rows else ""
