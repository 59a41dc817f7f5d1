"""Bookmarks: marking posts, and the member's own list."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.core import i18n
from community.core.app import limiter
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required

from ..queries import threads_by_id
from ..views import readable_post, to_post
from . import bookmarks
from .bookmarks import Bookmark
from .forms import BookmarkForm

bookmarking = Blueprint("bookmarking", __name__)

FILTERS = {"": _l("All"), "threads": _l("Threads"), "replies": _l("Replies"), "reminders": _l("With a reminder")}
LONGEST_SEARCH = 80


@bookmarking.post("/posts/<int:post_id>/bookmark")
@member_required
@limiter.limit("300 per hour")
def mark(post_id: int) -> Response:
    """Mark a post for oneself, or take the mark away with `to=off`; sent twice it is the same."""
    post, me = readable_post(post_id), actor().id or 0
    if request.form.get("to") == "off":
        bookmarks.remove(post.id, member_id=me)
    elif not bookmarks.add(post, member_id=me):
        flash(_("You have %(most)s bookmarks, which is as many as one may have.", most=bookmarks.MOST), "bad")
    return to_post(post)


@bookmarking.get("/bookmarks")
@member_required
def index() -> str:
    """What the reader marked, newest first; nobody else sees it."""
    show = request.args.get("show", "") if request.args.get("show", "") in FILTERS else ""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    page = bookmarks.page_of(actor(), page_number(), show=show, words=words)
    if page.number > page.pages:
        abort(404)
    forms = {row.bookmark.id: _form(row.bookmark) for row in page.rows}
    return render_template("forum/bookmarks.html", page=page, forms=forms, filters=FILTERS, show=show, words=words)


def _form(bookmark: Bookmark) -> BookmarkForm:
    """The form of a bookmark in the list; each has ids of its own."""
    day = bookmark.remind_at.astimezone(i18n.zone_of(actor().time_zone)).date() if bookmark.remind_at else None
    form = BookmarkForm(formdata=None, note=bookmark.note, remind_on=day)
    for field in form:
        field.id = f"{field.id}-{bookmark.id}"
        field.label.field_id = field.id
    return form


@bookmarking.route("/bookmarks/<int:bookmark_id>", methods=["GET", "POST"])
@member_required
def note(bookmark_id: int) -> str | Response | tuple[str, int]:
    """Keep a note and a day of a reminder with a bookmark."""
    found = bookmarks.own_bookmark(actor(), bookmark_id) or abort(404)
    form = BookmarkForm(note=found.note)
    if form.validate_on_submit():
        bookmarks.note(found, form.note.data or "", form.remind_on.data, zone=actor().time_zone)
        return redirect(url_for("bookmarking.index"))
    thread = threads_by_id(actor(), {found.post.thread_id}).get(found.post.thread_id)
    page = render_template("forum/bookmark.html", form=form, thread=thread, post_id=found.post_id)
    return page, 422 if form.errors else 200


@bookmarking.post("/bookmarks/<int:bookmark_id>/removal")
@member_required
def remove(bookmark_id: int) -> Response:
    """Take a mark away."""
    found = bookmarks.own_bookmark(actor(), bookmark_id) or abort(404)
    allow(bookmarks.remove(found.post_id, member_id=actor().id or 0))
    return redirect(url_for("bookmarking.index"))
