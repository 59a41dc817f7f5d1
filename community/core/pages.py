"""Pages kept for people who are not signed in: found by the version of what they show, so never out of date."""

import gzip
import hashlib

from flask import Response, current_app, request, session

from . import i18n
from .assets import Assets
from .cache import cache
from .policies import actor
from .web import theme

KEEP_SECONDS = 3600


def may_be_kept() -> bool:
    """Only what nobody in particular asks for, without a message waiting, is kept or taken from the kept ones."""
    return not actor().is_member and not session.get("_flashes")


def key_of(*versions: object) -> str:
    """The key of the present request's page; everything that changes its bytes is in it."""
    held: Assets = current_app.extensions["isthmus.assets"]
    parts = (request.full_path, i18n.language(), theme(), held.version, *versions)
    return "page:" + hashlib.sha256(repr(parts).encode()).hexdigest()


def kept(key: str) -> Response | None:
    """The page kept under this key, as an answer; 304 where the browser has it already."""
    if request.if_none_match.contains_weak(key[5:37]):
        return _answer(b"", key, status=304)
    stored = cache().get(key)
    return _answer(stored, key) if stored is not None else None


def keep(key: str, html: str) -> Response:
    """Keep a page, compressed once, and answer with it."""
    packed = gzip.compress(html.encode(), 6, mtime=0)
    cache().set(key, packed, timeout=KEEP_SECONDS)
    return _answer(packed, key)


def _answer(packed: bytes, key: str, *, status: int = 200) -> Response:
    takes_gzip = request.accept_encodings["gzip"] > 0
    body = packed if takes_gzip or not packed else gzip.decompress(packed)
    response = Response(body, status=status, mimetype="text/html")
    if takes_gzip and packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(key[5:37], weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    return response
