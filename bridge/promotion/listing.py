"""The staff's list of suggestions, read in a fixed number of statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from bridge.queries import queries
from bridge.queries.duplicates import most_alike
from bridge.queries.promotion import Duplicate
from community import public
from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.public import MemberSnapshot, ThreadSnapshot

from .acting import first_of
from .book import Book
from .explaining import rule_name
from .models import ThreadWatch
from .showing import Shown, shown

ROWS_A_PAGE = 20


@dataclass(frozen=True)
class Suggestion:
    """A thread that rules speak for: why, as what, since when, and which open queries look like it."""

    thread: ThreadSnapshot
    first: Shown
    others: tuple[Shown, ...]
    since: datetime
    claimed_until: datetime | None
    held_until: datetime | None
    duplicates: tuple[Duplicate, ...]
    proposer: str = ""
    proposed_reason: str = ""

    @property
    def people(self) -> int:
        """How many people are affected, the author among them."""
        return 1 + self.thread.have_too_count


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed to; nothing where empty."""

    rule: str = ""
    space_id: int = 0


def suggestions(actor: Actor, narrowed: Narrowed, number: int) -> Page[Suggestion]:
    """One page of what rules suggest or are about to promote, the longest waiting first."""
    wanted: list[ColumnElement[bool]] = [ThreadWatch.suggested_at.is_not(None)]
    if narrowed.rule:
        wanted.append(ThreadWatch.suggested_by.contains(f" {narrowed.rule} ", autoescape=True))
    if narrowed.space_id:
        wanted.append(ThreadWatch.space_id == narrowed.space_id)
    total = db.session.scalar(select(func.count()).select_from(ThreadWatch).where(*wanted)) or 0
    statement = select(ThreadWatch).where(*wanted).order_by(ThreadWatch.suggested_at, ThreadWatch.id)
    watches = db.session.scalars(statement.limit(ROWS_A_PAGE).offset((number - 1) * ROWS_A_PAGE)).all()
    threads = public.threads_visible_to(actor, [watch.thread_id for watch in watches])
    open_ones = queries.open_titles() if watches else []
    titles = [(Duplicate(query, link.title, 0), link.title) for query, link in open_ones]
    people = public.members(watch.proposed_by_id for watch in watches if watch.proposed_by_id)
    rows = (_row(watch, threads[watch.thread_id], titles, people) for watch in watches if watch.thread_id in threads)
    return Page([row for row in rows if row is not None], number, ROWS_A_PAGE, total)


def _row(
    watch: ThreadWatch,
    thread: ThreadSnapshot,
    titles: list[tuple[Duplicate, str]],
    people: Mapping[int, MemberSnapshot],
) -> Suggestion | None:
    verdicts = shown(watch.verdicts)
    first = first_of(verdicts)
    if first is None:
        return None
    found: dict[int, Duplicate] = {}
    for one, alike in most_alike(thread.title, titles):
        if one.query.restricted or not thread.restricted:
            found.setdefault(one.query.id, Duplicate(one.query, one.title, alike))
    proposer = people.get(watch.proposed_by_id or 0)
    return Suggestion(
        thread=thread,
        first=first,
        others=tuple(each for each in verdicts if each is not first),
        since=watch.suggested_at or first.since,
        claimed_until=watch.claimed_until,
        held_until=watch.held_until,
        duplicates=tuple(found.values())[:3],
        proposer=proposer.name if proposer else "",
        proposed_reason=watch.proposed_reason,
    )


def rule_names(book: Book) -> Mapping[str, str]:
    """The names of all rules by key, those of the installation first."""
    own = (rule for rules in book.rules.spaces.values() for rule in rules)
    found: dict[str, str] = {}
    for rule in (*book.rules.defaults, *own):
        found.setdefault(rule.key, rule_name(rule))
    return found
