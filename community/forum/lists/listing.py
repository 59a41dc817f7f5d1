"""Home, lists of threads, and the pages about this place."""

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from community.core import i18n
from community.core.addresses import address
from community.core.db import utcnow
from community.core.paging import Page, page_number
from community.core.policies import actor, member_required, public
from community.core.web import NavItem, add_navigation, section
from community.spaces import queries as space_queries
from community.spaces.policies import can_oversee, can_start_in

from ..dates.queries import upcoming_in
from ..pages import ThreadRow, home_page
from ..reading import marks as reading
from . import queries as lists
from .shown import View

listing = Blueprint("pages", __name__)

add_navigation(NavItem(label=_l("Threads"), endpoint="pages.threads", icon="list", order=20))
add_navigation(NavItem(label=_l("Unanswered"), endpoint="pages.unanswered", icon="unanswered", order=30))
add_navigation(NavItem(label=_l("Ideas"), endpoint="pages.ideas", icon="idea", order=50))
add_navigation(NavItem(label=_l("News"), endpoint="pages.news", icon="news", order=60))


@listing.get("/")
@public
def home() -> str:
    """Can I get help now, what waits for me, where could I help, what is broken right now?"""
    reading.note_visit(actor())
    return render_template("forum/home.html", home=home_page(actor(), lists.wanted_by(actor())))


def show(name: str) -> str:
    """A list as the reader narrowed it, with what they have not read."""
    who, listed = actor(), lists.LISTS[name]
    spaces = space_queries.all_visible_to(who)
    asked = lists.within(listed, lists.narrowed(request.args, spaces))
    view = View(listed, asked, _page(listed, asked), listed.url, *_words(listed, asked), utcnow(), spaces)
    return render_template("forum/list.html", view=view)


def _page(listed: lists.ThreadList, asked: lists.Narrowed) -> Page[ThreadRow]:
    reading.note_visit(actor())
    page = lists.page_of(listed, asked, actor(), page_number())
    if page.number > page.pages:
        abort(404)
    return page


def _words(listed: lists.ThreadList, asked: lists.Narrowed) -> tuple[LazyString | str, LazyString | str]:
    """Title and text; they say what was found out about the reader, or the tag that was asked for."""
    if listed.name == "for_me":
        tags = lists.tags_known_to(actor())
        return listed.title, _(
            "By tags that you know or helped with: %(tags)s.", tags=i18n.listed(tags)
        ) if tags else ""
    if listed.name == "threads" and asked.tag:
        return _("Threads tagged %(tag)s", tag=asked.tag), ""
    return listed.title, listed.text


@listing.get("/threads")
@public
def threads() -> str:
    """All threads, latest activity first."""
    return show("threads")


@listing.get("/hot")
@public
def hot() -> str:
    """What moves most these days."""
    return show("hot")


@listing.get("/unanswered")
@public
def unanswered() -> str:
    """Questions that nobody has replied to, oldest first."""
    return show("unanswered")


@listing.get("/unsolved")
@public
def unsolved() -> str:
    """Questions without an accepted answer, oldest first."""
    return show("unsolved")


@listing.get("/ideas")
@public
def ideas() -> str:
    """What people suggested, and what became of it."""
    return show("ideas")


@listing.get("/news")
@public
def news() -> str:
    """News, planned maintenance and the state of incidents."""
    return show("news")


@listing.get("/unread")
@member_required
def unread() -> str:
    """Threads with something that the reader has not read."""
    return show("unread")


@listing.get("/new")
@member_required
def new() -> str:
    """What came since the reader's last visit."""
    return show("new")


@listing.get("/for-me")
@member_required
def for_me() -> str:
    """Unsolved questions that the reader probably can answer."""
    return show("for_me")


@listing.get("/mine")
@member_required
def mine() -> str:
    """The reader's own threads, and those they have too."""
    return show("mine")


@listing.get("/spaces/<string:slug>")
@public
def space(slug: str) -> str:
    """A space's threads."""
    section("spaces.index")
    listed, found = lists.LISTS["threads"], space_queries.by_slug(actor(), slug) or abort(404)
    asked = lists.within(listed, lists.narrowed({**request.args, "space": slug}, [found]))
    path = address("pages.space", slug=found.slug)
    view = View(listed, asked, _page(listed, asked), path, found.name, found.description, utcnow())
    may_ask = not actor().is_member or can_start_in(actor(), found)
    return render_template(
        "forum/space.html",
        space=found,
        view=view,
        can_oversee=can_oversee(actor(), found),
        can_start=may_ask,
        coming=upcoming_in(found, actor()),
    )


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


@listing.get("/organisation")
@member_required
def organisation() -> str:
    """What only people of the reader's organisation may read."""
    return show("organisation")
