"""A member's own feeds, and the page on which their addresses are made, renewed and ended."""

from collections.abc import Callable, Iterator

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import i18n
from community.core.addresses import address
from community.core.app import limiter
from community.core.policies import Actor, actor, member_required, public
from community.core.web import public_url
from community.spaces import queries as space_queries

from ..lists import queries as lists
from ..lists.feeds import atom
from . import tokens

own_feeds = Blueprint("own_feeds", __name__)

LISTS = ("threads", "unread", "for_me", "mine", "organisation")

# What packages above have to read at addresses with this secret: for the token, names with their paths.
more_addresses: list[Callable[[str], Iterator[tuple[str, str]]]] = []


def holder_of(token: str) -> Actor:
    """Whoever the address belongs to, or 404."""
    return tokens.holder(token) or abort(404)


def kept_to_oneself(response: Response) -> Response:
    """No cache that several people share keeps it, no search engine lists it, and nothing passes its address on."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@own_feeds.get("/feeds/own/<string:token>/lists/<string:name>.atom")
@public
def of_list(token: str, name: str) -> Response:
    """One of the lists, as the member reads it; narrowed like the list itself."""
    who = holder_of(token)
    listed = lists.LISTS.get(name)
    if listed is None:
        abort(404)
    asked = lists.within(listed, lists.narrowed(request.args, space_queries.all_visible_to(who)))
    with i18n.speaking(who.language):
        return kept_to_oneself(atom(str(listed.title), listed.url, listed, asked, who))


@own_feeds.get("/feeds/own/<string:token>/spaces/<string:slug>.atom")
@public
def of_space(token: str, slug: str) -> Response:
    """The newest threads of a space that the member reads."""
    who = holder_of(token)
    space = space_queries.by_slug(who, slug) or abort(404)
    asked = lists.Narrowed(space=space, order="newest")
    with i18n.speaking(who.language):
        page = address("pages.space", slug=space.slug)
        return kept_to_oneself(atom(space.name, page, lists.LISTS["threads"], asked, who))


@own_feeds.get("/feeds/own")
@member_required
def index() -> str:
    """Since when one has addresses, and how to get them."""
    return render_template("forum/own_feeds/index.html", since=tokens.made_at(actor().id or 0), addresses=())


@own_feeds.post("/feeds/own")
@member_required
@limiter.limit("20 per hour")
def renew() -> str:
    """New addresses, shown this once."""
    token = tokens.renew(actor().id or 0)
    shown = list(_addresses(token))
    since = tokens.made_at(actor().id or 0)
    return render_template("forum/own_feeds/index.html", since=since, addresses=shown, token=token)


@own_feeds.post("/feeds/own/removal")
@member_required
def end() -> Response:
    """No addresses any more."""
    tokens.end(actor().id or 0)
    flash(_("Your private addresses open nothing any more."), "good")
    return redirect(url_for("own_feeds.index"))


def _addresses(token: str) -> Iterator[tuple[str, str]]:
    """What there is to read, with its address."""
    for name in LISTS:
        if name != "organisation" or actor().organisation_id is not None:
            yield str(lists.LISTS[name].title), public_url(url_for("own_feeds.of_list", token=token, name=name))
    yield _("Events, for a calendar"), public_url(url_for("dates.own", token=token))
    for more in more_addresses:
        yield from ((name, public_url(path)) for name, path in more(token))
    for space in space_queries.all_visible_to(actor()):
        yield space.name, public_url(url_for("own_feeds.of_space", token=token, slug=space.slug))
