"""Which tags a thread gets, and the one place that writes them: rows of `ThreadTag` and the thread's own list."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, union

from community.core import i18n
from community.core.db import db
from community.core.forms import LONGEST_NEW_TAG, MOST_TAGS, SHORTEST_NEW_TAG
from community.core.policies import Actor
from community.forum.models import Thread, ThreadTag
from community.spaces.models import Space

from . import policies
from .models import Tag


def main_names(names: Iterable[str]) -> list[str]:
    """The names with main tags in place of their synonyms, each once, in order."""
    wanted = sorted(set(names))
    if not wanted:
        return []
    rows = db.session.execute(select(Tag.name, Tag.main).where(Tag.name.in_(wanted), Tag.main.is_not(None)))
    mains = {name: main or name for name, main in rows}
    return sorted({mains.get(name, name) for name in wanted})


def rows_for(thread_id: int, names: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of a thread that carries these tags."""
    return [{"thread_id": thread_id, "tag": name} for name in names]


def write(thread: Thread, names: Sequence[str]) -> None:
    """Let a stored thread carry exactly these main tags."""
    thread.tags = list(names)
    db.session.flush()  # changes the thread first, so that of two at once the second waits
    db.session.execute(delete(ThreadTag).where(ThreadTag.thread_id == thread.id))
    write_first(thread, names)


def write_first(thread: Thread, names: Iterable[str]) -> None:
    """The same for a thread that was made a moment ago, with the names in its list already."""
    db.session.add_all(ThreadTag(**row) for row in rows_for(thread.id, names))


@dataclass(frozen=True)
class Given:
    """The main tags that come of what was typed, or why they cannot be given."""

    names: tuple[str, ...] = ()
    problem: str = ""


def given(typed: Iterable[str], space: Space, actor: Actor, kept: Collection[str] = ()) -> Given:
    """Check the tags for a thread in this space. `kept` are those that it carries already.

    Reserved tags that it carries stay, unless the actor may give them and so take them away.
    """
    names = set(main_names(typed))
    reserved = frozenset(space.reserved_tags)
    if not policies.can_give_reserved(actor, space.id):
        for name in sorted((names & reserved) - set(kept)):
            return Given(problem=_("“%(tag)s” is given by super users and staff only.", tag=name))
        names |= reserved & set(kept)
    if len(names) > MOST_TAGS:
        return Given(problem=_("At most %(most)s tags.", most=MOST_TAGS))
    if space.required_tags and names.isdisjoint(space.required_tags):
        return Given(problem=_("Give one of these tags: %(tags)s", tags=i18n.listed(space.required_tags)))
    problem = _problem_of_new(_new(names - set(kept), space), actor)
    return Given(problem=problem) if problem else Given(tuple(sorted(names)))


def _new(names: set[str], space: Space) -> list[str]:
    """Those that nobody gave yet and no page is about."""
    names = names - {*space.tags, *space.required_tags, *space.reserved_tags}
    if not names:
        return []
    known = union(
        select(ThreadTag.tag).where(ThreadTag.tag.in_(names)).distinct(), select(Tag.name).where(Tag.name.in_(names))
    )
    return sorted(names - set(db.session.scalars(known)))


def _problem_of_new(names: Sequence[str], actor: Actor) -> str:
    for name in names:
        if not SHORTEST_NEW_TAG <= len(name) <= LONGEST_NEW_TAG:
            limits = {"least": SHORTEST_NEW_TAG, "most": LONGEST_NEW_TAG}
            return _("“%(tag)s” cannot be a new tag: from %(least)s to %(most)s characters.", tag=name, **limits)
    if names and not policies.can_create(actor):
        return _(
            "There is no tag “%(tag)s” yet, and new ones are made by others. Choose one that is there.", tag=names[0]
        )
    return ""
