"""Old addresses lead on, so that links and bookmarks made before an import keep their worth."""

import re

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import Actor, actor, public
from community.forum.queries import post_for
from community.spaces.models import Space
from community.spaces.queries import spaces_visible_to

from .models import ImportedTag
from .queries import NewPlace, new_place

old_addresses = Blueprint("old_addresses", __name__)

ANSWER_AT_THE_END = re.compile(r"/questions/\d+/[^/]+/(\d+)")
ADDRESSES = (
    "/questions/<int:old_id>",
    "/q/<int:old_id>",
    "/a/<int:old_id>",
    "/users/<int(signed=True):old_id>",
    "/posts/comments/<int:old_id>",
)
# Our own page of a tag stands where the old one stood; only what came below it is led on.
OLD_TAG = "/tags/<string:old_tag>"


@public
def moved(**_parts: object) -> Response:
    """Where the thing is now, for whoever may read it there."""
    place = _answer_named_last(request.path) or new_place(request.path) or abort(404)
    return redirect(_address(place, actor()) or abort(404), 301)


def _answer_named_last(path: str) -> NewPlace | None:
    """The answer in `/questions/12/title/34`; such are the addresses that browsers showed."""
    found = ANSWER_AT_THE_END.fullmatch(path)
    return new_place(f"/a/{found[1]}") if found else None


def _address(place: NewPlace, who: Actor) -> str | None:
    if place.kind == "user":
        member = db.session.get(Member, place.new_id)
        return url_for("accounts.profile", handle=member.handle) if member else None
    if place.kind == "tag":
        return _address_of_tag(place.new_id, who)
    post = post_for(who, place.new_id)
    if post is None:
        return None
    # A browser keeps a 301 for good, while the page that a post stands on may change: its own address does not.
    return url_for("forum.thread", thread_id=post.thread_id) if post.opens else url_for("forum.post", post_id=post.id)


def _address_of_tag(tag_id: int, who: Actor) -> str | None:
    wanted = spaces_visible_to(who).join(ImportedTag, ImportedTag.space_id == Space.id).where(ImportedTag.id == tag_id)
    found = db.session.execute(wanted.with_only_columns(Space.slug, ImportedTag.name)).one_or_none()
    return url_for("pages.space", slug=found.slug, tag=found.name) if found else None


for _address_then in (*ADDRESSES, *(f"{then}/<path:rest>" for then in (*ADDRESSES, OLD_TAG))):
    old_addresses.add_url_rule(_address_then, endpoint="moved", view_func=moved, strict_slashes=False)
