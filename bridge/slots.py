"""What the bridge puts into pages of the community; one read per slot, whatever is on the page."""

from dataclasses import dataclass

from flask import render_template

from bridge.promotion.policies import can_step_in
from bridge.promotion.windows import window_of
from bridge.queries import policies, queries
from bridge.queries.models import Query, QueryThread, Status
from bridge.queries.pages import card_view, others_view
from community import public
from community.core.policies import Actor
from community.core.slots import fill
from community.public import ThreadSnapshot


@fill("thread.card")
def thread_card(*, thread_id: int, actor: Actor, **_others: object) -> str:
    """The query of the thread, or its way there, at a glance; the page has checked that the actor may read it."""
    found = queries.glance_at(thread_id)
    window = window_of(found.watch, actor)
    beside = render_template("bridge/promotion_window.html", window=window) if window else ""
    card = found.card
    if card is None or (card.query.restricted and not _sees_restricted(actor, card.link)):
        return beside
    others = others_view(actor, card, found.others)
    return render_template("bridge/card.html", card=card_view(actor, card), others=others) + beside


def _sees_restricted(actor: Actor, link: QueryThread) -> bool:
    return policies.can_work(actor) or (actor.is_member and actor.id == link.author_id)


@fill("thread.actions")
def thread_actions(*, thread: ThreadSnapshot, actor: Actor, **_others: object) -> str:
    """The way to the desk, for those who may take the thread there; the page has read the thread already."""
    if policies.can_promote_further(actor, thread):
        return render_template("bridge/offer_further.html", thread=thread)
    if thread.state not in policies.WITHOUT_QUERY or not policies.can_promote(actor, thread):
        return ""
    mine, acts = thread.author.id == actor.id, can_step_in(actor, thread)
    return render_template("bridge/offer.html", thread=thread, mine=mine, acts=acts)


@dataclass(frozen=True)
class Broken:
    """A major incident, under the title of a thread that the reader may open."""

    query: Query
    thread: ThreadSnapshot


@fill("home.broken")
def home_broken(*, actor: Actor, **_others: object) -> str:
    """What is not working right now, as far as the actor may know."""
    links = queries.major_links()
    readable = public.threads_visible_to(actor, [thread_id for _query, thread_id in links]) if links else {}
    rows: dict[int, Broken] = {}
    for query, thread_id in links:
        if thread_id in readable and not query.restricted:
            rows.setdefault(query.id, Broken(query, readable[thread_id]))
    return render_template("bridge/broken.html", rows=list(rows.values())) if rows else ""


@fill("home.waiting")
def home_waiting(*, actor: Actor, **_others: object) -> str:
    """Queries that cannot go on without a word from the actor."""
    rows = queries.waiting_for(actor.id) if actor.id is not None else []
    return render_template("bridge/waiting.html", rows=rows, asked=Status.WAITING_USER) if rows else ""
