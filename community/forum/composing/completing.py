"""Completion while typing: people who may read the space, and tags of threads that one may read."""

import json

from flask import Blueprint, Flask, Response, abort, jsonify, request, url_for
from sqlalchemy import ColumnElement, case, func, or_, select, true

from community.accounts.models import Grant, Member
from community.core.addresses import address
from community.core.app import limiter
from community.core.completion import MOST, Source, Suggestion, add_source, link, signs, source
from community.core.db import db, utcnow
from community.core.policies import Actor, actor, member_required
from community.groups.queries import completions
from community.groups.rights import holders
from community.spaces.models import Space
from community.spaces.policies import READ_EVERYWHERE
from community.spaces.queries import by_slug

from ..models import Thread, ThreadTag
from ..queries import visible

completing = Blueprint("completing", __name__)

LONGEST = 40  # characters that are looked up


def init_app(app: Flask) -> None:
    """The community's own kinds, and what composers need to know of all kinds."""
    add_source(Source("people", "@", people))
    add_source(Source("tags", "#", tags))
    app.jinja_env.globals.update(completions=_addresses)


def _addresses() -> str:
    """The address of each kind by its sign, as JSON."""
    return json.dumps({sign: address("completing.complete", kind=name) for sign, name in signs().items()})


@completing.get("/complete/<string:kind>")
@member_required
@limiter.limit("300 per minute")
def complete(kind: str) -> Response:
    """What goes on as `q` does, for whoever asks, in the space whose slug is `space`."""
    asked = source(kind) or abort(404)
    query = request.args.get("q", "").strip()
    fits = 0 < len(query) <= LONGEST
    found = asked.find(actor(), query, request.args.get("space", "")) if fits else []
    return jsonify(suggestions=[{"text": one.text, "label": one.label, "detail": one.detail} for one in found])


def people(who: Actor, query: str, slug: str) -> list[Suggestion]:
    """People by handle or name; in a members-only space those who may read it."""
    begins = Member.handle.startswith(query.lower(), autoescape=True)
    called = func.lower(Member.name).contains(query.lower(), autoescape=True)
    rows = db.session.execute(
        select(Member.handle, Member.name)
        .where(or_(begins, called), _may_read(who, slug), Member.suspended_at.is_(None))
        .where(Member.email_confirmed_at.is_not(None), Member.id != who.id)
        .order_by(case((begins, 0), else_=1), Member.name)
        .limit(MOST)
    )
    found = [Suggestion(f"@{row.handle} ", row.name, f"@{row.handle}") for row in rows]
    return [*_groups(who, query), *found][:MOST]


def _groups(who: Actor, query: str) -> list[Suggestion]:
    """Groups that one may mention stand before people, but leave them room."""
    found = completions(who, query, MOST // 2)
    return [Suggestion(f"@{group.slug} ", group.name, f"@{group.slug}") for group, _size in found]


def _may_read(who: Actor, slug: str) -> ColumnElement[bool]:
    space: Space | None = by_slug(who, slug) if slug else None
    if space is None or space.is_open:
        return true()
    lasts = or_(Grant.until.is_(None), Grant.until > utcnow())
    belongs = select(Grant.member_id).where(Grant.space_id == space.id, lasts)
    by_group = Member.id.in_(holders(space.id))
    return or_(Member.id.in_(belongs), by_group, Member.role.in_(READ_EVERYWHERE.roles))


def tags(who: Actor, query: str, slug: str) -> list[Suggestion]:
    """Tags by their beginning, the most used first; counted are threads that one may read."""
    used = func.count(ThreadTag.thread_id)
    rows = db.session.execute(
        select(ThreadTag.tag, used)
        .join(Thread, Thread.id == ThreadTag.thread_id)
        .join(Thread.space)
        .where(visible(who), ThreadTag.tag.startswith(query.lower(), autoescape=True))
        .group_by(ThreadTag.tag)
        .order_by(used.desc(), ThreadTag.tag)
        .limit(MOST)
    )
    return [Suggestion(link(f"#{tag}", url_for("pages.threads", tag=tag)) + " ", f"#{tag}", str(n)) for tag, n in rows]
