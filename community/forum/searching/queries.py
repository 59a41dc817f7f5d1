"""Looking for something: the best hits that the actor may read, grouped, sorted, and counted by what they have."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import indexing
from community.core.policies import Actor
from community.core.results import Result, Traits, describers, loaders
from community.core.search.documents import Hit, Key, Reader
from community.core.search.query import Query, written
from community.core.words import STATES
from community.organisations.queries import everyone
from community.spaces.models import Space
from community.spaces.queries import all_visible_to

from ..indexing import audience_of
from ..models import Kind, State
from ..policies import SEE_ORGANISATIONS, SEE_RESTRICTED

CANDIDATES = 500  # hits that are looked at; what is further down is counted as "at least"
VALUES_SHOWN = 8
OF_THREAD = frozenset({"thread", "post"})
ORDERS = {"": _l("Best match"), "date": _l("Newest"), "votes": _l("Most votes")}
KINDS = {
    Kind.QUESTION.value: _l("Question"),
    Kind.DISCUSSION.value: _l("Discussion"),
    Kind.IDEA.value: _l("Idea"),
    Kind.ANNOUNCEMENT.value: _l("News"),
    "article": _l("Article"),
}
PARTS = {"thread": _l("Thread"), "post": _l("Reply")}
Group = tuple[Hit, ...]


@dataclass(frozen=True)
class Looked:
    """What was found: groups in their order and the traits of each hit. `complete` is false where there may be more."""

    groups: list[Group]
    traits: Mapping[Key, Traits]
    complete: bool
    suggestion: str | None


@dataclass(frozen=True)
class Value:
    """A value that results are counted by, and the query that narrows to it, or widens again where it is `chosen`."""

    label: str
    count: int
    query: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Values of one kind, the most frequent first."""

    label: str
    values: list[Value]


@dataclass(frozen=True)
class Choice:
    """A part of the query as it is shown, and the query without it."""

    label: str
    query: str


def reader_for(who: Actor, spaces: Iterable[Space], *, space: str = "") -> Reader:
    """What the actor may read of the spaces, narrowed to one by its slug or name where one is given."""
    wanted = space.casefold()
    chosen = [s.id for s in spaces if not wanted or wanted in (s.slug.casefold(), s.name.casefold())]
    audiences = {"public"} | ({"members"} if who.is_member else set())
    if who.can(SEE_RESTRICTED):
        audiences.add("staff")
    audiences |= {audience_of(id_) for id_ in _organisations(who)}
    return Reader(frozenset(chosen), frozenset(audiences))


def _organisations(who: Actor) -> list[int]:
    if who.can(SEE_ORGANISATIONS):
        return [each.id for each in everyone()]
    return [who.organisation_id] if who.organisation_id is not None else []


def readable_by(who: Actor) -> Reader:
    """Everything that the actor may read."""
    return reader_for(who, all_visible_to(who))


def load(who: Actor, hits: Iterable[Hit]) -> list[Result]:
    """The hits that the actor may read, in their order; each kind in a fixed number of statements."""
    hits = list(hits)
    found = {kind: loaders[kind](who, ids) for kind, ids in _by_kind(hits).items() if kind in loaders}
    results = (found.get(hit.kind, {}).get(hit.id) for hit in hits)
    return [result for result in results if result is not None]


def load_one(who: Actor, kind: str, id_: int) -> Result | None:
    """One of anything that is found, where the actor may read it."""
    return loaders[kind](who, [id_]).get(id_) if kind in loaders else None


def _by_kind(hits: Iterable[Hit]) -> dict[str, list[int]]:
    wanted: dict[str, list[int]] = {}
    for hit in hits:
        wanted.setdefault(hit.kind, []).append(hit.id)
    return wanted


def traits_of(who: Actor, hits: Iterable[Hit]) -> dict[Key, Traits]:
    """What is known of the hits that the actor may read; each kind in a fixed number of statements."""
    return {
        (kind, id_): traits
        for kind, ids in _by_kind(hits).items()
        if kind in describers
        for id_, traits in describers[kind](who, ids).items()
    }


def grouped(hits: Iterable[Hit]) -> list[Group]:
    """Hits of one thread together, where the best of them stands; each group with its best hit first."""
    groups: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        key = ("thread", hit.thread_id) if hit.kind in OF_THREAD and hit.thread_id is not None else hit.key
        groups.setdefault(key, []).append(hit)
    return [tuple(group) for group in groups.values()]


def look(who: Actor, query: Query, spaces: Iterable[Space], *, order: str = "", thread_id: int | None = None) -> Looked:
    """The best 500 hits (the newest, where that is the order) that the actor may read; of one thread, each alone."""
    reader = reader_for(who, spaces, space=query.space or "")
    found = indexing.index().search(query, reader, limit=CANDIDATES, by_date=order == "date")
    traits = traits_of(who, found.hits)
    wanted = (query.space or "").casefold()
    if wanted:
        traits = {key: one for key, one in traits.items() if wanted in (one.space, one.space_name.casefold())}
    hits = [hit for hit in found.hits if hit.key in traits]
    if order == "votes":
        hits.sort(key=lambda hit: -traits[hit.key].votes)
    if thread_id is None:
        groups = grouped(hits)
    else:
        groups = [(hit,) for hit in hits if hit.kind in OF_THREAD and hit.thread_id == thread_id]
    return Looked(groups, traits, found.total <= CANDIDATES, found.suggestion if thread_id is None else None)


