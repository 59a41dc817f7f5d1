"""Tags: the index, a page for each, its text and history, and its synonyms."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.core.db import db
from community.core.paging import page_number
from community.core.policies import Actor, actor, allow, public, requires
from community.core.slots import fill
from community.core.web import NavItem, add_navigation, section
from community.forum.pages import row
from community.forum.queries import Filter, thread_page
from community.spaces.models import Space
from community.spaces.policies import can_manage

from . import operations, policies, queries
from .forms import SynonymForm, TagForm
from .policies import EDIT_TAGS, MERGE_TAGS

tags = Blueprint("tags", __name__)
add_navigation(NavItem(label=_l("Tags"), endpoint="tags.index", icon="tag", order=15))


def _shown(tag: str) -> queries.ShownTag:
    return queries.shown_tag(actor(), tag) or abort(404)


@tags.get("/tags")
@public
def index() -> str:
    """All tags that threads in view carry, searched by name and narrowed to a group."""
    words, group = request.args.get("q", "").strip().lower()[:40], request.args.get("group", "")[:40]
    page = queries.index(actor(), page_number(), words=words, group=group)
    if page.number > page.pages:
        abort(404)
    groups = queries.groups(actor())
    return render_template("tags/index.html", page=page, words=words, group=group, groups=groups)


@tags.get("/tags/<string:tag>")
@public
def page(tag: str) -> str | Response:
    """A tag's threads, what it means, and what is near it; a synonym leads to its main tag."""
    section("tags.index")
    shown = _shown(tag)
    if shown.name != tag:
        return redirect(url_for("tags.page", tag=shown.name), 301)
    threads = thread_page(actor(), Filter(tag=shown.name), page_number())
    if threads.number > threads.pages:
        abort(404)
    return render_template(
        "tags/page.html",
        tag=shown,
        page=threads.map(row),
        synonyms=queries.synonyms(shown.name),
        related=queries.related(actor(), shown.name),
        can_edit=policies.can_edit(actor()),
    )


@tags.route("/tags/<string:tag>/edit", methods=["GET", "POST"])
@requires(EDIT_TAGS)
def edit(tag: str) -> str | Response | tuple[str, int]:
    """Write what a tag means; the text before is kept."""
    shown = _shown(tag)
    form = TagForm(obj=shown.row) if shown.row else TagForm()
    if form.validate_on_submit() and form.may_go():
        written = {"body": form.body.data or "", "group": form.group.data or "", "reason": form.reason.data or ""}
        operations.edit(shown.name, editor_id=actor().id or 0, **written)
        flash(_("The tag %(tag)s is saved.", tag=shown.name), "good")
        return redirect(url_for("tags.page", tag=shown.name))
    return _editing(shown, form), 422 if form.errors else 200


def _editing(shown: queries.ShownTag, form: TagForm, synonym: SynonymForm | None = None) -> str:
    return render_template(
        "tags/edit.html",
        tag=shown,
        form=form,
        synonym=synonym or SynonymForm(shown.name),
        synonyms=queries.synonyms(shown.name),
        can_merge=policies.can_merge(actor()),
    )


@tags.get("/tags/<string:tag>/history")
@public
def history(tag: str) -> str:
    """How the text of a tag came to read as it does."""
    section("tags.index")
    shown = _shown(tag)
    return render_template("tags/history.html", tag=shown, steps=queries.steps(shown.row) if shown.row else [])


@tags.post("/tags/<string:tag>/synonyms")
@requires(MERGE_TAGS)
def merge(tag: str) -> Response | tuple[str, int]:
    """Make another tag a synonym of this one; threads that carry it carry this one from now on."""
    shown = _shown(tag)
    form = SynonymForm(shown.name)
    if not form.validate_on_submit():
        return _editing(shown, TagForm(None, obj=shown.row) if shown.row else TagForm(None), form), 422
    operations.merge(form.name, shown.name, by_id=actor().id or 0)
    flash(_("%(tag)s leads to %(main)s from now on.", tag=form.name, main=shown.name), "good")
    return redirect(url_for("tags.edit", tag=shown.name))


@tags.post("/tags/<string:tag>/synonyms/removal")
@requires(MERGE_TAGS)
def separate(tag: str) -> Response:
    """Let a synonym be a tag of its own again."""
    shown = _shown(tag)
    name = request.form.get("name", "")
    allow(name in queries.synonyms(shown.name))
    operations.separate(name, by_id=actor().id or 0)
    flash(_("%(tag)s is a tag of its own again. Threads keep the tags they have.", tag=name), "good")
    return redirect(url_for("tags.edit", tag=shown.name))


@fill("space.manage")
def tags_card(*, space_id: int, slug: str, actor: Actor) -> str:
    """For whoever looks after a space: the tags that it offers, asks for and keeps for some, and their groups."""
    space = db.session.get_one(Space, space_id)
    return render_template(
        "spaces/tags_card.html",
        space=space,
        groups=sorted(set(queries.groups_of(space.tags).values())),
        changes=can_manage(actor, space),
        edits=policies.can_edit(actor),
    )
