"""Choosing what one follows, and the page that lists it all."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from community.accounts.known import person_called
from community.core.numbers import whole_number
from community.core.paging import page_number
from community.core.policies import actor, member_required
from community.core.web import safe_next
from community.forum.lists.listing import show
from community.forum.queries import thread_for
from community.forum.tagging.queries import shown_tag
from community.spaces.queries import by_slug

from . import listing, operations, words
from .models import Level

following = Blueprint("following", __name__)


@dataclass(frozen=True)
class Found:
    """Something that may be followed, its name, and the levels that it is followed at."""

    target: operations.Target
    offered: Mapping[Level, LazyString]
    name: str


def _thread(thread_id: str) -> Found | None:
    found = thread_for(actor(), whole_number(thread_id) or 0)
    return Found(operations.thread(found.id), words.OF_THREADS, found.title) if found else None


def _tag(name: str) -> Found | None:
    found = shown_tag(actor(), name)
    return Found(operations.tag(found.name), words.LABELS, found.name) if found else None


def _space(slug: str) -> Found | None:
    found = by_slug(actor(), slug)
    return Found(operations.space(found.id), words.LABELS, found.name) if found else None


def _person(handle: str) -> Found | None:
    found = person_called(handle, actor())
    if found is None or found.id == actor().id:
        return None
    return Found(operations.person(found.id), words.OF_PEOPLE, found.name)


FIND = {"thread": _thread, "tag": _tag, "space": _space, "person": _person}


def _level(offered: Mapping[Level, LazyString], given: str) -> Level:
    """The level of this number, or 422 where it is none of those offered."""
    level = next((level for level in offered if str(level.value) == given), None)
    return level if level is not None else abort(422)


def _asked(offered: Mapping[Level, LazyString], name: str) -> Level:
    return _level(offered, request.form.get(name, ""))


def _choose(found: Found | None) -> Response:
    if found is None:
        abort(404)
    level = _asked(found.offered, "level")
    operations.choose(actor().id or 0, found.target, level)
    flash(_("%(name)s: %(level)s", name=found.name, level=found.offered[level]), "good")
    return redirect(safe_next(request.form.get("next")))


@following.post("/threads/<int:thread_id>/following")
@member_required
def thread(thread_id: int) -> Response:
    """Follow a thread at a level."""
    return _choose(_thread(str(thread_id)))


@following.post("/tags/<string:tag>/following")
@member_required
def tag(tag: str) -> Response:
    """Follow a tag at a level; by a synonym, its main tag."""
    return _choose(_tag(tag))


@following.post("/spaces/<string:slug>/following")
@member_required
def space(slug: str) -> Response:
    """Follow a space at a level."""
    return _choose(_space(slug))


@following.post("/people/<string:handle>/following")
@member_required
def person(handle: str) -> Response:
    """Follow a person, mute them, or neither."""
    return _choose(_person(handle))


@following.post("/following")
@member_required
def save() -> Response:
    """Take over what was changed in the list; what is gone meanwhile is passed over."""
    for field, given in request.form.items():
        what, _sign, key = field.removeprefix("level:").partition(":")
        if not field.startswith("level:") or what not in FIND or given == request.form.get(f"was:{what}:{key}"):
            continue
        found = FIND[what](key)
        if found is not None:
            operations.choose(actor().id or 0, found.target, _level(found.offered, given))
    flash(_("Your choices are saved."), "good")
    return redirect(safe_next(request.form.get("next")))


@following.get("/following")
@member_required
def mine() -> str:
    """All that one follows, and what happens by itself."""
    page = listing.followed_threads(actor(), page_number())
    if page.number > page.pages:
        abort(404)
    return render_template(
        "following/mine.html",
        threads=page,
        around=listing.followed_around(actor()),
        preference=listing.preference(actor().id or 0),
        offered=listing.BY_ITSELF,
    )


@following.get("/following/threads")
@member_required
def threads() -> str:
    """Threads that one watches or tracks, with what one has not read of them."""
    return show("followed")


@following.post("/following/preference")
@member_required
def prefer() -> Response:
    """What happens by itself when one asks, and when one joins."""
    asking, joining = _asked(listing.BY_ITSELF, "asking"), _asked(listing.BY_ITSELF, "joining")
    operations.prefer(actor().id or 0, when_asking=asking, when_joining=joining)
    flash(_("Your choices are saved."), "good")
    return redirect(url_for("following.mine"))
