"""Whether something came to a thread since its page was opened: asked often, so it costs one small statement.

The page of a thread that everybody may read asks without its cookie, so nobody has to be looked up; 1,000 open pages
then ask some 50 times a second. Other threads are asked for with it, and read as their page is.
"""

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response as WsgiResponse

from community.core.app import limiter
from community.core.db import glance
from community.core.policies import actor, public
from community.spaces.models import Space

from .. import queries
from ..models import Thread

live_pages = Blueprint("live", __name__)

_OPEN = (
    select(Thread.version, Thread.reply_count)
    .join(Space, Space.id == Thread.space_id)
    .where(
        Thread.id == bindparam("thread_id"),
        queries.OPEN_TO_ALL,
    )
)


@live_pages.get("/threads/<int:thread_id>/live")
@public
@limiter.exempt
def news(thread_id: int) -> WsgiResponse:
    """The thread's version and how many replies it has; 304 where nothing on its page changed."""
    row = glance(_OPEN, {"thread_id": thread_id})
    version, replies = row if row is not None else _read(thread_id)
    tag = f"v{version}"
    response = Response(status=304) if request.if_none_match.contains_weak(tag) else jsonify(replies=replies)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache, private"
    return response


def _read(thread_id: int) -> tuple[int, int]:
    """A thread that only some may read, for one of them."""
    if not actor().is_member:
        abort(404)
    thread = queries.thread_for(actor(), thread_id) or abort(404)
    return thread.version, thread.reply_count
