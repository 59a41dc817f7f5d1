"""Atom feeds of lists, tags and spaces, as somebody who is not signed in may read them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as WsgiResponse

from community.core.addresses import address
from community.core.db import db
from community.core.policies import NOBODY, Actor, public
from community.core.web import public_url
from community.spaces import queries as space_queries

from .. import queries
from ..models import Post, Thread
from . import queries as lists

feed_pages = Blueprint("feeds", __name__)

FEED_LENGTH = 30
FRESH_SECONDS = 300
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Feed:
    """What a feed shows, and where the page is that shows the same."""

    title: str
    url: str
    page: str
    threads: Sequence[Thread]
    html: Mapping[int, str]

    @property
    def updated(self) -> datetime | None:
        """When the last thing in it moved."""
        return max((thread.last_activity_at for thread in self.threads), default=None)


@feed_pages.get("/feeds/threads.atom", defaults={"slug": ""})
@feed_pages.get("/feeds/<string:slug>.atom")
@public
def space(slug: str) -> WsgiResponse:
    """The newest threads of a space, or of all."""
    found = space_queries.by_slug(NOBODY, slug) if slug else None
    if slug and found is None:
        abort(404)
    page = address("pages.space", slug=found.slug) if found else address("pages.threads")
    title = found.name if found else _("Newest threads")
    return _public(title, page, lists.LISTS["threads"], lists.Narrowed(space=found, order="newest"))


@feed_pages.get("/feeds/tags/<string:tag>.atom")
@public
def tag(tag: str) -> WsgiResponse:
    """The newest threads with a tag."""
    asked = lists.Narrowed(tag=tag[: lists.LONGEST_TAG].lower(), order="newest")
    title = _("Threads tagged %(tag)s", tag=asked.tag)
    return _public(title, address("pages.threads", tag=asked.tag), lists.LISTS["threads"], asked)


@feed_pages.get("/feeds/lists/<string:name>.atom")
@public
def of_list(name: str) -> WsgiResponse:
    """A list as a reader narrowed it; one that is somebody's own has none."""
    listed = lists.LISTS.get(name)
    if listed is None or listed.own:
        abort(404)
    asked = lists.within(listed, lists.narrowed(request.args, space_queries.all_visible_to(NOBODY)))
    return _public(str(listed.title), listed.url, listed, asked)


def _public(title: str, page: str, listed: lists.ThreadList, asked: lists.Narrowed) -> WsgiResponse:
    return atom(title, page, listed, asked, NOBODY)


def atom(title: str, page: str, listed: lists.ThreadList, asked: lists.Narrowed, who: Actor) -> WsgiResponse:
    """A list as a feed, as `who` may read it. One's own does not name its address, which is a secret."""
    threads = queries.some_threads(
        who,
        *lists.conditions_of(listed, asked, who),
        limit=FEED_LENGTH,
        order=asked.order or listed.order,
    )
    url = "" if who.is_member else public_url(request.full_path.rstrip("?"))
    feed = Feed(title, url, public_url(page), threads, _openings(threads))
    response = Response(NOT_XML.sub("", render_template("forum/feed.xml", feed=feed)), mimetype="application/atom+xml")
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.last_modified = feed.updated
    response.add_etag()
    return response.make_conditional(request)


def _openings(threads: Sequence[Thread]) -> dict[int, str]:
    """What opens each thread, as it was rendered."""
    ids = [thread.id for thread in threads]
    rows = db.session.execute(select(Post.thread_id, Post.html).where(Post.thread_id.in_(ids), Post.number == 1))
    return {row.thread_id: row.html for row in rows}
