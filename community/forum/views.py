"""Threads: reading, asking, replying, editing, and the small verbs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from community.core import pages as kept_pages
from community.core.app import limiter
from community.core.forms import clean
from community.core.numbers import whole_number
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required, public
from community.core.web import section
from community.drafts.models import DraftKind
from community.spaces.models import Space
from community.spaces.queries import startable_by

from . import metadata, operations, policies, queries
from .arranging import measuring
from .arranging import queries as arranging_queries
from .composing import admitting, again, before, drafting, guarding
from .composing.gates import Way
from .composing.publishing import Typed
from .composing.quoting import quotation
from .editing import pages as editing_pages
from .editing import windows as editing_windows
from .editing.conflicts import WARNED, seen_in
from .editing.operations import locked
from .forms import LONGEST_BODY, EditForm, EditThreadForm, ReplyForm, ThreadForm
from .models import Post, Thread
from .origin import came_from
from .pages import thread_page
from .reactions import limits as vote_limits
from .reading import marks as reading
from .reading import viewing
from .rendering import rendered
from .reply_order import asked_order
from .within.operations import name_of

forum = Blueprint("forum", __name__)


def readable_thread(thread_id: int) -> Thread:
    """The thread, for whoever asks, or 404."""
    return queries.thread_for(actor(), thread_id) or abort(404)


def readable_post(post_id: int) -> Post:
    """The post, for whoever asks, or 404."""
    return queries.post_for(actor(), post_id) or abort(404)


def living_thread(thread_id: int) -> Thread:
    """The thread, or the one that it was merged into, for whoever asks, or 404."""
    found = queries.thread_for(actor(), thread_id) or arranging_queries.successor(actor(), thread_id)
    return found or abort(404)


def moved_on(thread_id: int) -> NoReturn:
    """Lead to the thread that this one was merged into, for ever; else there is nothing here."""
    target = arranging_queries.successor(actor(), thread_id)
    abort(redirect(url_for("forum.thread", thread_id=target.id), 301) if target else 404)


def to_thread(thread: Thread, *, anchor: str = "") -> WsgiResponse:
    """Back to the thread's page."""
    return redirect(url_for("forum.thread", thread_id=thread.id, _anchor=anchor or None))


