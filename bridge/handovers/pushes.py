"""Where desks say that something changed. What they say besides is not used."""

from flask import Blueprint, Response, abort, request

from bridge.desks.connecting import connect
from bridge.desks.contract import DeskError, PushRefusedError
from community.core.app import limiter
from community.core.policies import public
from community.core.web import csrf

from . import queries
from .polling import read_again

pushes = Blueprint("pushes", __name__)
LONGEST = 1024 * 1024


@pushes.post("/desks/<string:key>/push")
@limiter.limit("600 per minute")
@public
def push(key: str) -> Response:
    """A signed push: the queries it names are read from the desk. No such desk and a wrong sign look alike."""
    desk = queries.desk_by_key(key)
    if desk is None or not desk.enabled or (request.content_length or 0) > LONGEST:
        abort(404)
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.get_data()
    try:
        connected = connect(desk)
        connected.verify_push(headers, body)
        ids = connected.parse_push(headers, body)
    except (PushRefusedError, DeskError, ValueError):
        abort(404)
    read_again(desk.id, ids)
    return Response(status=204)


csrf.exempt(push)
