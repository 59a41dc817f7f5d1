"""Proposing a change to somebody's post, and deciding on what was proposed."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from community.core.app import limiter
from community.core.db import undo
from community.core.diff import Row, inline
from community.core.forms import tidy, title_field
from community.core.numbers import whole_number
from community.core.policies import actor, allow, member_required
from community.core.web import NavItem, add_navigation

from ..arranging.operations import ArrangingError
from ..composing import admitting
from ..composing.gates import Way
from ..composing.guarding import Guarded
from ..composing.lengths import REPLY
from ..editing.operations import locked
from ..editing.pages import folded_sides, versions_of
from ..forms import body_field
from ..models import Post
from ..policies import EDIT_ANY
from ..views import readable_post, to_post
from . import operations as suggesting
from . import policies as suggesting_policies
from . import queries as suggesting_queries
from .models import SuggestedEdit, title_of
from .operations import mark, mark_of

suggestions = Blueprint("suggesting", __name__)

add_navigation(
    NavItem(
        label=_l("Suggested edits"),
        endpoint="suggesting.waiting",
        icon="edit",
        order=82,
        group=_l("Your roles"),
        permission=EDIT_ANY,
    )
)
Page = str | Response | tuple[str, int]


class SuggestForm(Guarded):
    """A text in place of another one, and why. `seen` tells which text the person had before them."""

    guarded = ("title", "body", "reason")

    seen = HiddenField()
    title = title_field(_l("Title"))
    body = body_field(_l("Text"), REPLY)
    reason = StringField(
        _l("Why is it better so?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why in a few words: the author reads it.")), Length(max=200)],
    )


class AcceptForm(Guarded):
    """The text as it will be. `seen` tells which text the person had before them."""

    seen = HiddenField()
    title = title_field(_l("Title"))
    body = body_field(_l("Text"), REPLY)


class RefuseForm(Guarded):
    """Leaving the post as it is."""

    guarded = ("word",)

    word = StringField(
        _l("Why not?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why in a few words.")), Length(max=300)],
    )


class Meanwhile(NamedTuple):
    """The present text of a post beside another one, and what that is."""

    what: str
    rows: Sequence[Row | None]


def _without_title(form: SuggestForm | AcceptForm, post: Post) -> None:
    if not post.opens:
        del form.title


@suggestions.route("/posts/<int:post_id>/suggestion", methods=["GET", "POST"])
@member_required
@limiter.limit("30 per hour", methods=["POST"])
def suggest(post_id: int) -> Page:
    """Propose another text for a post."""
    post = readable_post(post_id)
    allow(suggesting_policies.can_suggest(actor(), post))
    form = SuggestForm(title=title_of(post), body=post.body, seen=mark_of(post))
    _without_title(form, post)
    meanwhile = None
    if form.validate_on_submit():
        meanwhile = _meanwhile(form, locked(post))
        if meanwhile is None and _passes(form, post) and _suggested(form, post):
            flash(_("Thank you. Whoever looks after this post decides, and you are told."), "good")
            return to_post(post)
    page = render_template("forum/suggested/suggest.html", form=form, post=post, meanwhile=meanwhile)
    return page, 409 if meanwhile else 422 if form.errors else 200


def _suggested(form: SuggestForm, post: Post) -> bool:
    """Propose what the form holds; where that cannot be, the form says why."""
    title, body = form.title.data if form.title else "", form.body.data
    try:
        suggesting.suggest(post, member_id=actor().id or 0, title=title, body=body, reason=form.reason.data)
    except ArrangingError as refused:
        undo()
        form.form_errors.append(refused.message)
        return False
    return True


def _meanwhile(form: SuggestForm, post: Post) -> Meanwhile | None:
    """What became of the post since the form was opened; what is sent again is meant for the text as it is now."""
    seen, now = form.seen.data, mark_of(post)
    if not seen or seen == now:
        return None
    form.seen.data = now
    form.form_errors.append(_("The post was changed a moment ago. Look at it as it is now."))
    before = next((each for each in versions_of(post) if mark(each.title, each.body) == seen), None)
    if before is None:
        return Meanwhile(_("As proposed"), folded_sides(form.body.data, post.body))
    return Meanwhile(_("As it was"), folded_sides(before.body, post.body))


def _passes(form: SuggestForm, post: Post) -> bool:
    """Whether the gates let it through; a person looks at it anyway, so nothing is held back."""
    thread = post.thread
    place = {"space_id": thread.space_id, "thread_id": thread.id, "before": f"{thread.title}\n{post.body}"}
    about = admitting.writing(Way.SUGGESTION, form, **place)
    return admitting.judged(form, about, holds=False).goes


@suggestions.get("/suggested-edits")
@member_required
def waiting() -> str:
    """What waits for the reader to decide, and what they proposed themselves."""
    who = actor()
    return render_template(
        "forum/suggested/list.html",
        waiting=suggesting_queries.waiting_for(who, post_id=whole_number(request.args.get("post", ""))),
        own=suggesting_queries.own_of(who),
    )


def _suggestion(suggestion_id: int) -> SuggestedEdit:
    found = suggesting_queries.suggestion_for(actor(), suggestion_id) or abort(404)
    allow(suggesting_policies.can_see(actor(), found))
    return found


def _to_decide(suggestion_id: int) -> SuggestedEdit:
    found = _suggestion(suggestion_id)
    allow(suggesting_policies.can_decide(actor(), found.post))
    return found


def _accept_form(found: SuggestedEdit) -> AcceptForm:
    """The form with the text proposed; where the post was changed since, with the present one."""
    post = found.post
    title, body = (title_of(post), post.body) if found.outdated else (found.title, found.body)
    form = AcceptForm(seen=mark_of(post), title=title, body=body)
    _without_title(form, post)
    return form


@suggestions.get("/suggested-edits/<int:suggestion_id>")
@member_required
def suggestion(suggestion_id: int) -> Page:
    """What was proposed, beside what stands there."""
    found = _suggestion(suggestion_id)
    return _shown(found, _accept_form(found), RefuseForm())


def _shown(found: SuggestedEdit, accepting: AcceptForm, refusing: RefuseForm) -> Page:
    post = found.post
    changed = bool(accepting.errors or refusing.errors)
    page = render_template(
        "forum/suggested/one.html",
        found=found,
        post=post,
        accepting=accepting,
        refusing=refusing,
        can_decide=suggesting_policies.can_decide(actor(), post),
        mine=actor().id == found.member_id,
        title=inline(found.base_title, found.title) if found.base_title != found.title else [],
        rows=folded_sides(found.base_body, found.body),
        meanwhile=folded_sides(found.base_body, post.body) if found.is_open and found.outdated else [],
    )
    return page, 422 if changed else 200


@suggestions.post("/suggested-edits/<int:suggestion_id>/acceptance")
@member_required
def accept(suggestion_id: int) -> Page:
    """Let the post read as proposed, or as changed before that."""
    found = _to_decide(suggestion_id)
    form = _accept_form(found)
    if form.validate_on_submit():
        title, seen = form.title.data if form.title else "", form.seen.data or ""
        try:
            suggesting.accept(found, by_id=actor().id or 0, seen=seen, title=title, body=form.body.data)
        except ArrangingError as refused:
            undo()
            form.seen.data = mark_of(found.post)
            form.form_errors.append(refused.message)
        else:
            flash(_("It reads so from now on. Thank you."), "good")
            return to_post(found.post)
    return _shown(found, form, RefuseForm(formdata=None))


@suggestions.post("/suggested-edits/<int:suggestion_id>/refusal")
@member_required
def refuse(suggestion_id: int) -> Page:
    """Leave the post as it is, with a word."""
    found, form = _to_decide(suggestion_id), RefuseForm()
    if form.validate_on_submit():
        try:
            suggesting.refuse(found, by_id=actor().id or 0, word=form.word.data)
        except ArrangingError as refused:
            undo()
            form.form_errors.append(refused.message)
        else:
            flash(_("It stays as it was. Whoever proposed it is told why."), "good")
            return redirect(url_for("suggesting.waiting"))
    return _shown(found, _accept_form(found), form)


@suggestions.post("/suggested-edits/<int:suggestion_id>/withdrawal")
@member_required
def withdraw(suggestion_id: int) -> Response:
    """Take one's own suggestion back."""
    found = _suggestion(suggestion_id)
    allow(found.member_id == actor().id and found.is_open)
    try:
        suggesting.withdraw(found, by_id=actor().id or 0)
    except ArrangingError:
        abort(404)
    flash(_("It is taken back."), "good")
    return redirect(url_for("suggesting.waiting"))
