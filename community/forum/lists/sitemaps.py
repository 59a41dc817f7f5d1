"""What search engines are told: where they may look, and which threads and spaces everybody may read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response as WsgiResponse

from community.core.addresses import address
from community.core.cache import cache
from community.core.db import db
from community.core.policies import NOBODY, public
from community.core.web import public_url
from community.spaces import queries as space_queries
from community.spaces.models import Space

from ..models import Thread
from ..queries import visible

sitemap_pages = Blueprint("sitemaps", __name__)

A_SITEMAP = 10_000  # threads; the format allows 50,000 addresses and 50 MB
KEPT_SECONDS = 900
CLOSED = (
    "/admin", "/desk", "/review", "/ask", "/search", "/similar", "/sign-in", "/join", "/forgotten", "/reset",
    "/confirm", "/preferences", "/notifications", "/language", "/theme", "/unsubscribe", "/threads/*/live", "/posts/",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """An address, and when what it shows last changed."""

    url: str
    changed: datetime | None

    @property
    def lastmod(self) -> str:
        """The same as the format wants it, "" where it is not known."""
        return f"{self.changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if self.changed else ""


@sitemap_pages.get("/robots.txt")
@public
def robots() -> Response:
    """Where robots need not look, and where the sitemaps are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {public_url(address('sitemaps.index'))}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain", headers={"Cache-Control": "public, max-age=86400"})


@sitemap_pages.get("/sitemap.xml")
@public
def index() -> WsgiResponse:
    """The sitemaps there are."""
    return _kept("index") or _keep("index", "forum/sitemap_index.xml", _parts())


@sitemap_pages.get("/sitemaps/spaces.xml")
@public
def spaces() -> WsgiResponse:
    """Everything that is no thread: the spaces and the lists."""
    return _kept("spaces") or _keep("spaces", "forum/sitemap.xml", _places())


@sitemap_pages.get("/sitemaps/threads/<int:number>.xml")
@public
def threads(number: int) -> WsgiResponse:
    """One share of the threads. A thread is always in the same one, for they are shared out by their numbers."""
    name = f"threads-{number}"
    present = _kept(name)
    if present is not None:
        return present
    entries = _threads(number)
    if not entries:
        abort(404)
    return _keep(name, "forum/sitemap.xml", entries)


def _parts() -> list[Entry]:
    share = (Thread.id - 1) // A_SITEMAP
    rows = db.session.execute(
        select(share, func.max(Thread.last_activity_at))
        .join(Thread.space)
        .where(visible(NOBODY))
        .group_by(share)
        .order_by(share)
    )
    found = [Entry(address("sitemaps.threads", number=number + 1), changed) for number, changed in rows]
    return [Entry(address("sitemaps.spaces"), max((e.changed for e in found if e.changed), default=None)), *found]


def _places() -> list[Entry]:
    lists = ("home", "threads", "unanswered", "unsolved", "hot", "ideas", "news")
    rows = db.session.execute(
        select(Space.slug, func.max(Thread.last_activity_at))
        .outerjoin(Thread, (Thread.space_id == Space.id) & visible(NOBODY))
        .where(space_queries.readable(NOBODY))
        .group_by(Space.slug)
        .order_by(Space.slug)
    )
    return [
        *(Entry(address(f"pages.{name}"), None) for name in lists),
        *(Entry(address("pages.space", slug=slug), changed) for slug, changed in rows),
    ]


def _threads(number: int) -> list[Entry]:
    first = (number - 1) * A_SITEMAP + 1
    rows = db.session.execute(
        select(Thread.id, Thread.last_activity_at)
        .join(Thread.space)
        .where(visible(NOBODY), Thread.id.between(first, first + A_SITEMAP - 1))
        .order_by(Thread.id)
    )
    return [Entry(address("forum.thread", thread_id=id_), changed) for id_, changed in rows]


def _kept(name: str) -> WsgiResponse | None:
    stored = cache().get(f"sitemap:{name}")
    return _answer(stored) if stored is not None else None


def _keep(name: str, template: str, entries: list[Entry]) -> WsgiResponse:
    body = render_template(template, rows=[(public_url(entry.url), entry.lastmod) for entry in entries])
    cache().set(f"sitemap:{name}", body, timeout=KEPT_SECONDS)
    return _answer(body)


def _answer(body: str) -> WsgiResponse:
    response = Response(body, mimetype="application/xml", headers={"Cache-Control": f"public, max-age={KEPT_SECONDS}"})
    response.add_etag()
    return response.make_conditional(request)
