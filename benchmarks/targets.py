"""Which pages are measured."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db, transaction
from community.forum.models import Thread

from .generator import NUMBER
from .visiting import SignedIn, Target, Visit, replies, search, sign_in
from .words import CHINESE, COMMON, RARE

MEMBERS = (100, 101, 102, 103, 104, 105, 106, 107)  # plain ones
THREADS = 40
SHORT = 3  # replies in a short thread, to see whether statements grow with them


@dataclass(frozen=True)
class Chosen:
    """Ids of threads: with a full page of replies, with few, and those that are replied to."""

    full: tuple[int, ...]
    short: tuple[int, ...]
    replied: tuple[int, ...]


def chosen() -> Chosen:
    """Choose threads of the loaded community."""

    def ids(replies: int, most: int, *, last: bool = False) -> tuple[int, ...]:
        order = Thread.id.desc() if last else Thread.id
        found = select(Thread.id).where(Thread.reply_count == replies, Thread.kind == "question")
        return tuple(db.session.scalars(found.order_by(order).limit(most)))

    with transaction(read_only=True):
        return Chosen(ids(20, THREADS), ids(SHORT, 5), ids(9, len(MEMBERS), last=True))


def members(app: Flask) -> tuple[SignedIn, ...]:
    """Sign the measuring members in."""
    return tuple(sign_in(app, member) for member in MEMBERS)


def targets(who: tuple[SignedIn, ...], threads: Chosen) -> list[Target]:
    """All pages, in the order in which they are measured."""
    return [
        Target("home", "home", (Visit("/"),)),
        Target("home_in", "home, signed in", tuple(Visit("/", by) for by in who)),
        Target("space", "list of a space", tuple(Visit(f"/spaces/space-{n:02}") for n in range(20))),
        *_threads(who, threads.full),
        Target("search_common", "search, common word", (search(COMMON),)),
        Target("search_rare", "search, rare word", (search(RARE),)),
        Target("search_chinese", "search, Chinese word", (search(CHINESE),)),
        Target("reply", "new reply", replies(who, threads.replied), status=302),
    ]


def _threads(who: tuple[SignedIn, ...], ids: tuple[int, ...]) -> list[Target]:
    """A thread's page as it is kept, as it is made where it is not, as a member sees it; and what open pages ask."""
    anew = f"?at={NUMBER.decode()}"
    theirs = tuple(Visit(f"/threads/{id_}", who[n % len(who)]) for n, id_ in enumerate(ids))
    return [
        Target("thread", "thread, kept page", tuple(Visit(f"/threads/{id_}") for id_ in ids)),
        Target("thread_new", "thread, made anew", tuple(Visit(f"/threads/{id_}{anew}") for id_ in ids)),
        Target("thread_in", "thread, signed in", theirs),
        Target("live", "live, open thread", tuple(Visit(f"/threads/{id_}/live") for id_ in ids)),
        Target("live_in", "live, signed in", tuple(Visit(f"{visit.path}/live", visit.by) for visit in theirs)),
    ]


def short_threads(who: tuple[SignedIn, ...], threads: Chosen) -> list[Target]:
    """The same pages of threads with few replies."""
    return _threads(who, threads.short[:1])


def ceilings() -> list[Target]:
    """What the pages are held against."""
    return [
        Target("ceiling_jinja", "ceiling: Jinja from memory", (Visit("/memory"),)),
        Target("ceiling_orm", "ceiling: ORM, same page", (Visit("/orm"),)),
    ]


def total_posts() -> int:
    """Posts that are loaded."""
    with transaction(read_only=True):
        return int(db.session.scalar(select(func.sum(Thread.reply_count + 1))) or 0)
