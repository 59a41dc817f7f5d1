"""Whether something came to a thread since its page was opened: asked often, so it costs one small statement.

The page of a thread that everybody may read asks without its cookie, so nobody has to be looked up; 1,000 open pages
then ask some 50 times a second. Other threads are asked for with it, and read as their page is.
"""

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, load_only
from werkzeug.wrappers import Response as WsgiResponse

from community.core.app import limiter
from community.core.db import db, glance
from community.core.policies import actor, public
from community.spaces.models import Space

from .. import queries
from ..models import Thread
from ..policies import can_read_thread

live_pages = Blueprint("live", __name__)

_OPEN = (
    select(Thread.version, Thread.reply_count)
    .join(Space, Space.id == Thread.space_id)
    .where(
        Thread.id == bindparam("thread_id"),
        queries.OPEN_TO_ALL,
    )
)
# What tells whether somebody may read a thread, and what is answered.
_LIMITED = (
    select(Thread)
    .where(Thread.id == bindparam("thread_id"))
    .options(
        load_only(
            Thread.version,
            Thread.reply_count,
            *queries.TELLS_WHO_READS,
        ),
        joinedload(Thread.space, innerjoin=True).load_only(Space.visibility),
    )
)


@live_pages.get("/threads/<int:thread_id>/live")
@public
@limiter.exempt
def news(thread_id: int) -> WsgiResponse:
    """The thread's version and how many replies it has; 304 where nothing on its page changed."""
    version, replies = _read(thread_id) if actor().is_member else _open(thread_id)
    tag = f"v{version}"
    response = Response(status=304) if request.if_none_match.contains_weak(tag) else jsonify(replies=replies)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache, private"
    return response


def _open(thread_id: int) -> tuple[int, int]:
    """A thread that everybody may read."""
    version, replies = glance(_OPEN, {"thread_id": thread_id}) or abort(404)
    return version, replies


def _read(thread_id: int) -> tuple[int, int]:
    """A thread for somebody who is signed in."""
    thread = db.session.scalar(_LIMITED, {"thread_id": thread_id})
    if thread is None or not can_read_thread(actor(), thread):
        abort(404)
    return thread.version, thread.reply_count
