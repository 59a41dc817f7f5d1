"""Search: one box over threads, posts and articles, and what is alike while somebody types."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from community.core import indexing
from community.core.app import limiter
from community.core.markup import clean_text
from community.core.paging import Page, page_number
from community.core.policies import Actor, actor, public
from community.core.results import Result, loaders
from community.core.search.documents import Hit, Reader
from community.core.search.query import Query, parse_query
from community.core.search.snippets import highlight, snippet
from community.spaces.queries import all_visible_to

from .policies import SEE_RESTRICTED

search = Blueprint("search", __name__)

RESULTS_A_PAGE = 15
SIMILAR = 5
Pieces = list[tuple[str, bool]]
KINDS = {"": _l("Everything"), "thread": _l("Threads"), "post": _l("Replies"), "article": _l("Articles")}


@dataclass(frozen=True)
class Found:
    """A hit as the page shows it, with the words that matched marked."""

    result: Result
    title: Pieces
    snippet: Pieces


def reader_for(who: Actor, *, space: str = "") -> Reader:
    """What the actor may read, narrowed to a space by its slug or name where one is given."""
    spaces = all_visible_to(who)
    wanted = space.casefold()
    chosen = [s.id for s in spaces if not wanted or wanted in (s.slug.casefold(), s.name.casefold())]
    audiences = {"public"} | ({"members"} if who.is_member else set())
    if who.can(SEE_RESTRICTED):
        audiences.add("staff")
    return Reader(frozenset(chosen), frozenset(audiences))


def load(who: Actor, hits: tuple[Hit, ...]) -> list[Result]:
    """The hits that the actor may read, in their order; each kind in a fixed number of statements."""
    wanted: dict[str, list[int]] = {}
    for hit in hits:
        wanted.setdefault(hit.kind, []).append(hit.id)
    found = {kind: loaders[kind](who, ids) for kind, ids in wanted.items() if kind in loaders}
    results = (found.get(hit.kind, {}).get(hit.id) for hit in hits)
    return [result for result in results if result is not None]


@search.get("/search")
@public
@limiter.limit("120 per minute")
def results() -> str:
    """The result page."""
    text = clean_text(request.args.get("q", ""))[:500]
    query = parse_query(text)
    page, suggestion = _page(query)
    return render_template(
        "forum/search.html", q=text, page=page, suggestion=suggestion, kinds=KINDS, asked=bool(text.strip())
    )


def _page(query: Query) -> tuple[Page[Found], str | None]:
    number = min(page_number(), 60)
    offset = (number - 1) * RESULTS_A_PAGE
    reader = reader_for(actor(), space=query.space or "")
    hits = indexing.index().search(query, reader, limit=RESULTS_A_PAGE, offset=offset)
    shown = [
        Found(result, highlight(result.title, query), snippet(result.body, query))
        for result in load(actor(), hits.hits)
    ]
    return Page(shown, number, RESULTS_A_PAGE, hits.total), hits.suggestion


@search.get("/similar")
@public
@limiter.limit("120 per minute")
def similar() -> str:
    """Threads and articles alike, as an HTML fragment, while somebody types a title."""
    text = clean_text(request.args.get("q", ""))[:200].strip()
    found: list[Found] = []
    if len(text) >= 2:
        kinds = frozenset({"thread", "article"})
        hits = indexing.index().similar(text, reader_for(actor()), limit=SIMILAR, kinds=kinds)
        query = parse_query(text)
        found = [
            Found(result, highlight(result.title, query), snippet(result.body, query, width=120))
            for result in load(actor(), hits)
        ]
    return render_template("forum/similar.html", found=found, q=text)
