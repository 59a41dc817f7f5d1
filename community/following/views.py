"""Choosing what one follows, and the page that lists it all."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.core.db import db
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required
from community.core.web import safe_next
from community.forum.lists.listing import show
from community.forum.queries import thread_for
from community.forum.tagging.queries import shown_tag
from community.spaces.queries import by_slug

from . import listing, operations, words
from .models import Level

following = Blueprint("following", __name__)


def _asked(offered: Mapping[Level, LazyString], name: str = "level") -> Level:
    """The level that the form names, or 422 where it is none of those offered."""
    given = request.form.get(name, "")
    level = next((level for level in offered if str(level.value) == given), None)
    return level if level is not None else abort(422)


def _choose(target: operations.Target, offered: Mapping[Level, LazyString], name: str) -> Response:
    level = _asked(offered)
    operations.choose(actor().id or 0, target, level)
    flash(_("%(name)s: %(level)s", name=name, level=offered[level]), "good")
    return redirect(safe_next(request.form.get("next")))


@following.post("/threads/<int:thread_id>/following")
@member_required
def thread(thread_id: int) -> Response:
    """Follow a thread at a level."""
    found = thread_for(actor(), thread_id) or abort(404)
    return _choose(operations.thread(found.id), words.OF_THREADS, found.title)


@following.post("/tags/<string:tag>/following")
@member_required
def tag(tag: str) -> Response:
    """Follow a tag at a level; by a synonym, its main tag."""
    found = shown_tag(actor(), tag) or abort(404)
    return _choose(operations.tag(found.name), words.LABELS, found.name)


@following.post("/spaces/<string:slug>/following")
@member_required
def space(slug: str) -> Response:
    """Follow a space at a level."""
    found = by_slug(actor(), slug) or abort(404)
    return _choose(operations.space(found.id), words.LABELS, found.name)


@following.post("/people/<string:handle>/following")
@member_required
def person(handle: str) -> Response:
    """Follow a person, mute them, or neither."""
    found = db.first_or_404(select(Member).where(Member.handle == handle))
    allow(found.id != actor().id)
    return _choose(operations.person(found.id), words.OF_PEOPLE, found.name)


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