def to_post(post: Post) -> WsgiResponse:
    """To the page on which the post stands."""
    number = max(1, -(-(post.number - 1) // queries.POSTS_A_PAGE))
    page = number if number > 1 else None
    return redirect(url_for("forum.thread", thread_id=post.thread_id, page=page, _anchor=f"post-{post.id}"))


@forum.get("/threads/<int:thread_id>")
@public
def thread(thread_id: int) -> str | Response:
    """A thread; for people who are not signed in it is kept until something on it changes."""
    if not kept_pages.may_be_kept():
        found = queries.thread_for(actor(), thread_id) or moved_on(thread_id)
        viewing.count(thread_id)
        return show(found)
    stamp = queries.stamp(thread_id) or moved_on(thread_id)
    viewing.count(thread_id)
    key = kept_pages.key_of("thread", *stamp)
    present = kept_pages.kept(key)
    return present or kept_pages.keep(key, show(readable_thread(thread_id), ReplyForm(meta={"csrf": False})))


def show(thread: Thread, form: ReplyForm | None = None) -> str:
    """The thread's page with this reply form, else with the reply that was begun."""
    page = thread_page(thread, page_number(), actor(), order=asked_order())
    draft = drafting.reply_begun(thread.id, has_draft=page.has_draft)
    form = form or _reply_form(thread, draft)
    if page_number() > page.replies.pages:
        abort(404)
    reading.note(actor(), thread, page.last_number)
    about = metadata.of(page)
    return render_template(
        "forum/thread.html",
        page=page,
        thread=thread,
        form=form,
        draft=draft,
        about=about,
        whose=name_of(thread),
        can_keep=policies.can_keep_within(actor(), thread),
    )


def _reply_form(thread: Thread, draft: drafting.Begun) -> ReplyForm:
    """The form with what was begun, and with the words of the post that `?quote=` names."""
    form = ReplyForm(**draft.put_back)
    named = whole_number(request.args.get("quote", ""))
    quoted = queries.post_for(actor(), named) if named is not None else None
    if quoted is not None and quoted.thread_id == thread.id:
        form.body.data = "\n\n".join(part for part in (form.body.data, quotation(quoted)) if part)
        form.reply_to.data = str(quoted.id)
    return form


@forum.get("/posts/<int:post_id>")
@public
def post(post_id: int) -> WsgiResponse:
    """A post's own address leads to its place in the thread."""
    return to_post(readable_post(post_id))


@forum.route("/ask", methods=["GET", "POST"])
@member_required
@limiter.limit("30 per hour", methods=["POST"])
def ask() -> str | WsgiResponse | tuple[str, int]:
    """Begin a thread; the same one sent twice is one thread."""
    section("forum.ask")
    spaces, draft = startable_by(actor()), drafting.thread_begun()
    form = ThreadForm(title=request.args.get("title"), **draft.put_back)
    form.offer(spaces, actor())
    if form.validate_on_submit() and (answer := _start(form, spaces)) is not None:
        return answer
    if not form.is_submitted():
        form.space.data = form.space.data or came_from({space.slug for space in spaces})
        form.ask_fields()
    shown = {"draft": drafting.going_on(draft), "told": before.asking(actor(), spaces)}
    return render_template("forum/ask.html", form=form, **shown), 422 if form.errors else 200


def _start(form: ThreadForm, spaces: Iterable[Space]) -> WsgiResponse | None:
    space, body = next(space for space in spaces if space.slug == form.space.data), form.body.data
    me, title = actor().id or 0, form.title.data
    done: Post | WsgiResponse | None = again.thread(space_id=space.id, author_id=me, title=title, body=body)
    if done is None:
        about = admitting.writing(Way.THREAD, form, space_id=space.id)
        done = admitting.through(form, about, lambda: _typed(form, space))
    if done is not None:
        drafting.published(DraftKind.THREAD, 0, body)
    return to_thread(done.thread) if isinstance(done, Post) else done


def _typed(form: ThreadForm, space: Space) -> Typed:
    within = "for_organisation" in form and form.for_organisation.data
    return Typed(
        space_id=space.id,
        kind=form.kind.data,
        title=form.title.data,
        body=form.body.data,
        tags=tuple(form.given),
        given=tuple(form.given_fields()),
        organisation_id=actor().organisation_id if within else None,
        poll=form.poll(),
        date=form.date(),
        as_it_is=form.as_it_is,
    )


@forum.post("/threads/<int:thread_id>/replies")
@member_required
@limiter.limit("60 per hour")
def reply(thread_id: int) -> WsgiResponse | tuple[str, int]:
    """Reply; the same words sent twice in a row are one reply."""
    thread = living_thread(thread_id)
    allow(policies.can_reply(actor(), thread))
    form = ReplyForm()
    if not form.validate_on_submit():
        return show(thread, form), 422
    body = form.body.data
    done: Post | WsgiResponse | None = again.reply(thread, author_id=actor().id or 0, body=body)
    if done is None:
        about = admitting.writing(Way.REPLY, form, space_id=thread.space_id, thread_id=thread.id)
        done = admitting.through(form, about, lambda: _typed_reply(form, thread))
    if done is None:
        return show(thread, form), 422
    drafting.published(DraftKind.REPLY, thread.id, body)
    return to_post(done) if isinstance(done, Post) else done


def _typed_reply(form: ReplyForm, thread: Thread) -> Typed:
    target = whole_number(form.reply_to.data or "")
    inside = queries.post_id_within(thread, target) if target is not None else None
    return Typed(form.body.data, thread_id=thread.id, reply_to_id=inside, as_it_is=form.as_it_is)


@forum.post("/preview")
@member_required
@limiter.limit("120 per minute")
def preview() -> str | tuple[str, int]:
    """A text as it will look, by the same renderer."""
    text = clean(request.form.get("text", "")) or ""
    if len(text) > LONGEST_BODY:
        return _("This is longer than 30,000 characters."), 422
    return rendered(text, by_id=actor().id).html


@forum.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@member_required
def edit(post_id: int) -> str | WsgiResponse | tuple[str, int]:
    """Change a post; the text before is kept."""
    post = readable_post(post_id)
    allow(policies.can_edit(actor(), post))
    if request.method == "POST":
        locked(post)
    draft, meanwhile = drafting.edit_begun(post.id), None
    form = _edit_form(post, draft)
    if form.validate_on_submit():
        meanwhile = form.warn(post)
        if meanwhile is None and (answer := _save(post, form)) is not None:
            return answer
    draft = drafting.going_on(draft)
    page = render_template("forum/edit.html", form=form, post=post, draft=draft, meanwhile=meanwhile)
    return page, 409 if meanwhile else 422 if form.errors else 200


def _save(post: Post, form: EditForm) -> WsgiResponse | None:
    """Keep what was typed, if it may be published; the page to go to."""
    body, thread = form.body.data, post.thread
    stood = [thread.title, post.body, *thread.tags, *(given["value"] for given in thread.fields)]
    place = {"space_id": thread.space_id, "thread_id": thread.id, "before": "\n".join(stood)}
    about = admitting.writing(Way.EDIT, form, **place)
    done = admitting.through(form, about, lambda: _typed_edit(post, form), lambda typed: _keep(post, form, typed))
    if done is not None:
        drafting.published(DraftKind.EDIT, post.id, body)
    return to_post(done) if isinstance(done, Post) else done


def _typed_edit(post: Post, form: EditForm) -> Typed:
    typed = Typed(
        form.body.data, post_id=post.id, reason=form.reason.data or "", seen=seen_in(post), as_it_is=form.as_it_is
    )
    if not isinstance(form, EditThreadForm):
        return typed
    return replace(typed, title=form.title.data, tags=tuple(form.given), given=tuple(form.given_fields()))


def _keep(post: Post, form: EditForm, typed: Typed) -> Post:
    """Keep what was typed; correcting a slip of the pen at once leaves no trace."""
    me = actor().id or 0
    warned = (form.seen.data or "").startswith(WARNED)
    slip = not typed.reason and not warned and editing_windows.is_slip(post, typed.body, editor_id=me)
    fields = list(typed.given) if isinstance(form, EditThreadForm) else None
    texts = {"body": typed.body, "title": typed.title}
    before = {"body": post.body, "title": post.thread.title if post.opens else ""}
    operations.edit_post(post, editor_id=me, **texts, fields=fields, reason=typed.reason, slip=slip)
    guarding.note(form, post, by_id=me)
    if isinstance(form, EditThreadForm):
        operations.retag(post.thread, form.given)
    kept = measuring.about(actor(), post.author_id)
    if kept is not None and form.named_rule:
        kept.edited(actor(), post, form.named_rule, typed.reason, before)
    return post


def _edit_form(post: Post, draft: drafting.Begun) -> EditForm:
    form = _texts_of(post, draft)
    form.offer_rules(measuring.about(actor(), post.author_id), optional=True)
    return form


def _texts_of(post: Post, draft: drafting.Begun) -> EditForm:
    if not post.opens:
        return EditForm(body=post.body, seen=seen_in(post), **draft.put_back)
    tags, seen = " ".join(post.thread.tags), seen_in(post)
    form = EditThreadForm(body=post.body, title=post.thread.title, tags=tags, seen=seen, **draft.put_back)
    form.about(post.thread, actor()).ask_fields()
    return form


@forum.get("/posts/<int:post_id>/revisions")
@public
def revisions(post_id: int) -> str:
    """How a post came to read as it does."""
    post = readable_post(post_id)
    older, newer = (request.args.get(name, type=int) for name in ("older", "newer"))
    return render_template(
        "forum/revisions.html",
        post=post,
        history=editing_pages.history_of(post, older, newer),
        can_edit=policies.can_edit(actor(), post),
    )


@forum.post("/posts/<int:post_id>/helpful")
@member_required
@limiter.limit("200 per hour")
def helpful(post_id: int) -> WsgiResponse:
    """Find a post helpful, or take that back; `to=on` or `to=off` says which, so that it may be sent twice."""
    post, wanted = readable_post(post_id), request.form.get("to")
    allow(policies.can_vote(actor(), post))
    if wanted != "off" and (refused := vote_limits.refusal(post, member_id=actor().id or 0, helpful=True)):
        flash(str(vote_limits.SAID[refused]), "bad")
        return to_post(post)
    done = wanted != "off" and operations.mark_helpful(post, member_id=actor().id or 0)
    if not done and wanted != "on":
        operations.unmark_helpful(post, member_id=actor().id or 0)
    return to_post(post)


@forum.post("/threads/<int:thread_id>/have-too")
@member_required
@limiter.limit("200 per hour")
def have_too(thread_id: int) -> WsgiResponse:
    """Say that one has the problem too, or take that back; `to=on` or `to=off` says which. Then the form is offered."""
    thread, wanted = living_thread(thread_id), request.form.get("to")
    allow(policies.can_have_too(actor(), thread))
    done = wanted != "off" and operations.have_too(thread, member_id=actor().id or 0)
    if not done and wanted != "on":
        operations.no_longer_have_too(thread, member_id=actor().id or 0)
    return redirect(url_for("forum.thread", thread_id=thread.id, too=1 if done else None, _anchor="too"))


@forum.post("/posts/<int:post_id>/acceptance")
@member_required
def accept(post_id: int) -> WsgiResponse:
    """Accept a reply as the answer."""
    post = readable_post(post_id)
    allow(policies.can_accept(actor(), post.thread) and not post.opens and post.hidden_at is None)
    operations.accept(post.thread, post, by_id=actor().id or 0)
    flash(_("The answer is accepted. Thank you for saying so."), "good")
    return to_thread(post.thread)


@forum.post("/threads/<int:thread_id>/solution/withdrawal")
@member_required
def unaccept(thread_id: int) -> WsgiResponse:
    """Take the accepted answer back."""
    thread = readable_thread(thread_id)
    allow(policies.can_accept(actor(), thread))
    operations.unaccept(thread, by_id=actor().id or 0)
    flash(_("The answer is no longer accepted; the thread is open again."), "good")
    return to_thread(thread)
