"""Search: one box over threads, posts and articles, and what is alike while somebody types."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from community.core import indexing
from community.core.app import limiter
from community.core.markup import clean_text
from community.core.numbers import whole_number
from community.core.paging import Page, page_number
from community.core.policies import actor, public
from community.core.results import Result
from community.core.search.query import Query, parse_query
from community.core.search.snippets import highlight, snippet
from community.spaces.models import Space
from community.spaces.queries import all_visible_to

from . import log as searching_log
from . import saved as searching_saved
from .forms import composed, narrowing
from .queries import CANDIDATES, ORDERS, Choice, Facet, Group, Looked, choices, facets, load, look, readable_by
from .views import ALERTS

search = Blueprint("search", __name__)

RESULTS_A_PAGE = 15
SIMILAR = 5
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """A hit as the page shows it, with the words that matched marked, and how many replies beside it match too."""

    result: Result
    title: Pieces
    snippet: Pieces
    more_replies: int = 0
    more_url: str = ""


@dataclass(frozen=True)
class Results:
    """A page of results. `complete` is false where there may be more than were counted."""

    page: Page[Found]
    complete: bool
    suggestion: str | None
    thread_id: int | None
    order: str
    facets: list[Facet]
    choices: list[Choice]
    best: int = CANDIDATES


@search.get("/search")
@public
@limiter.limit("120 per minute")
def results() -> str | Response:
    """The result page: one result a thread, or all that matches within one thread. A filled form becomes words."""
    order = request.args.get("sort", "") if request.args.get("sort", "") in ORDERS else ""
    if "narrow" in request.args:
        return redirect(url_for("search.results", q=composed(request.args), sort=order or None))
    text = clean_text(request.args.get("q", ""))[:500]
    query, spaces = parse_query(text), all_visible_to(actor())
    found = _results(text, query, spaces, order)
    if not (order or found.thread_id or found.page.number > 1 or query.is_narrowed):
        searching_log.asked(query, found.page.total)
    return _page(text, query, spaces, found)


def _page(text: str, query: Query, spaces: list[Space], found: Results) -> str:
    return render_template(
        "forum/search.html",
        q=text,
        words=query.words,
        found=found,
        page=found.page,
        asked=bool(text.strip()),
        form=narrowing(query, spaces),
        orders=ORDERS,
        alerts=ALERTS,
        saved=searching_saved.of_member(actor().id),
    )


def _thread_asked_for() -> int | None:
    return whole_number(request.args.get("thread", ""))


def _results(text: str, query: Query, spaces: Iterable[Space], order: str) -> Results:
    thread_id = _thread_asked_for()
    looked = look(actor(), query, spaces, order=order, thread_id=thread_id)
    count = len(looked.groups)
    number = min(page_number(), max(1, -(-count // RESULTS_A_PAGE)))
    first = (number - 1) * RESULTS_A_PAGE
    return Results(
        Page(_found(looked, first, query, text), number, RESULTS_A_PAGE, count),
        complete=looked.complete,
        suggestion=looked.suggestion,
        thread_id=thread_id,
        order=order,
        facets=[] if thread_id is not None else facets(looked, query),
        choices=choices(query, spaces),
    )


def _found(looked: Looked, first: int, query: Query, text: str) -> list[Found]:
    groups: list[Group] = looked.groups[first : first + RESULTS_A_PAGE]
    others = {group[0].key: group[1:] for group in groups}
    found = []
    for result in load(actor(), (group[0] for group in groups)):
        more = [hit for hit in others[result.kind, result.id] if hit.kind == "post"]
        address = url_for("search.results", q=text, thread=more[0].thread_id) if more else ""
        passage = snippet(result.body, query)
        found.append(Found(result, highlight(result.title, query), passage, len(more), address))
    return found


@search.get("/similar")
@public
@limiter.limit("120 per minute")
def similar() -> str:
    """Threads and articles alike, as an HTML fragment, while somebody types a title."""
    text = clean_text(request.args.get("q", ""))[:200].strip()
    found: list[Found] = []
    if len(text) >= 2:
        kinds = frozenset({"thread", "article"})
        hits = indexing.index().similar(text, readable_by(actor()), limit=SIMILAR, kinds=kinds)
        query = parse_query(text)
        found = [
            Found(result, highlight(result.title, query), snippet(result.body, query, width=120))
            for result in load(actor(), hits)
        ]
    asking = actor().is_member and bool(request.args.get("asking"))
    return render_template("forum/similar.html", found=found, q=text, asking=asking)
