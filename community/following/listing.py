"""What a person follows, as their own page lists it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import CompoundSelect, Select, func, select, union

from community.accounts.models import Member
from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.forum.lists import queries as lists
from community.forum.models import HaveToo, Post, Thread
from community.forum.pages import ThreadRow, row
from community.forum.queries import threads_by_id, visible
from community.spaces.models import Space
from community.spaces.queries import readable

from . import conditions, words
from .control import Choice, choices
from .models import Following, FollowingPreference, Level

A_PAGE = 25

lists.leave_out_unless(conditions.wanted)
lists.LISTS["followed"] = lists.ThreadList(
    "followed",
    _l("Followed"),
    _l("Threads that you watch or track, by themselves or by their tags and spaces."),
    own=True,
    muted_too=True,
    endpoint="following.threads",
    conditions=lambda actor: (conditions.followed(actor),),
    empty=_l("You follow no thread yet."),
    then=_l("Choose a level in the menu of a thread, a tag or a space."),
)


@dataclass(frozen=True)
class Item:
    """Something followed: how it is called, where it is, how the form names it, the level and what may be chosen."""

    name: str
    url: str
    key: str
    choices: Sequence[Choice]
    language: str = ""
    thread: ThreadRow | None = None
    by_itself: bool = False


def preference(member_id: int) -> FollowingPreference:
    """What happens by itself for a member."""
    found = db.session.get(FollowingPreference, member_id)
    return found or FollowingPreference(when_asking=Level.WATCHING.value, when_joining=Level.WATCHING.value)


def followed_around(actor: Actor) -> dict[str, list[Item]]:
    """Tags, spaces and people, by name; a space that may not be read any more is left out."""
    wanted = select(Following, Space, Member).where(Following.member_id == actor.id, Following.thread_id.is_(None))
    rows = db.session.execute(
        wanted.outerjoin(Space, Space.id == Following.space_id)
        .outerjoin(Member, Member.id == Following.person_id)
        .where(Following.space_id.is_(None) | readable(actor))
        .order_by(Following.tag, Space.name, Member.name)
    )
    found: dict[str, list[Item]] = {"tags": [], "spaces": [], "people": []}
    for row_, space, person in rows:
        kind = "spaces" if space else "people" if person else "tags"
        found[kind].append(_item(Level(row_.level), row_.tag, space, person))
    return found


def _item(level: Level, tag: str | None, space: Space | None, person: Member | None) -> Item:
    around = choices(level, words.LABELS, words.AROUND)
    if space is not None:
        where = url_for("pages.space", slug=space.slug)
        return Item(space.name, where, f"space:{space.slug}", around, space.language)
    if person is not None:
        offered = choices(level, words.OF_PEOPLE, words.ABOUT_PERSON)
        where = url_for("accounts.profile", handle=person.handle)
        return Item(person.name, where, f"person:{person.handle}", offered)
    return Item(tag or "", url_for("tags.page", tag=tag), f"tag:{tag}", around)


def followed_threads(actor: Actor, number: int) -> Page[Item]:
    """Threads with a level of their own, and those that one follows by having begun or joined them; latest first."""
    own = preference(actor.id or 0)
    ids = _thread_ids(actor.id or 0, own).subquery()
    listed = select(Thread.id).join(Thread.space).where(visible(actor), Thread.id.in_(select(ids)))
    total = db.session.scalar(select(func.count()).select_from(listed.subquery())) or 0
    page = listed.order_by(Thread.last_activity_at.desc(), Thread.id.desc()).limit(A_PAGE).offset((number - 1) * A_PAGE)
    shown = list(db.session.scalars(page))
    return Page(_items(actor, shown, own), number, A_PAGE, total)


def _thread_ids(member_id: int, own: FollowingPreference) -> CompoundSelect[*tuple[Any, ...]]:
    parts: list[Select[*tuple[Any, ...]]] = [
        select(Following.thread_id).where(Following.member_id == member_id, Following.thread_id.is_not(None))
    ]
    if own.when_asking > Level.NORMAL:
        parts.append(select(Thread.id).where(Thread.author_id == member_id))
    if own.when_joining > Level.NORMAL:
        written = Post.author_id == member_id, Post.number > 1, Post.hidden_at.is_(None)
        parts.append(select(Post.thread_id).where(*written))
        parts.append(select(HaveToo.thread_id).where(HaveToo.member_id == member_id))
    return union(*parts)


def _items(actor: Actor, ids: Sequence[int], own: FollowingPreference) -> list[Item]:
    threads = threads_by_id(actor, ids)
    chosen = {
        thread_id: Level(level)
        for thread_id, level in db.session.execute(
            select(Following.thread_id, Following.level).where(
                Following.member_id == actor.id, Following.thread_id.in_(ids)
            )
        )
    }
    return [_thread_item(threads[id_], chosen.get(id_), actor, own) for id_ in ids if id_ in threads]


def _thread_item(thread: Thread, chosen: Level | None, actor: Actor, own: FollowingPreference) -> Item:
    by_itself = Level(own.when_asking if thread.author_id == actor.id else own.when_joining)
    return Item(
        thread.title,
        url_for("forum.thread", thread_id=thread.id),
        f"thread:{thread.id}",
        choices(by_itself if chosen is None else chosen, words.OF_THREADS, words.IN_THREAD),
        thread.language,
        row(thread),
        by_itself=chosen is None,
    )


# The levels that asking and joining may lead to.
BY_ITSELF: dict[Level, LazyString] = {
    level: words.LABELS[level] for level in (Level.WATCHING, Level.TRACKING, Level.NORMAL)
}
