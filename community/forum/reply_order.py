"""Replies with the most helpful first, as another way of reading a long thread."""

from flask import request
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import defer, joinedload

from community.core.db import db
from community.core.paging import Page

from .models import Post, Thread
from .queries import POSTS_A_PAGE, SHOWN_OF_A_MEMBER

MOST_HELPFUL = "helpful"

# Votes against count as those for it; what is equal stands in the order in which it was written, so that pages
# do not overlap.
_ranked = (
    select(
        Post.id,
        func.row_number()
        .over(order_by=((Post.helpful_count - Post.not_helpful_count).desc(), Post.number))
        .label("place"),
    )
    .where(Post.thread_id == bindparam("thread_id"), Post.number > 1)
    .subquery()
)
_page = (
    select(_ranked.c.id, _ranked.c.place)
    .where(_ranked.c.place.between(bindparam("first"), bindparam("last")))
    .subquery()
)
_POSTS = (
    select(Post, _page.c.place)
    .outerjoin(_page, _page.c.id == Post.id)
    .where(
        Post.thread_id == bindparam("thread_id"),
        or_(Post.number == 1, _page.c.id.is_not(None), Post.id == bindparam("solution_id")),
    )
    .order_by(Post.number)
    .options(defer(Post.body), joinedload(Post.author, innerjoin=True).load_only(*SHOWN_OF_A_MEMBER))
)


def asked_order() -> str:
    """The order that the present address asks for: `helpful`, or "" for the order of writing."""
    return MOST_HELPFUL if request.args.get("order") == MOST_HELPFUL else ""


def posts_page(thread: Thread, number: int) -> tuple[Page[Post], list[int]]:
    """As `queries.posts_page`, and the ids of the page's replies from the most helpful on."""
    first = (number - 1) * POSTS_A_PAGE + 1
    wanted = {"first": first, "last": first + POSTS_A_PAGE - 1, "solution_id": thread.solution_id}
    rows = db.session.execute(_POSTS, {"thread_id": thread.id, **wanted}).all()
    places = {place: post.id for post, place in rows if place is not None}
    page = Page([post for post, _place in rows], number, POSTS_A_PAGE, thread.reply_count)
    return page, [places[place] for place in sorted(places)]
