"""What is searched for, without who: words by day, counted in memory and brought to the database now and then."""

import re
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, String, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from community.core import i18n
from community.core.db import Base, db, utcnow
from community.core.jobs import every
from community.core.search.query import Query

KEPT = timedelta(days=90)
LONGEST = 80
OFTEN = 3  # times that words are asked before anybody is shown them
SHOWN = 30
WAITING = 5_000  # different words between two flushes, at most
LAST_POSITION = 500
_PERSONAL = re.compile(r"@|\d{6}")  # what looks like an address or the number of somebody is not kept


class SearchAsked(Base):
    """How often words were asked on a day: `empty` times nothing was found, `hits` were found the last time.

    Of the `clicks` on results, `positions` is the sum of the places they stood at, from 1.
    """

    __tablename__ = "search_asked"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    words: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    language: Mapped[str] = mapped_column(String(10), primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    hits: Mapped[int] = mapped_column(default=0)
    clicks: Mapped[int] = mapped_column(default=0)
    positions: Mapped[int] = mapped_column(default=0)


@dataclass
class _Counted:
    asked: int = 0
    empty: int = 0
    hits: int = 0
    clicks: int = 0
    positions: int = 0


Key = tuple[date, str, str]
_lock = threading.Lock()
_waiting: dict[Key, _Counted] = {}


def _key(query: Query) -> Key | None:
    words = " ".join(query.words.casefold().split())
    if not words or len(words) > LONGEST or _PERSONAL.search(words):
        return None
    return utcnow().date(), words, i18n.language()


def _of(key: Key | None) -> _Counted | None:
    """What is counted for the words; nothing where there are too many different ones to remember."""
    if key is None or (key not in _waiting and len(_waiting) >= WAITING):
        return None
    return _waiting.setdefault(key, _Counted())


def asked(query: Query, hits: int) -> None:
    """Words were asked, and so many results found."""
    with _lock:
        if counted := _of(_key(query)):
            counted.asked, counted.hits = counted.asked + 1, hits
            counted.empty += hits == 0


def clicked(query: Query, position: int) -> None:
    """A result was opened that stood at the position; words that nobody asked are not added by it."""
    if not 1 <= position <= LAST_POSITION:
        return
    with _lock:
        if counted := _of(_key(query)):
            counted.clicks, counted.positions = counted.clicks + 1, counted.positions + position


def flush() -> None:
    """Bring what was counted to the database, within the present transaction."""
    with _lock:
        waiting = dict(_waiting)
        _waiting.clear()
    for (day, words, language), counted in sorted(waiting.items(), key=lambda item: item[0]):
        if counted.asked:
            _add(day, words, language, counted)
        else:
            _add_clicks(day, words, language, counted)


def _add(day: date, words: str, language: str, counted: _Counted) -> None:
    insert = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
    row: Any = insert(SearchAsked).values(day=day, words=words, language=language, **vars(counted))
    more = {name: getattr(SearchAsked, name) + row.excluded[name] for name in vars(counted) if name != "hits"}
    keys = ["day", "words", "language"]
    db.session.execute(row.on_conflict_do_update(index_elements=keys, set_={**more, "hits": row.excluded.hits}))


def _add_clicks(day: date, words: str, language: str, counted: _Counted) -> None:
    """The search may have been the day before."""
    known = select(func.max(SearchAsked.day)).where(
        SearchAsked.words == words, SearchAsked.language == language, SearchAsked.day <= day
    )
    db.session.execute(
        update(SearchAsked)
        .where(
            SearchAsked.words == words,
            SearchAsked.language == language,
            SearchAsked.day == known.scalar_subquery(),
        )
        .values(clicks=SearchAsked.clicks + counted.clicks, positions=SearchAsked.positions + counted.positions),
        execution_options={"synchronize_session": False},
    )


@every(hours=24)
def forget_old() -> None:
    """What was asked more than 90 days ago goes."""
    db.session.execute(delete(SearchAsked).where(SearchAsked.day < (utcnow() - KEPT).date()))


@dataclass(frozen=True)
class Words:
    """Words as the report shows them; `position` is the usual place of what was opened, from 1."""

    words: str
    language: str
    asked: int
    empty: int
    clicks: int
    position: float | None


def most(first: date, last: date, *, empty: bool = False) -> list[Words]:
    """What was asked most often in those days, or most often found nothing; never what was asked less than 3 times."""
    times, without = func.sum(SearchAsked.asked), func.sum(SearchAsked.empty)
    statement = (
        select(
            SearchAsked.words,
            SearchAsked.language,
            times,
            without,
            func.sum(SearchAsked.clicks),
            func.sum(SearchAsked.positions),
        )
        .where(SearchAsked.day >= first, SearchAsked.day <= last)
        .group_by(SearchAsked.words, SearchAsked.language)
        .having(times >= OFTEN)
        .order_by((without if empty else times).desc(), SearchAsked.words, SearchAsked.language)
        .limit(SHOWN)
    )
    rows = db.session.execute(statement.having(without > 0) if empty else statement)
    return [
        Words(words, language, int(n), int(none), int(clicks), round(int(places) / int(clicks), 1) if clicks else None)
        for words, language, n, none, clicks, places in rows
    ]


def by_week(first: date, last: date) -> list[tuple[date, int, int]]:
    """For each week, by its Monday: how many searches there were, and how many found nothing."""
    rows = db.session.execute(
        select(SearchAsked.day, func.sum(SearchAsked.asked), func.sum(SearchAsked.empty))
        .where(SearchAsked.day >= first, SearchAsked.day <= last)
        .group_by(SearchAsked.day)
    )
    times: Counter[date] = Counter()
    empty: Counter[date] = Counter()
    for day, asked_then, empty_then in rows:
        times[monday(day)] += int(asked_then)
        empty[monday(day)] += int(empty_then)
    weeks = (monday(last) - monday(first)).days // 7 + 1
    mondays = [monday(first) + timedelta(weeks=number) for number in range(weeks)]
    return [(week, times[week], empty[week]) for week in mondays]


def monday(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())
