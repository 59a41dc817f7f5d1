"""The inbox of a group, for its members."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.core.paging import page_number
from community.core.policies import actor, allow, member_required
from community.core.slots import fill
from community.core.web import section
from community.forum.queries import POSTS_A_PAGE
from community.groups import policies
from community.groups.models import Group, GroupMember
from community.groups.views import shown

from . import operations, queries
from .models import GroupMention, Handling

mentions = Blueprint("mentions", __name__, url_prefix="/groups")
mentions.before_request(lambda: section("groups.index"))

TABS = {Handling.OPEN.value: _l("Unhandled"), Handling.TAKEN.value: _l("Taken"), Handling.DONE.value: _l("Done")}
VERBS = {"take": Handling.TAKEN, "done": Handling.DONE, "reopen": Handling.OPEN}


def _own(slug: str) -> Group:
    group, mine = shown(slug)
    allow(policies.belongs(mine))
    return group


def address_of(mention: GroupMention) -> str:
    """Where the post stands in its thread."""
    post = mention.post
    page = max(0, post.number - 2) // POSTS_A_PAGE + 1
    anchor = None if post.opens else f"post-{post.id}"
    return url_for("forum.thread", thread_id=post.thread_id, page=page if page > 1 else None, _anchor=anchor)


@mentions.get("/<string:slug>/inbox")
@member_required
def inbox(slug: str) -> str:
    """What mentions the group: unhandled, taken by somebody, done."""
    group = _own(slug)
    state = Handling(request.args["state"]) if request.args.get("state") in TABS else Handling.OPEN
    page = queries.inbox(actor(), group, state, page_number())
    if page_number() > page.pages:
        abort(404)
    return render_template(
        "mentions/inbox.html",
        group=group,
        page=page,
        state=state.value,
        tabs_of=TABS,
        counts=queries.counts(actor(), group),
        address_of=address_of,
    )


@mentions.post("/<string:slug>/inbox/<int:mention_id>/<any(take, done, reopen):verb>")
@member_required
def handle(slug: str, mention_id: int, verb: str) -> Response:
    """Take it, be done with it, or put it back."""
    group = _own(slug)
    mention = queries.mention_for(actor(), group, mention_id) or abort(404)
    before = mention.state
    if not operations.handle(mention, VERBS[verb], by_id=actor().id or 0):
        flash(_("Somebody else was faster. Look at how it is now."), "wait")
    return redirect(url_for("mentions.inbox", slug=slug, state=before if before != Handling.OPEN else None))


@fill("group.page")
def inbox_link(*, group: Group, mine: GroupMember | None) -> str:
    """On a group's page, for its members: the way to what it is asked."""
    if not policies.belongs(mine):
        return ""
    return render_template("mentions/link.html", group=group, number=queries.counts(actor(), group)["open"])
