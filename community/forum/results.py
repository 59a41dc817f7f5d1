"""Search: one box over threads, posts and articles, and what is alike while somebody types."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

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
HITS_READ = 200  # as far as anybody pages; what is further down is counted as "at least"
SIMILAR = 5
Pieces = list[tuple[str, bool]]
Group = tuple[Hit, ...]
OF_THREAD = frozenset({"thread", "post"})


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


def grouped(hits: Iterable[Hit]) -> list[Group]:
    """Hits of one thread together, where the best of them stands; each group with its best hit first."""
    groups: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        key = ("thread", hit.thread_id) if hit.kind in OF_THREAD and hit.thread_id is not None else hit.key
        groups.setdefault(key, []).append(hit)
    return [tuple(group) for group in groups.values()]


@search.get("/search")
@public
@limiter.limit("120 per minute")
def results() -> str:
    """The result page: one result a thread, or all that matches within one thread."""
    text = clean_text(request.args.get("q", ""))[:500]
    found = _results(text, _thread_asked_for())
    return render_template("forum/search.html", q=text, found=found, page=found.page, asked=bool(text.strip()))


def _thread_asked_for() -> int | None:
    given = request.args.get("thread", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else None


def _results(text: str, thread_id: int | None) -> Results:
    query = parse_query(text)
    hits = indexing.index().search(query, reader_for(actor(), space=query.space or ""), limit=HITS_READ)
    if thread_id is None:
        groups = grouped(hits.hits)
    else:
        groups = [(hit,) for hit in hits.hits if hit.kind in OF_THREAD and hit.thread_id == thread_id]
    number = min(page_number(), max(1, -(-len(groups) // RESULTS_A_PAGE)))
    first = (number - 1) * RESULTS_A_PAGE
    return Results(
        Page(_found(groups[first : first + RESULTS_A_PAGE], query, text), number, RESULTS_A_PAGE, len(groups)),
        complete=hits.total <= HITS_READ,
        suggestion=hits.suggestion if thread_id is None else None,
        thread_id=thread_id,
    )


def _found(groups: list[Group], query: Query, text: str) -> list[Found]:
    others = {group[0].key: group[1:] for group in groups}
    found = []
    for result in load(actor(), tuple(group[0] for group in groups)):
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
        hits = indexing.index().similar(text, reader_for(actor()), limit=SIMILAR, kinds=kinds)
        query = parse_query(text)
        found = [
            Found(result, highlight(result.title, query), snippet(result.body, query, width=120))
            for result in load(actor(), hits)
        ]
    return render_template("forum/similar.html", found=found, q=text)