def facets(looked: Looked, query: Query) -> list[Facet]:
    """What the results have, counted once a result, each with the query that narrows to it."""
    found = [[looked.traits[hit.key] for hit in group] for group in looked.groups]
    names = {traits.space: traits.space_name for traits in looked.traits.values()}
    made = [
        _facet("space", _("Space"), found, query, names),
        _facet("tag", _("Tag"), found, query, {}),
        _facet("type", _("Kind"), found, query, KINDS),
        _facet("state", _("State"), found, query, state_words()),
        _facet("year", _("Year"), found, query, {}),
    ]
    return [facet for facet in made if len(facet.values) > 1 or any(value.chosen for value in facet.values)]


_VALUES: dict[str, Callable[[Traits], Iterable[str]]] = {
    "space": lambda traits: (traits.space,),
    "tag": lambda traits: traits.tags,
    "type": lambda traits: (traits.kind,),
    "state": lambda traits: (traits.state,),
    "year": lambda traits: (str(traits.at.year),),
}


def _facet(name: str, label: str, found: list[list[Traits]], query: Query, words: Mapping[str, object]) -> Facet:
    each = _VALUES[name]
    counted = Counter(value for group in found for value in {value for traits in group for value in each(traits)})
    values = []
    for value, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        shown = str(words.get(value, value))
        chosen = _holds(query, name, value, shown)
        again = widened(query, name, value) if chosen else _narrowed(query, name, value)
        values += [Value(shown, count, written(again), chosen)] if value else []
    return Facet(label, values[:VALUES_SHOWN])


def state_words() -> dict[str, object]:
    """The words of the states that may be asked for."""
    return {state.value: STATES[state.value][1] for state in State}


def year_of(query: Query) -> int | None:
    """The year that the query is narrowed to, if it is exactly one."""
    if query.after is None or query.before is None:
        return None
    year = query.after.year
    return year if query.after == date(year, 1, 1) and query.before == date(min(year + 1, MAXYEAR), 1, 1) else None


def _holds(query: Query, name: str, value: str, shown: str) -> bool:
    if name == "tag":
        return value.casefold() in query.tags
    if name == "year":
        return year_of(query) == int(value)
    return getattr(query, name) in (value.casefold(), shown.casefold())


def _narrowed(query: Query, name: str, value: str) -> Query:
    if name == "tag":
        return replace(query, tags=(*query.tags, value))
    if name == "year":
        return replace(query, after=date(int(value), 1, 1), before=date(min(int(value) + 1, MAXYEAR), 1, 1))
    return replace(query, **{name: value})  # type: ignore[arg-type]


def widened(query: Query, name: str, value: str = "") -> Query:
    """The query without what it is narrowed to under that name."""
    if name == "tag":
        return replace(query, tags=tuple(tag for tag in query.tags if tag != value.casefold()))
    if name == "year":
        return replace(query, after=None, before=None)
    return replace(query, **{name: None})  # type: ignore[arg-type]


def choices(query: Query, spaces: Iterable[Space]) -> list[Choice]:
    """What the query is narrowed to, each part with the query without it."""
    names = {space.slug: space.name for space in spaces}
    kinds = {**KINDS, **PARTS}
    found: list[tuple[str, Query]] = [(f"“{one}”", _less(query, "phrases", one)) for one in query.phrases]
    found += [(_("without %(words)s", words=one), _less(query, "excluded", one)) for one in query.excluded]
    for name, words in (("space", names), ("type", kinds), ("state", state_words())):
        value = getattr(query, name)
        found += [(str(words.get(value, value)), widened(query, name))] if value else []
    if query.solved is not None:
        found.append((_("Solved") if query.solved else _("Unsolved"), replace(query, solved=None)))
    if query.by:
        found.append((_("by %(name)s", name=query.by), replace(query, by=None)))
    found += [(f"#{tag}", widened(query, "tag", tag)) for tag in query.tags]
    if query.in_title:
        found.append((_("in the title"), replace(query, in_title=False)))
    return [Choice(label, written(without)) for label, without in found + _days(query)]


def _less(query: Query, name: str, one: str) -> Query:
    kept: Any = {name: tuple(words for words in getattr(query, name) if words != one)}
    return replace(query, **kept)


def _days(query: Query) -> list[tuple[str, Query]]:
    if year := year_of(query):
        return [(str(year), widened(query, "year"))]
    found = []
    if query.after:
        found.append((_("from %(day)s", day=query.after.isoformat()), replace(query, after=None)))
    if query.before:
        found.append((_("before %(day)s", day=query.before.isoformat()), replace(query, before=None)))
    return found
