"""Marking as read, and the way to the first post that is not."""

from datetime import datetime

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from community.core.app import limiter
from community.core.db import utcnow
from community.core.policies import actor, member_required
from community.core.web import safe_next
from community.spaces import queries as space_queries

from ..lists import queries as lists
from ..views import readable_thread, to_post, to_thread
from . import marks as reading
from .models import EVERYWHERE

reading_pages = Blueprint("reading", __name__)


@reading_pages.get("/threads/<int:thread_id>/unread")
@member_required
def first_unread(thread_id: int) -> WsgiResponse:
    """To the first post that the reader has not seen, or to the thread where there is none."""
    thread = readable_thread(thread_id)
    post = reading.first_unread(actor(), thread)
    return to_thread(thread) if post is None or post.opens else to_post(post)


@reading_pages.post("/threads/<int:thread_id>/read")
@member_required
@limiter.limit("600 per hour")
def mark(thread_id: int) -> Response:
    """A thread was shown up to the post of this number; sent by its page's script."""
    thread = readable_thread(thread_id)
    reading.mark(actor().id or 0, thread.id, reading.up_to(thread, request.form.get("number", 1, type=int)))
    return Response(status=204)


@reading_pages.post("/read")
@member_required
@limiter.limit("60 per hour")
def mark_all() -> WsgiResponse:
    """All that a list held when it was shown is read."""
    who, listed = actor(), lists.LISTS.get(request.form.get("list", ""), lists.LISTS["threads"])
    narrowed = lists.narrowed(request.form, space_queries.all_visible_to(who))
    if listed.whole and narrowed.filter.is_one_space and not narrowed.marked:
        reading.mark_all(who.id or 0, _shown_at(), space_id=narrowed.filter.space_id or EVERYWHERE)
    else:
        reading.mark_these(who, _shown_at(), lists.conditions_of(listed, narrowed, who))
    return redirect(safe_next(request.form.get("next")))


def _shown_at() -> datetime:
    """When the list was shown: what came after it stays unread."""
    try:
        return min(utcnow(), datetime.fromisoformat(request.form.get("until", "")).astimezone())
    except (ValueError, OverflowError):
        return utcnow()
