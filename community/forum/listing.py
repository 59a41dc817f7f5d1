"""Home, lists of threads, and feeds."""

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from community.core.paging import page_number
from community.core.policies import actor, member_required, public
from community.core.web import NavItem, add_navigation, public_url, section
from community.spaces import queries as space_queries

from . import queries
from .models import HaveToo, Kind, Thread
from .pages import home_page, row

listing = Blueprint("pages", __name__)
FEED_LENGTH = 30

add_navigation(NavItem(label=_l("Unanswered"), endpoint="pages.unanswered", icon="unanswered", order=30))
add_navigation(NavItem(label=_l("Ideas"), endpoint="pages.ideas", icon="idea", order=50))
add_navigation(NavItem(label=_l("News"), endpoint="pages.news", icon="news", order=60))
add_navigation(NavItem(label=_l("People"), endpoint="accounts.people", icon="people", order=70))

STATES = {
    "": _l("All"),
    "unsolved": _l("Unsolved"),
    "unanswered": _l("No reply yet"),
    "solved": _l("Solved"),
    "desk": _l("With the service desk"),
}
ORDERS = {
    "latest": _l("Latest activity"),
    "newest": _l("Newest"),
    "oldest": _l("Oldest"),
    "affected": _l("Most affected"),
}


@listing.get("/")
@public
def home() -> str:
    """Can I get help now, what waits for me, where could I help, what is broken right now?"""
    return render_template("forum/home.html", home=home_page(actor()))


def _list(narrowed: queries.Filter, title: str, text: str, *, order: str = "latest") -> str:
    page = queries.thread_page(actor(), narrowed, page_number(), order=order)
    if page.number > page.pages:
        abort(404)
    return render_template("forum/list.html", page=page.map(row), title=title, text=text)


@listing.get("/unanswered")
@public
def unanswered() -> str:
    """Questions that nobody has replied to, oldest first."""
    return _list(
        queries.Filter(state="unanswered"),
        _("Unanswered"),
        _("Nobody has replied yet; the longest wait comes first."),
        order="oldest",
    )


@listing.get("/ideas")
@public
def ideas() -> str:
    """What people suggested, and what became of it."""
    return _list(
        queries.Filter(kind=Kind.IDEA),
        _("Ideas"),
        _("What people suggested, most wanted first."),
        order="affected",
    )


@listing.get("/news")
@public
def news() -> str:
    """News, planned maintenance and the state of incidents."""
    return _list(queries.Filter(kind=Kind.ANNOUNCEMENT), _("News"), _("What changes, and when."), order="newest")


@listing.get("/threads")
@public
def threads() -> str:
    """All threads, narrowed by kind, state and tag."""
    narrowed = queries.Filter(kind=_one_of(Kind, "kind"), state=_chosen("state", STATES), tag=_tag())
    title = _("Threads tagged %(tag)s", tag=narrowed.tag) if narrowed.tag else _("All threads")
    return _list(narrowed, title, "", order=_chosen("order", ORDERS) or "latest")


@listing.get("/spaces/<string:slug>")
@public
def space(slug: str) -> str:
    """A space's threads."""
    section("spaces.index")
    found = space_queries.by_slug(actor(), slug) or abort(404)
    order = _chosen("order", ORDERS) or "latest"
    narrowed = queries.Filter(space_id=found.id, kind=_one_of(Kind, "kind"), state=_chosen("state", STATES), tag=_tag())
    page = queries.thread_page(actor(), narrowed, page_number(), order=order)
    if page.number > page.pages:
        abort(404)
    return render_template(
        "forum/space.html",
        space=found,
        page=page.map(row),
        narrowed=narrowed,
        states=STATES,
        orders=ORDERS,
        order=order,
    )


def _chosen(name: str, offered: object) -> str:
    given = request.args.get(name, "")
    return given if given in offered else ""  # type: ignore[operator]


def _one_of(kinds: type[Kind], name: str) -> str:
    given = request.args.get(name, "")
    return given if given in list(kinds) else ""


def _tag() -> str:
    return request.args.get("tag", "")[:40].lower()


@listing.get("/mine")
@member_required
def mine() -> str:
    """The reader's own threads, and those they have too."""
    who = actor()
    too = Thread.id.in_(
        HaveToo.__table__.select().with_only_columns(HaveToo.thread_id).where(HaveToo.member_id == who.id)
    )
    rows = queries.some_threads(who, or_(Thread.author_id == who.id, too), limit=100)
    return render_template("forum/mine.html", rows=[row(thread) for thread in rows])


@listing.get("/feeds/threads.atom", defaults={"slug": ""})
@listing.get("/feeds/<string:slug>.atom")
@public
def feed(slug: str) -> Response:
    """The newest threads as an Atom feed, as the reader may read them."""
    found = space_queries.by_slug(actor(), slug) if slug else None
    if slug and found is None:
        abort(404)
    rows = queries.some_threads(
        actor(), *([Thread.space_id == found.id] if found else []), limit=FEED_LENGTH, order="newest"
    )
    address = public_url(request.full_path.rstrip("?"))
    body = render_template("forum/feed.xml", rows=rows, space=found, address=address)
    return Response(body, mimetype="application/atom+xml")


@listing.get("/help")
@public
def help() -> str:
    """How to get help here, and how to write."""
    return render_template("pages/help.html")


@listing.get("/about")
@public
def about() -> str:
    """What this community is."""
    return render_template("pages/about.html")


@listing.get("/promise")
@public
def promise() -> str:
    """What each space promises."""
    return render_template("pages/promise.html", spaces=space_queries.all_visible_to(actor()))
